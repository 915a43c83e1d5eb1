// PHOLD, the usual yardstick of event simulators: every node starts with some balls, and whoever
// gets one throws it at once to a node chosen at random. Nothing else happens, so that what is
// measured is the engine. With an exponential latency the number of pending events is constant.
//
// Source: Fujimoto, "Performance of Time Warp under synthetic workloads" (1990).
// Simplified: no computation at a node, and no node throws to itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/setup.h"
#include "core/sim/view.h"

namespace netsplit::phold {

struct Params {
  std::int64_t balls = 1;
  FIELDS(balls)
};

struct Ball {
  FIELDS_NONE
};
using Message = std::variant<Ball>;
using Timer = std::variant<Never>;
using Request = std::variant<Never>;
using Ctx = Context<Message, Timer, Params>;

struct Peer {
  static constexpr Shape shape = Shape::server;
  std::int64_t caught = 0;

  void start(Ctx& ctx) {
    for (std::int64_t i = 0; i < ctx.params().balls; ++i) throw_one(ctx);
  }
  void on(Ctx& ctx, NodeId, const Ball&) {
    ++caught;
    throw_one(ctx);
  }
  void throw_one(Ctx& ctx) const {
    const auto others = static_cast<std::uint32_t>(ctx.node_count() - 1);
    const auto next = static_cast<std::int32_t>(ctx.choose(others));
    ctx.send(NodeId{next < ctx.self().value ? next : next + 1}, Ball{});
  }
  FIELDS(caught)
};

struct Protocol;
inline Verdict conserved(const View<Protocol>& view);

struct Protocol {
  using Message = phold::Message;
  using Timer = phold::Timer;
  using Request = phold::Request;
  using Node = std::variant<Peer>;
  using Params = phold::Params;
  static constexpr std::string_view name = "phold";
  static constexpr std::string_view title = "PHOLD";
  static constexpr std::string_view sentence = "Every ball that is caught is thrown on at random.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        count_parameter<&Params::balls>("balls", 1, 100, "How many balls each peer starts with."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"conserved", "At the end as many balls are in the air as there were at the start.",
         PropertyKind::finally, conserved},
    };
  }
};

inline Verdict conserved(const View<Protocol>& view) {
  std::int64_t in_the_air = 0;
  view.for_each_message<Ball>([&](NodeId, NodeId, const Ball&) { ++in_the_air; });
  const std::int64_t started = view.node_count() * view.params().balls;
  if (in_the_air == started) return holds();
  return violated(std::to_string(in_the_air) + " balls are in the air instead of " +
                  std::to_string(started) + ".");
}

// Requires: node_count >= 2.
inline Setup setup(std::int32_t node_count, std::uint64_t seed = 1) {
  Setup made;
  made.protocol = "phold";
  made.seed = seed;
  made.nodes.push_back({"peer", "peer", node_count, false, {}});
  made.network.link.latency = {LatencyModel::exponential, 0, seconds(1)};
  made.until_us = seconds(1'000'000);
  return made;
}

}  // namespace netsplit::phold
