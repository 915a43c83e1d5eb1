// Gossip: news that spreads like an epidemic, with nobody in charge.
//
// One node has something new; all should have it in the end. To write to everybody (direct mail) is
// cheap, and one lost letter is never made good. In an epidemic each node, round after round, turns
// to one other chosen at random: who has the newer version gives it to the other. Nobody knows who
// is still missing, nobody waits, and it cannot be stopped short: the number of those who know
// grows by a factor in each round, so that about log2 n + ln n rounds reach all of n nodes by push
// (Pittel 1987), and a lost message or a dead node costs a round or so, not the news. Pull is slow
// to begin and quick to end, push the other way round; push-pull has the best of both (Karp and
// others 2000: about log3 n rounds). The price is that it never ends: nodes go on asking when there
// is nothing new. Rumor mongering ends: who has told a few that knew already loses interest. Then
// some may never hear of it (Demers 1987, section 1.4: with k = 1 about a fifth).
//
// Source: Demers and others, "Epidemic algorithms for replicated database maintenance" (PODC 1987).
// Simplified: one value, and its version stands for it; each node knows all others.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::gossip {

enum class Way : std::uint8_t { direct_mail, rumor, push, pull, push_pull };

struct Params {
  Way way = Way::push_pull;
  Time period_us = seconds(1);
  std::int64_t interest = 1;
  FIELDS(way, period_us, interest)
};

// What a node knows: the newest version it has heard of, and who published it. Of two with one
// number that of the later node counts, as everywhere.
struct Known {
  Epoch version;
  NodeId source = nobody;
  std::int64_t age = 0;  // rounds since it was published, as the carriers counted them
  FIELDS(version, source, age)
  bool is_newer_than(const Known& other) const {
    return std::pair(version, source) > std::pair(other.version, other.source);
  }
};

// clang-format off
// Messages.
struct News { Known known; bool exchange = false;  // the other answers with what it has, if newer
              FIELDS(known, exchange) };
struct Ask { Known known; FIELDS(known) };       // "is there anything newer than this?"
struct OldNews { FIELDS_NONE };                  // "I knew"
using Message = std::variant<News, Ask, OldNews>;

// Timers.
struct Round { FIELDS_NONE };
using Timer = std::variant<Round>;

// A person's request: this node has something new.
struct Publish { FIELDS_NONE };
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Peer {
  static constexpr Shape shape = Shape::server;
  enum class State : std::uint8_t { unaware, knows, bored };

  State state = State::unaware;
  struct Disk {
    Known known;
    std::int64_t heard_in_round = 0;  // the age of the news when it came
    FIELDS(known, heard_in_round)
  } disk;
  std::int64_t useless = 0;  // contacts that told nobody anything new, as seen by the one asked

  void start(Ctx& ctx) {
    // Rounds are nobody's clock: each node begins its own at some moment of the first one.
    if (ctx.params().way != Way::direct_mail) ctx.set_timer(Round{}, 0, ctx.params().period_us);
  }
  void restart(Ctx& ctx) {
    state = disk.known.source == nobody ? State::unaware : State::knows;
    start(ctx);
  }

  void on(Ctx& ctx, const Publish&) {
    disk = {{disk.known.version.next(), ctx.self(), 0}, 0};
    state = State::knows;
    if (ctx.params().way != Way::direct_mail) return;
    for (std::int32_t i = 0; i < ctx.node_count(); ++i) {
      if (NodeId{i} != ctx.self()) ctx.send(NodeId{i}, News{disk.known, false});
    }
  }

  void on(Ctx& ctx, Round) {
    ctx.set_timer(Round{}, ctx.params().period_us);
    if (state != State::unaware) ++disk.known.age;
    if (ctx.node_count() < 2) return;
    switch (ctx.params().way) {
      case Way::direct_mail:
        return;
      case Way::rumor:
      case Way::push:
        if (state == State::knows) ctx.send(any_other(ctx), News{disk.known, false});
        return;
      case Way::pull:
        return ctx.send(any_other(ctx), Ask{disk.known});
      case Way::push_pull:
        return ctx.send(any_other(ctx), News{disk.known, true});
    }
  }
  // Whether the other is there nobody knows.
  static NodeId any_other(Ctx& ctx) {
    const auto others = static_cast<std::uint32_t>(ctx.node_count() - 1);
    const auto drawn = static_cast<std::int32_t>(ctx.choose(others));
    return NodeId{drawn + (drawn >= ctx.self().value ? 1 : 0)};
  }

  void on(Ctx& ctx, NodeId from, const News& m) {
    if (m.known.is_newer_than(disk.known)) {
      disk = {m.known, m.known.age};
      state = State::knows;
    } else if (m.exchange && disk.known.is_newer_than(m.known)) {
      ctx.send(from, News{disk.known, false});
    } else {
      ++useless;
      if (ctx.params().way == Way::rumor) ctx.send(from, OldNews{});
    }
  }
  void on(Ctx& ctx, NodeId from, const Ask& m) {
    if (disk.known.is_newer_than(m.known)) return ctx.send(from, News{disk.known, false});
    ++useless;
  }
  void on(Ctx& ctx, NodeId, const OldNews&) {
    if (ctx.chance(1'000'000 / ctx.params().interest)) state = State::bored;
  }

  std::string caption(NodeNames) const {
    if (state == State::unaware) return "has heard nothing";
    if (state == State::bored) return "tells it no more";
    return disk.heard_in_round == 0 ? "was among the first"
                                    : "heard of it in round " + std::to_string(disk.heard_in_round);
  }
  FIELDS(state, disk, useless)
};

