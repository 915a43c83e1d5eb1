// Replicated store: any replica takes any change, and the replicas exchange what they have later.
//
// A feed of posts with a count of likes. Whoever is cut off goes on with what is there: answers are
// old, and two replicas may change the same thing at once. When they meet again, either
//
// - last write wins: the value with the later wall clock stays, and the other is gone though its
//   writer was told that it is stored. (So does the DynamoDB service between regions; the paper's
//   Dynamo does not.) Or
// - siblings: version vectors tell whether one writer knew of the other's value. If neither did,
//   both are kept for the next client that reads. It can join the posts; whether one that is
//   missing in one of them is new or was deleted it cannot tell, nor what two totals of likes make.
//   Or
// - types that merge by construction, in whatever order (core/base/mergeable.h).
//
// Source: DeCandia et al., "Dynamo: Amazon's highly available key-value store" (SOSP 2007), 4.4
// and 4.7; Shapiro et al., "Conflict-free replicated data types" (SSS 2011). Simplified: one feed;
// replicas send each other all they have (what hash trees would save: anti_entropy.h); each client
// asks one replica only.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/base/mergeable.h"
#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/stale_reads.h"
#include "core/sim/view.h"

namespace netsplit::replicated_store {

enum class Reconcile : std::uint8_t { last_write_wins, siblings, by_construction };

struct Params {
  Reconcile reconcile = Reconcile::by_construction;
  Time exchange_us = seconds(1);
  Time give_up_us = seconds(2);
  FIELDS(reconcile, exchange_us, give_up_us)
};

struct Feed {
  std::set<std::int64_t> posts;
  std::int64_t likes = 0;
  FIELDS(posts, likes)
};
// What a replica has and sends to others; which part is in use depends on how it reconciles.
struct State {
  std::vector<Version<Feed>> versions;  // more than one: siblings
  ObservedRemoveSet posts;
  PnCounter likes;
  FIELDS(versions, posts, likes)

