// A client: reads, changes what it has read and puts it back, or sends the change itself.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/mergeable.h"
#include "core/protocols/replicated_store/replica.h"

namespace netsplit::replicated_store {

struct Client {
  static constexpr Shape shape = Shape::client;
  struct Wish {
    Kind kind{};
    std::int64_t argument = 0;
    FIELDS(kind, argument)
  };
  std::vector<Wish> wishes;  // the first is under way
  Hidden<std::uint32_t> serial;
  bool may_happen = false;     // it has sent what changes something
  Hidden<std::int64_t> found;  // was the post there that it deletes or looks for?

  void on(Ctx& ctx, const AddPost& r) { want(ctx, {Kind::add, r.post}); }
  void on(Ctx& ctx, const DeletePost& r) { want(ctx, {Kind::remove, r.post}); }
  void on(Ctx& ctx, const LookForPost& r) { want(ctx, {Kind::contains, r.post}); }
  void on(Ctx& ctx, const Like& r) { want(ctx, {Kind::like, r.change}); }
  void want(Ctx& ctx, const Wish& wish) {
    wishes.push_back(wish);
    if (wishes.size() == 1) begin(ctx);
  }
  void begin(Ctx& ctx) {
    if (wishes.empty()) return;
    const Wish& wish = wishes.front();
    serial.value = ctx.invoke({enumerator_name_of(wish.kind), 0, wish.argument, 0});
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
    const bool by_construction = ctx.params().reconcile == Reconcile::by_construction;
    may_happen = by_construction && wish.kind != Kind::contains;
    if (!by_construction) return ctx.send(replica(ctx), Get{serial.value});
    ctx.send(replica(ctx), Change{wish.kind, wish.argument, serial.value});
  }
  // The client merges: it joins the posts, and of the likes it can but take the highest.
  void on(Ctx& ctx, NodeId from, const Got& m) {
    if (wishes.empty() || m.serial != serial.value || may_happen) return;
    Feed feed;
    VersionVector context;
    for (const Version<Feed>& one : m.versions) {
      feed.posts.insert(one.value.posts.begin(), one.value.posts.end());
      feed.likes = std::max(feed.likes, one.value.likes);
      merge(context, one.context);
      note(context, one.dot);
    }
    const auto [kind, argument] = wishes.front();
    found.value = feed.posts.contains(argument) ? 1 : 0;
    if (kind == Kind::contains) return finish(ctx, Outcome::ok, found.value);
    if (kind == Kind::add) feed.posts.insert(argument);
    if (kind == Kind::remove) feed.posts.erase(argument);
    if (kind == Kind::like) feed.likes += argument;
    may_happen = true;
    ctx.send(from, Put{feed, context, serial.value});
  }
  void on(Ctx& ctx, NodeId, const Done& m) {
    if (wishes.empty() || m.serial != serial.value) return;
    const bool by_construction = ctx.params().reconcile == Reconcile::by_construction;
    finish(ctx, Outcome::ok, by_construction ? m.result : found.value);
  }
  void on(Ctx& ctx, GiveUp) { finish(ctx, may_happen ? Outcome::unknown : Outcome::failed, 0); }
  void finish(Ctx& ctx, Outcome outcome, std::int64_t result) {
    ctx.complete(serial.value, outcome, result);
    ctx.cancel_timer(GiveUp{});
    may_happen = false;
    found.value = 0;
    wishes.erase(wishes.begin());
    begin(ctx);
  }
  static NodeId replica(Ctx& ctx) {
    const std::vector<NodeId> all = ctx.all<Replica>();
    return all.empty() ? nobody : all[static_cast<std::size_t>(ctx.self().value) % all.size()];
  }
  std::string caption(NodeNames) const { return wishes.empty() ? "" : "waits"; }
  FIELDS(wishes, serial, may_happen, found)
};

}  // namespace netsplit::replicated_store
