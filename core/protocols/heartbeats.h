// Heartbeats: each node says "I am here" to all others, and suspects whom it has not heard of.
//
// Silence has many causes. The other may have crashed, or be slow, or the network between may be
// cut, in both directions or in one: from inside they look alike. So no timeout tells a dead node
// from one out of reach, and in a partition each side suspects the other while both are up. What
// can be had: whoever stays away is suspected in the end, and whoever is back is trusted again.
//
// Two kinds of cuts make nodes contradict each other. A partial one parts two nodes that both reach
// a third; if heartbeats are passed on, all three see the same. A one-way cut lets a node hear
// those who do not hear it; if each says whom it hears, the node learns that it speaks in vain.
//
// Source: Chandra and Toueg, "Unreliable failure detectors for reliable distributed systems" (JACM
// 1996); passing on after van Renesse, Minsky and Hayden, "A gossip-style failure detection
// service" (Middleware 1998); Alfatafta et al., "Toward a generic fault tolerance technique for
// partial network partitioning" (OSDI 2020). Simplified: all nodes are known, one fixed timeout.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::heartbeats {

struct Params {
  Time period_us = milliseconds(400);
  Time timeout_us = milliseconds(1'500);
  bool pass_on = false;
  bool both_ways = false;
  bool forgive = true;
  FIELDS(period_us, timeout_us, pass_on, both_ways, forgive)
};

// clang-format off
// Messages. How many heartbeats of whom the sender knows (without passing on, only its own), and
// whom it does not suspect.
struct Heartbeat { std::map<NodeId, std::int64_t> counts; std::set<NodeId> heard;
                   FIELDS(counts, heard) };
using Message = std::variant<Heartbeat>;

// Timers.
struct BeatDue { FIELDS_NONE };
struct Silence { NodeId of; FIELDS(of) };
using Timer = std::variant<BeatDue, Silence>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Peer {
  static constexpr Shape shape = Shape::server;
  struct Other {
    std::int64_t beats = 0;
    bool silent = false;      // for a whole timeout nothing new was heard of it
    bool deaf_to_me = false;  // it says that it does not hear this node
    FIELDS(beats, silent, deaf_to_me)
  };
  struct Disk {
    std::int64_t beats = 0;  // or after a crash the others would take new ones for old
    FIELDS(beats)
  } disk;
  std::map<NodeId, Other> others;

  void start(Ctx& ctx) {
    for (const NodeId other : ctx.all<Peer>()) {
      if (other == ctx.self()) continue;
      others[other] = {};
      ctx.set_timer(Silence{other}, ctx.params().timeout_us);
    }
    ctx.set_timer(BeatDue{}, 0, ctx.params().period_us);
  }
  void on(Ctx& ctx, BeatDue) {
    Heartbeat beat{{{ctx.self(), ++disk.beats}}, {}};
    for (const auto& [id, other] : others) {
      if (ctx.params().pass_on) beat.counts[id] = other.beats;
      if (!other.silent) beat.heard.insert(id);
    }
    for (const auto& [id, other] : others) ctx.send(id, beat);
    ctx.set_timer(BeatDue{}, ctx.params().period_us);
  }
  void on(Ctx& ctx, NodeId from, const Heartbeat& m) {
    for (const auto& [id, beats] : m.counts) {
      const auto at = others.find(id);
      if (at == others.end() || beats <= at->second.beats) continue;
      at->second.beats = beats;
      if (ctx.params().forgive) at->second.silent = false;
      ctx.set_timer(Silence{id}, ctx.params().timeout_us);
    }
    if (ctx.params().both_ways) others[from].deaf_to_me = !m.heard.contains(ctx.self());
  }
  void on(Ctx&, Silence t) { others[t.of].silent = true; }

  bool suspects(NodeId id) const {
    const auto at = others.find(id);
    return at != others.end() && (at->second.silent || at->second.deaf_to_me);
  }
  std::string caption(NodeNames names) const {
    std::string text;
    for (const auto& [id, other] : others)
      if (suspects(id)) text += (text.empty() ? "suspects " : ", ") + name_of(id, names);
    return text.empty() ? "sees all" : text;
  }
  FIELDS(disk, others)
};

// Whether the node runs, in truth; who is paused does.
template <class P>
bool runs(const View<P>& view, NodeId id) {
  return view.condition(id) == Condition::up || view.condition(id) == Condition::paused;
}

// The first in whom a node that runs is wrong, or nobody. `also_trust`: is it wrong too to trust
// one that is down?
template <class P>
NodeId wrong_about(const View<P>& view, NodeId id, bool also_trust) {
  const Peer* one = view.template as<Peer>(id);
  if (one == nullptr || !runs(view, id)) return nobody;
  for (const auto& [other, seen] : one->others)
    if (one->suspects(other) == runs(view, other) && (also_trust || runs(view, other)))
      return other;
  return nobody;
}
template <class P>
Verdict all_right(const View<P>& view, bool also_trust) {
  Verdict verdict = holds();
  view.template for_each<Peer>([&](NodeId id, const Peer&) {
    const NodeId other = wrong_about(view, id, also_trust);
    if (other == nobody || !verdict.holds) return;
    verdict = violated(
        view.name(id) + (runs(view, other) ? " suspects " + view.name(other) + ", which is up."
                                           : " trusts " + view.name(other) + ", which is down."),
        {id, other});
  });
  return verdict;
}
// Always: nobody is suspected that is up.
template <class P>
Verdict accurate(const View<P>& view) {
  return all_right(view, false);
}
// Finally: each suspects exactly those that are down.
template <class P>
Verdict right_in_the_end(const View<P>& view) {
  return all_right(view, true);
}
// Finally: no two nodes that run differ about a third.
template <class P>
Verdict same_view(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Peer>([&](NodeId a, const Peer& one) {
    view.template for_each<Peer>([&](NodeId b, const Peer& other) {
      if (b <= a || !verdict.holds || !runs(view, a) || !runs(view, b)) return;
      for (const auto& [third, seen] : one.others) {
        if (third == b || one.suspects(third) == other.suspects(third)) continue;
        const bool first = one.suspects(third);
        verdict = violated(view.name(first ? a : b) + " suspects " + view.name(third) + ", " +
                               view.name(first ? b : a) + " does not.",
                           {a, b, third});
      }
    });
  });
  return verdict;
}
// Finally: of two nodes that run, each suspects the other or neither does.
template <class P>
Verdict symmetric(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Peer>([&](NodeId a, const Peer& one) {
    view.template for_each<Peer>([&](NodeId b, const Peer& other) {
      if (!verdict.holds || !runs(view, a) || !runs(view, b)) return;
      if (!one.suspects(b) || other.suspects(a)) return;
      verdict = violated(view.name(a) + " suspects " + view.name(b) + ", which sees nothing amiss.",
                         {a, b});
    });
  });
  return verdict;
}
// How long nodes were wrong about another.
template <class P>
bool is_wrong(const View<P>& view, NodeId id) {
  return wrong_about(view, id, true) != nobody;
}

struct Protocol {
  using Message = heartbeats::Message;
  using Timer = heartbeats::Timer;
  using Request = std::variant<Never>;
  using Node = std::variant<Peer>;
  using Params = heartbeats::Params;
  static constexpr std::string_view name = "heartbeats";
  static constexpr std::string_view title = "Heartbeats";
  static constexpr std::string_view sentence =
      "Each node tells the others that it is there, and suspects whom it has not heard of.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "How often a node says that it is there."),
        time_parameter<&Params::timeout_us>("timeout", milliseconds(1), hours(1),
                                            "After how long a silence it is suspected."),
        flag_parameter<&Params::pass_on>(
            "pass_on", "A heartbeat also tells what its sender has heard of others."),
        flag_parameter<&Params::both_ways>(
            "both_ways", "Who says that it does not hear this node is suspected as well."),
        flag_parameter<&Params::forgive>(
            "forgive", "Who is heard of again is trusted again. Off, a suspicion stays for ever."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"accurate", "No node suspects one that is up.", always, accurate<Protocol>},
        {"right_in_the_end", "In the end each node suspects exactly those that are down.", finally,
         right_in_the_end<Protocol>},
        {"same_view", "In the end no two nodes differ about a third.", finally,
         same_view<Protocol>},
        {"symmetric", "In the end nobody is suspected by one whom it trusts.", finally,
         symmetric<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {{"wrong", "How long nodes were wrong about who is up.", is_wrong<Protocol>}};
  }
};

}  // namespace netsplit::heartbeats
