// A protocol for tests of symmetry: voters are asked to vote, a box keeps who did. Counted by hand:
// a voter has not been asked, has a vote under way, or is in the box.
#pragma once

#include <set>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::test::ballot {

struct Params {
  bool has_a_favourite = false;  // the first voter's vote is thrown away
  FIELDS(has_a_favourite)
};

// clang-format off
struct Vote { FIELDS_NONE };
using Message = std::variant<Vote>;
struct Go { FIELDS_NONE };
struct Point { NodeId at; FIELDS(at) };
using Request = std::variant<Go, Point>;
// clang-format on
using Timer = std::variant<Never>;
using Ctx = Context<Message, Timer, Params>;

struct Box {
  static constexpr Shape shape = Shape::storage;
  std::set<NodeId> voted;

  void on(Ctx& ctx, NodeId from, const Vote&);
  std::string caption(NodeNames) const { return ""; }
  FIELDS(voted)
};

struct Voter {
  static constexpr Shape shape = Shape::client;
  NodeId pointed;
  PerNode<std::int64_t> points;

  void on(Ctx& ctx, const Go&) { ctx.send(ctx.first<Box>(), Vote{}); }
  void on(Ctx& ctx, const Point& request) {
    pointed = request.at;
    points.assign(static_cast<std::size_t>(ctx.node_count()), 0);
    points[static_cast<std::size_t>(request.at.value)] = 1;
  }
  std::string caption(NodeNames) const { return ""; }
  FIELDS(pointed, points)
};

inline void Box::on(Ctx& ctx, NodeId from, const Vote&) {
  if (!ctx.params().has_a_favourite || from != ctx.first<Voter>()) voted.insert(from);
}

struct Protocol;
// Not the same for all voters: only the last one may be alone in the box.
inline Verdict last_is_never_alone(const View<Protocol>& view);
inline Verdict all_voted(const View<Protocol>& view);
// Finally, and not the same for all voters.
inline Verdict first_voted(const View<Protocol>& view);

struct Protocol {
  using Message = ballot::Message;
  using Timer = ballot::Timer;
  using Request = ballot::Request;
  using Node = std::variant<Box, Voter>;
  using Params = ballot::Params;
  static constexpr std::string_view name = "ballot";
  static constexpr std::string_view title = "Ballot";
  static constexpr std::string_view sentence = "Voters and a box.";

  static std::vector<Parameter<Params>> parameters() {
    return {flag_parameter<&Params::has_a_favourite>("has_a_favourite", "One vote is lost.")};
  }
  static std::vector<Property<Protocol>> properties() {
    return {{"last_is_never_alone", "The last voter is not the only one in the box.",
             PropertyKind::always, last_is_never_alone},
            {"all_voted", "Everyone has voted.", PropertyKind::sometimes, all_voted},
            {"first_voted", "The first voter has voted.", PropertyKind::finally, first_voted}};
  }
};

inline const std::set<NodeId>& voted(const View<Protocol>& view) {
  return view.as<Box>(NodeId{0})->voted;
}
inline Verdict last_is_never_alone(const View<Protocol>& view) {
  const NodeId last{view.node_count() - 1};
  const std::set<NodeId> alone{last};
  return voted(view) == alone ? violated(view.name(last) + " is alone in the box.", {last})
                              : holds();
}
inline Verdict all_voted(const View<Protocol>& view) {
  const bool all = static_cast<std::int32_t>(voted(view).size()) == view.node_count() - 1;
  return all ? seen("The box has all votes.") : not_seen();
}
inline Verdict first_voted(const View<Protocol>& view) {
  return voted(view).count(NodeId{1}) == 1 ? holds() : violated("The first has not voted.");
}

// A box and voters a, b, c, …, each asked to vote once.
inline Setup setup(int voters) {
  Setup made;
  made.protocol = "ballot";
  made.nodes.push_back({"box", "box", 1, false, {}});
  Input go;
  go.action = Action::request;
  go.name = "go";
  go.groups.emplace_back();
  for (int i = 0; i < voters; ++i) {
    made.nodes.push_back({std::string(1, static_cast<char>('a' + i)), "voter", 1, false, {}});
    go.groups[0].push_back(NodeId{1 + i});
  }
  made.script = {go};
  return made;
}

}  // namespace netsplit::test::ballot