  void take(const Version<Feed>& version, Reconcile how) {
    if (how == Reconcile::last_write_wins) return keep_last(versions, version);
    keep_concurrent(versions, version);
  }
  void merge(const State& other, Reconcile how) {
    for (const Version<Feed>& version : other.versions) take(version, how);
    posts.merge(other.posts);
    likes.merge(other.likes);
  }
  std::set<std::int64_t> shown() const {
    std::set<std::int64_t> all;
    for (const auto& element : posts.elements) all.insert(element.value);
    for (const auto& one : versions) all.insert(one.value.posts.begin(), one.value.posts.end());
    return all;
  }
};

enum class Kind : std::uint8_t { add, remove, contains, like };

// clang-format off
// Messages. A client reads, changes what it has read, and puts it back; with types that merge by
// construction it sends the change itself.
struct Get { std::uint32_t serial = 0; FIELDS(serial) };
struct Got { std::vector<Version<Feed>> versions; std::uint32_t serial = 0;
             FIELDS(versions, serial) };
struct Put { Feed feed; VersionVector context; std::uint32_t serial = 0;
             FIELDS(feed, context, serial) };
struct Change { Kind kind{}; std::int64_t argument = 0; std::uint32_t serial = 0;
                FIELDS(kind, argument, serial) };
struct Done { std::int64_t result = 0; std::uint32_t serial = 0; FIELDS(result, serial) };
struct Exchange { State state; FIELDS(state) };
using Message = std::variant<Get, Got, Put, Change, Done, Exchange>;

// Timers.
struct ExchangeDue { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };
using Timer = std::variant<ExchangeDue, GiveUp>;

// A person's requests, to a client.
struct AddPost { std::int64_t post = 1; FIELDS(post) };
struct DeletePost { std::int64_t post = 1; FIELDS(post) };
struct LookForPost { std::int64_t post = 1; FIELDS(post) };
struct Like { std::int64_t change = 1; FIELDS(change) };
using Request = std::variant<AddPost, DeletePost, LookForPost, Like>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

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

// Posts that were stored for certain, and that nobody has begun to delete, with their writers.
template <class P>
std::map<std::int64_t, NodeId> stored_posts(const View<P>& view) {
  std::map<std::int64_t, NodeId> posts;
  each_operation(view, "add", [&](const OperationRecord& one) {
    if (one.outcome == Outcome::ok) posts.emplace(one.operation.argument, one.client);
  });
  each_operation(view, "remove",
                 [&](const OperationRecord& one) { posts.erase(one.operation.argument); });
  return posts;
}

// Always: a post whose writer was told that it is stored is on some replica until it is deleted.
template <class P>
Verdict no_lost_write(const View<P>& view) {
  const std::map<std::int64_t, NodeId> stored = stored_posts(view);
  std::set<std::int64_t> shown;
  if (!stored.empty())
    view.template for_each<Replica>(
        [&](NodeId, const Replica& one) { shown.merge(one.disk.state.shown()); });
  for (const auto& [post, writer] : stored)
    if (!shown.contains(post))
      return violated(view.name(writer) + " was told that post " + std::to_string(post) +
                          " is stored, and no replica has it.",
                      {writer});
  return holds();
}

// Finally: what was seen and deleted is nowhere.
template <class P>
Verdict deleted_stays(const View<P>& view) {
  Verdict verdict = holds();
  each_operation(view, "remove", [&](const OperationRecord& removal) {
    const std::int64_t post = removal.operation.argument;
    std::int64_t added = 0;
    each_operation(view, "add",
                   [&](const OperationRecord& one) { added += one.operation.argument == post; });
    if (removal.outcome != Outcome::ok || removal.result == 0 || added != 1) return;
    view.template for_each<Replica>([&](NodeId id, const Replica& one) {
      if (!verdict.holds || !one.disk.state.shown().contains(post)) return;
      verdict = violated(view.name(id) + " has post " + std::to_string(post) + ", which " +
                             view.name(removal.client) + " saw and deleted.",
                         {id, removal.client}, {removal.invoked_event, removal.completed_event});
    });
  });
  return verdict;
}

// Finally: each replica counts the likes that were given.
template <class P>
Verdict likes_counted(const View<P>& view) {
  std::int64_t low = 0, high = 0;  // what is unknown may count or not
  each_operation(view, "like", [&](const OperationRecord& one) {
    const std::int64_t change = one.outcome == Outcome::failed ? 0 : one.operation.argument;
    if (one.outcome == Outcome::ok || change < 0) low += change;
    if (one.outcome == Outcome::ok || change > 0) high += change;
  });
  Verdict verdict = holds();
  view.template for_each<Replica>([&](NodeId id, const Replica& one) {
    std::int64_t likes = one.disk.state.likes.value();
    for (const Version<Feed>& version : one.disk.state.versions)
      likes = std::max(likes, version.value.likes);
    if (!verdict.holds || (likes >= low && likes <= high)) return;
    verdict = violated(view.name(id) + " counts " + std::to_string(likes) + ", and " +
                           std::to_string(low) + " were given.",
                       {id});
  });
  return verdict;
}

// Finally: all replicas have the same.
template <class P>
Verdict converged(const View<P>& view) {
  return of_every_two<Replica>(view, [](const Replica& one, const Replica& other) -> std::string {
    return one.disk.state == other.disk.state ? "" : "do not have the same.";
  });
}

template <class P>
std::int64_t stale_looks(const View<P>& view) {
  std::int64_t count = 0;
  each_operation(view, "contains", [&](const OperationRecord& look) {
    bool stored = false, deleted = false;
    const std::int64_t post = look.operation.argument;
    each_operation(view, "add", [&](const OperationRecord& one) {
      stored |= one.operation.argument == post && one.outcome == Outcome::ok &&
                one.completed_us < look.invoked_us;
    });
    each_operation(view, "remove", [&](const OperationRecord& one) {
      deleted |= one.operation.argument == post && one.invoked_us < look.completed_us;
    });
    count += look.outcome == Outcome::ok && look.result == 0 && stored && !deleted;
  });
  return count;
}

template <class P>
std::int64_t siblings(const View<P>& view) {
  std::size_t most = 0;
  view.template for_each<Replica>(
      [&](NodeId, const Replica& one) { most = std::max(most, one.disk.state.versions.size()); });
  return static_cast<std::int64_t>(most);
}

template <class P>
bool behind(const View<P>& view, NodeId node) {
  const Replica* one = view.template as<Replica>(node);
  if (one == nullptr) return false;
  const std::set<std::int64_t> shown = one->disk.state.shown();
  for (const auto& [post, writer] : stored_posts(view))
    if (!shown.contains(post)) return true;
  return false;
}

struct Protocol {
  using Message = replicated_store::Message;
  using Timer = replicated_store::Timer;
  using Request = replicated_store::Request;
  using Node = std::variant<Replica, Client>;
  using Params = replicated_store::Params;
  static constexpr std::string_view name = "replicated_store";
  static constexpr std::string_view title = "Replicated store";
  static constexpr std::string_view sentence =
      "Any replica takes any change; what two of them changed at once is reconciled later.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::reconcile>(
            "reconcile",
            "What becomes of two values: the later wall clock's stays; both, for a client to "
            "merge; or types that merge by construction."),
        time_parameter<&Params::exchange_us>("exchange", milliseconds(1), hours(1),
                                             "How often replicas send each other what they have."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"no_lost_write", "A post that was stored is on some replica until it is deleted.", always,
         no_lost_write<Protocol>},
        {"deleted_stays", "In the end no post is there that somebody saw and deleted.", finally,
         deleted_stays<Protocol>},
        {"likes_counted", "In the end each replica counts the likes that were given.", finally,
         likes_counted<Protocol>},
        {"converged", "In the end all replicas have the same.", finally, converged<Protocol>},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"available", "Every operation went well.", budget, all_went_well<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"stale_looks", MeterUnit::count, "Looks that missed a post stored before.",
         stale_looks<Protocol>},
        {"siblings", MeterUnit::count, "The most versions that a replica holds side by side.",
         siblings<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {
        {"behind", "How long replicas lacked a post that was stored elsewhere.", behind<Protocol>}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Replica" || b == "Replica";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return std::string(record.operation.name) + " " + std::to_string(record.operation.argument);
  }
};

}  // namespace netsplit::replicated_store
