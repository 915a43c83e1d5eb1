// Names the instances that it has heard of lately.
#pragma once

#include <map>
#include <string>

#include "core/protocols/name_service/messages.h"

namespace netsplit::name_service {

struct NameService {
  static constexpr Shape shape = Shape::coordinator;
  struct Entry {
    std::int64_t number = 0;
    bool serving = false;
    std::int64_t missed = 0;  // checks since it was last heard
    FIELDS(number, serving, missed)
  };
  struct Disk {
    std::map<NodeId, Entry> entries;
    FIELDS(entries)
  } disk;

  void start(Ctx& ctx) {
    if (ctx.params().health_checks) ctx.set_timer(Check{}, ctx.params().beat_us);
  }
  void on(Ctx& ctx, NodeId from, const Here& m) {
    Entry& entry = disk.entries[from];
    if (m.number > entry.number) entry = {m.number, m.serving, 0};
    if (!m.serving) ctx.send(from, Noted{m.number});
  }
  void on(Ctx& ctx, Check) {
    bool any = false;
    for (auto& [node, entry] : disk.entries) {
      if (++entry.missed > 2) entry.serving = false;
      any = any || entry.serving;
    }
    if (any) ctx.set_timer(Check{}, ctx.params().beat_us);
  }
  void on(Ctx& ctx, NodeId from, const Where&) {
    There answer;
    for (const auto& [node, entry] : disk.entries) {
      if (entry.serving) answer.addresses.push_back(node);
    }
    ctx.send(from, answer);
  }
  std::string caption(NodeNames names) const {
    std::string text = "names";
    for (const auto& [node, entry] : disk.entries) {
      if (entry.serving) text += " " + name_of(node, names);
    }
    return text;
  }
  FIELDS(disk)
};

}  // namespace netsplit::name_service