struct Protocol;

inline Verdict converged(const View<Protocol>& view);
inline Verdict published(const View<Protocol>& view);
inline Verdict in_few_rounds(const View<Protocol>& view);
inline std::int64_t informed(const View<Protocol>& view);
inline std::int64_t useless_contacts(const View<Protocol>& view);

struct Protocol {
  using Message = gossip::Message;
  using Timer = gossip::Timer;
  using Request = std::variant<Publish>;
  using Node = std::variant<Peer>;
  using Params = gossip::Params;
  static constexpr std::string_view name = "gossip";
  static constexpr std::string_view title = "Gossip";
  static constexpr std::string_view sentence =
      "News spreads from node to node at random, until all have it.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::way>(
            "way",
            "How news travels: one letter to everybody; told at random until it bores; told at "
            "random for ever; asked for at random; or both at each meeting."),
        time_parameter<&Params::period_us>("period", milliseconds(10), hours(1),
                                           "How long a round takes."),
        count_parameter<&Params::interest>("interest", 1, 100,
                                           "Of a rumor: how many who knew already a node tells it "
                                           "to, on average, before it stops."),
    };
  }
  // Whether all know is asked at the end alone: to look at a million nodes takes a while.
  static std::vector<Property<Protocol>> properties() {
    return {
        {"converged", "In the end all nodes that run have the newest version.",
         PropertyKind::finally, converged},
        {"published", "What a node has was published by the node that it names.",
         PropertyKind::finally, published},
        {"in_few_rounds", "Nobody heard of it later than in round 3 log2 n + 3.",
         PropertyKind::budget, in_few_rounds},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"informed", MeterUnit::count, "Nodes that have the newest version.", informed},
        {"useless_contacts", MeterUnit::count, "Contacts that told nobody anything new.",
         useless_contacts},
    };
  }
};

inline Known newest(const View<Protocol>& view) {
  Known found;
  view.for_each<Peer>([&](NodeId, const Peer& peer) {
    if (peer.disk.known.is_newer_than(found)) found = peer.disk.known;
  });
  return found;
}

inline Verdict converged(const View<Protocol>& view) {
  const Known wanted = newest(view);
  std::vector<NodeId> missing;
  view.for_each<Peer>([&](NodeId id, const Peer& peer) {
    const bool runs =
        view.condition(id) == Condition::up || view.condition(id) == Condition::paused;
    if (runs && wanted.is_newer_than(peer.disk.known)) missing.push_back(id);
  });
  if (missing.empty()) return holds();
  const std::string version =
      "version " + std::to_string(wanted.version.value) + " of " + view.name(wanted.source);
  if (missing.size() == 1)
    return violated(view.name(missing[0]) + " has not heard of " + version + ".", missing);
  const std::string others = std::to_string(missing.size() - 1);
  return violated(
      view.name(missing[0]) + " and " + others + " more have not heard of " + version + ".",
      missing);
}

inline Verdict published(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Peer>([&](NodeId id, const Peer& peer) {
    const Known& known = peer.disk.known;
    if (known.source == nobody || !verdict.holds) return;
    const Peer* source = view.as<Peer>(known.source);
    if (source != nullptr && !known.is_newer_than(source->disk.known)) return;
    verdict = violated(view.name(id) + " has version " + std::to_string(known.version.value) +
                           ", which " + view.name(known.source) + " never published.",
                       {id, known.source});
  });
  return verdict;
}

inline Verdict in_few_rounds(const View<Protocol>& view) {
  std::int64_t log2 = 0;
  while ((std::int64_t{1} << log2) < view.node_count()) ++log2;
  std::int64_t last = 0;
  NodeId who = nobody;
  view.for_each<Peer>([&](NodeId id, const Peer& peer) {
    if (peer.disk.heard_in_round <= last) return;
    last = peer.disk.heard_in_round;
    who = id;
  });
  const std::string why = who == nobody ? "Nobody heard of it from another in a later round."
                                        : view.name(who) + " was the last to hear, in round " +
                                              std::to_string(last) + ".";
  return measured(last, 3 * log2 + 3, why);
}

inline std::int64_t informed(const View<Protocol>& view) {
  const Known wanted = newest(view);
  std::int64_t count = 0;
  if (wanted.source == nobody) return count;
  view.for_each<Peer>(
      [&](NodeId, const Peer& peer) { count += wanted.is_newer_than(peer.disk.known) ? 0 : 1; });
  return count;
}

inline std::int64_t useless_contacts(const View<Protocol>& view) {
  std::int64_t count = 0;
  view.for_each<Peer>([&](NodeId, const Peer& peer) { count += peer.useless; });
  return count;
}

}  // namespace netsplit::gossip
