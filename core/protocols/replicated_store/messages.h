// Parameters, what replicas have, and messages.
#pragma once

#include <set>
#include <vector>

#include "core/base/mergeable.h"
#include "core/sim/protocol.h"
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

}  // namespace netsplit::replicated_store
