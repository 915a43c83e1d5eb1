// A replica: takes what comes, and exchanges what it has with the others.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/base/mergeable.h"
#include "core/protocols/replicated_store/messages.h"

namespace netsplit::replicated_store {

struct Replica {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    State state;
    std::int64_t changes = 0;
    std::map<NodeId, std::uint32_t> served;  // the last change of each client, which comes once
    FIELDS(state, changes, served)
  } disk;

  void start(Ctx& ctx) { ctx.set_timer(ExchangeDue{}, 0, ctx.params().exchange_us); }

  void on(Ctx& ctx, NodeId from, const Get& m) {
    ctx.send(from, Got{disk.state.versions, m.serial});
  }
  void on(Ctx& ctx, NodeId from, const Put& m) {
    if (is_new(from, m.serial))
      disk.state.take({m.feed, ctx.wall_clock(), next(ctx), m.context}, ctx.params().reconcile);
    ctx.send(from, Done{0, m.serial});
  }
  void on(Ctx& ctx, NodeId from, const Change& m) {
    State& state = disk.state;
    const std::int64_t found = state.posts.contains(m.argument) ? 1 : 0;
    if (m.kind != Kind::contains && is_new(from, m.serial)) {
      if (m.kind == Kind::add) state.posts.add(m.argument, next(ctx));
      if (m.kind == Kind::remove) state.posts.remove(m.argument);
      if (m.kind == Kind::like) state.likes.add(ctx.self(), m.argument);
    }
    ctx.send(from, Done{found, m.serial});
  }
  bool is_new(NodeId client, std::uint32_t serial) {
    if (serial <= disk.served[client]) return false;
    disk.served[client] = serial;
    return true;
  }
  Dot next(Ctx& ctx) { return {ctx.self(), ++disk.changes}; }

  // Anti-entropy.
  void on(Ctx& ctx, ExchangeDue) {
    for (const NodeId other : ctx.all<Replica>())
      if (other != ctx.self()) ctx.send(other, Exchange{disk.state});
    ctx.set_timer(ExchangeDue{}, ctx.params().exchange_us);
  }
  void on(Ctx& ctx, NodeId, const Exchange& m) {
    disk.state.merge(m.state, ctx.params().reconcile);
  }

  static std::string listed(const std::set<std::int64_t>& posts, std::int64_t likes) {
    std::string text;
    for (const std::int64_t post : posts) text += (text.empty() ? "" : " ") + std::to_string(post);
    if (text.empty()) text = "no posts";
    return likes == 0 ? text : text + ", likes " + std::to_string(likes);
  }
  std::string caption(NodeNames) const {
    std::string text;
    for (const Version<Feed>& one : disk.state.versions)
      text += (text.empty() ? "" : " | ") + listed(one.value.posts, one.value.likes);
    if (!text.empty()) return text;
    return listed(disk.state.shown(), disk.state.likes.value());
  }
  FIELDS(disk)
};

}  // namespace netsplit::replicated_store
