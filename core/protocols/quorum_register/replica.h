// A replica: keeps the newest version, and what is meant for another (hinted handoff).
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/protocols/quorum_register/messages.h"

namespace netsplit::quorum_register {

struct Replica {
  static constexpr Shape shape = Shape::storage;

  // What it keeps for a home that could not be reached (hinted handoff).
  struct Kept {
    Cell cell;
    std::int64_t key = 0;
    NodeId home;
    std::uint32_t tag = 0;
    FIELDS(cell, key, home, tag)
  };
  struct Disk {
    std::map<std::int64_t, Cell> cells;  // by key
    std::vector<Kept> kept;
    Hidden<std::uint32_t> tags;
    FIELDS(cells, kept, tags)
  } disk;

  void on(Ctx& ctx, NodeId from, const Ask& m) {
    Cell newest;
    if (const auto at = disk.cells.find(m.key); at != disk.cells.end()) newest = at->second;
    for (const Kept& one : disk.kept)
      if (one.key == m.key && one.cell.is_newer_than(newest)) newest = one.cell;
    ctx.send(from, Held{newest, m.tag});
  }
  // An older version than its own changes nothing, and is as good as stored.
  void on(Ctx& ctx, NodeId from, const Store& m) {
    if (m.home != nobody) {
      keep(m);
      ctx.set_timer(HandOver{}, ctx.params().retry_us);
    } else if (m.cell.is_newer_than(disk.cells[m.key])) {
      disk.cells[m.key] = m.cell;
    }
    ctx.work(ctx.params().sync_us);
    ctx.send(from, Stored{m.tag});
  }
  void keep(const Store& m) {
    const auto same = [&](const Kept& one) { return one.home == m.home && one.key == m.key; };
    const auto known = std::find_if(disk.kept.begin(), disk.kept.end(), same);
    if (known != disk.kept.end() && !m.cell.is_newer_than(known->cell)) return;
    if (known != disk.kept.end()) disk.kept.erase(known);
    disk.kept.push_back({m.cell, m.key, m.home, ++disk.tags.value});
  }
  void on(Ctx& ctx, HandOver) {
    for (const Kept& one : disk.kept) ctx.send(one.home, Store{one.key, one.cell, one.tag, nobody});
    if (!disk.kept.empty()) ctx.set_timer(HandOver{}, ctx.params().retry_us);
  }
  void on(Ctx&, NodeId from, const Stored& m) {
    std::erase_if(disk.kept, [&](const Kept& one) { return one.home == from && one.tag == m.tag; });
  }
  void restart(Ctx& ctx) {
    if (!disk.kept.empty()) on(ctx, HandOver{});
  }

  std::string caption(NodeNames names) const {
    if (!disk.kept.empty()) return "keeps a write for " + name_of(disk.kept.front().home, names);
    std::string text;
    for (const auto& [key, cell] : disk.cells)
      if (cell.value) text += (text.empty() ? "" : " · ") + std::to_string(*cell.value);
    return text.empty() ? "empty" : text;
  }
  FIELDS(disk)
};

}  // namespace netsplit::quorum_register
