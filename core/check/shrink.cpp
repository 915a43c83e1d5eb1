#include "core/check/shrink.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/names.h"

namespace netsplit::check {
namespace {

const PropertyState* find_property(const Session& session, const std::string& name) {
  for (const PropertyState& state : session.properties()) {
    if (state.name == name) return &state;
  }
  return nullptr;
}

// Takes the nodes first .. first + count - 1 out of one group, and out of all that names them.
void remove_nodes(Setup& setup, std::size_t group, std::int32_t first, std::int32_t count) {
  const auto gone = [&](NodeId id) { return id.value >= first && id.value < first + count; };
  const auto renumber = [&](NodeId& id) {
    if (id.value >= first + count) id.value -= count;
  };
  setup.nodes[group].count -= count;
  if (setup.nodes[group].count == 0) {
    setup.nodes.erase(setup.nodes.begin() + static_cast<std::ptrdiff_t>(group));
  }
  std::erase_if(setup.links,
                [&](const LinkException& one) { return gone(one.from) || gone(one.to); });
  for (LinkException& one : setup.links) {
    renumber(one.from);
    renumber(one.to);
  }
  std::erase_if(setup.script, [&](Input& input) {
    if (gone(input.message.from) || gone(input.message.to)) return true;
    renumber(input.message.from);
    renumber(input.message.to);
    for (auto& nodes : input.groups) {
      std::erase_if(nodes, gone);
      if (nodes.empty()) return true;
      for (NodeId& id : nodes) renumber(id);
    }
    return false;
  });
}

class Shrinker {
 public:
  Shrinker(const std::string& property, const MakeSession& make_session, const ShrinkLimits& limits,
           const OnShrink& on_shrink)
      : property_(property), make_(make_session), limits_(limits), on_shrink_(on_shrink) {}

  Result<Shrunk> shrink(const Setup& setup) {
    const Status first = begin(setup);
    if (!first) return Error{first.error()};
    while (round()) {
    }
    return Shrunk{std::move(best_), runs_, !stopped_};
  }

 private:
  Status begin(const Setup& setup);
  bool round();
  bool violates(const Setup& setup);
  bool ends_as_well(const Session& session) const;
  bool accept(Setup candidate);
  // Carries out `change` on a copy of the best; keeps it when the copy still violates.
  template <class Change>
  bool attempt(Change change) {
    Setup candidate = best_;
    change(candidate);
    return accept(std::move(candidate));
  }
  template <class Reach>
  void lower(Reach reach, std::int64_t target, bool is_time);

  void fewer_inputs();
  void shorter();
  void fewer_nodes();
  void usual_parameters();
  void usual_links();
  void lower_link(LinkSpec& (*reach)(Setup&, std::size_t), std::size_t index);
  void plainer_inputs();
  void plainer_input(std::size_t index);
  void smaller_seed();

  const std::string& property_;
  const MakeSession& make_;
  const ShrinkLimits& limits_;
  const OnShrink& on_shrink_;
  Setup best_;
  Time violated_us_ = 0;  // in the best
  PropertyKind kind_{};
  std::unique_ptr<Session> original_;  // at its end
  std::int64_t runs_ = 0;
  bool stopped_ = false;
};

Status Shrinker::begin(const Setup& setup) {
  Result<std::unique_ptr<Session>> made = make_(setup);
  if (!made) return Error{made.error()};
  original_ = std::move(made).value();
  std::vector<std::string> known;
  for (const PropertyState& state : original_->properties()) known.emplace_back(state.name);
  if (find_property(*original_, property_) == nullptr) {
    return Error{"there is no property \"" + property_ + "\"; " + expected_names(property_, known)};
  }
  kind_ = find_property(*original_, property_)->kind;
  if (kind_ == PropertyKind::sometimes) {
    return Error{"\"" + property_ +
                 "\" is a property that must be seen at some time; expected one that a single run "
                 "can violate"};
  }
  original_->run_unrecorded(std::make_shared<const Setup>(setup));
  best_ = setup;
  if (!violates(setup)) {
    return Error{"\"" + property_ + "\" is not violated in this run; expected one where it is"};
  }
  return Done{};
}

bool Shrinker::violates(const Setup& setup) {
  if (stopped_) return false;
  const Result<std::unique_ptr<Session>> made = make_(setup);
  if (!made) return false;
  Session& session = *made.value();
  session.run_unrecorded(std::make_shared<const Setup>(setup));
  ++runs_;
  if (runs_ >= limits_.runs_max || (on_shrink_ && !on_shrink_(runs_, best_))) stopped_ = true;
  const PropertyState& state = *find_property(session, property_);
  if (state.standing != Standing::violated) return false;
  if (kind_ != PropertyKind::always && !ends_as_well(session)) return false;
  violated_us_ = state.first_us;
  return true;
}

// Nothing is worse at its end than at the end of the original. Links are compared where they are
// few enough.
bool Shrinker::ends_as_well(const Session& session) const {
  constexpr std::int32_t links_of_nodes_max = 256;
  if (session.ending() != original_->ending()) return false;
  const std::int32_t count = session.node_count();
  std::vector<NodeId> before;
  for (std::int32_t i = 0; i < count; ++i) {
    const NodeId own = original_->find_node(session.node_name(NodeId{i}));
    if (own == nobody) return false;
    const Condition condition = session.node_condition(NodeId{i});
    if (condition != Condition::up && condition != original_->node_condition(own)) return false;
    before.push_back(own);
  }
  if (count > links_of_nodes_max) return true;
  for (std::int32_t a = 0; a < count; ++a) {
    for (std::int32_t b = 0; b < count; ++b) {
      const NodeId from = before[static_cast<std::size_t>(a)];
      const NodeId to = before[static_cast<std::size_t>(b)];
      if (a == b) continue;
      if (session.link(NodeId{a}, NodeId{b}) == LinkState::cut &&
          original_->link(from, to) != LinkState::cut)
        return false;
      if (session.link_spec(NodeId{a}, NodeId{b}).loss_ppm >
          original_->link_spec(from, to).loss_ppm)
        return false;
    }
  }
  return true;
}

bool Shrinker::accept(Setup candidate) {
  std::stable_sort(candidate.script.begin(), candidate.script.end(),
                   [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
  if (candidate == best_ || !violates(candidate)) return false;
  best_ = std::move(candidate);
  return true;
}

// The number that `reach` finds in a setup, towards the target: there, else half the way again and
// again, else to a round time.
template <class Reach>
void Shrinker::lower(Reach reach, std::int64_t target, bool is_time) {
  const auto set = [&](std::int64_t value) {
    return attempt([&](Setup& setup) { reach(setup) = value; });
  };
  if (reach(best_) == target || set(target)) return;
  while (true) {
    const std::int64_t now = reach(best_);
    const std::int64_t half = now - (now - target) / 2;
    if (half == now || !set(half)) break;
  }
  if (!is_time) return;
  for (const Time unit_us : {seconds(1), milliseconds(100), milliseconds(10), milliseconds(1)}) {
    const std::int64_t now = reach(best_);
    if (now % unit_us == 0 || set(now - now % unit_us)) return;
    if (target > now && set(now - now % unit_us + unit_us)) return;
  }
}

// One pass over everything. True when anything became smaller.
bool Shrinker::round() {
  const Setup before = best_;
  fewer_inputs();
  shorter();
  fewer_nodes();
  usual_parameters();
  usual_links();
  plainer_inputs();
  smaller_seed();
  return !(best_ == before) && !stopped_;
}

// ddmin: leave out one of n parts; when none can go, take parts half as large, down to one input.
void Shrinker::fewer_inputs() {
  std::size_t parts = 1;
  while (!best_.script.empty() && !stopped_) {
    const std::size_t size = best_.script.size();
    parts = std::min(parts, size);
    bool removed = false;
    for (std::size_t part = 0; part < parts && !removed; ++part) {
      const auto begin = static_cast<std::ptrdiff_t>(std::uint64_t{size} * part / parts);
      const auto end = static_cast<std::ptrdiff_t>(std::uint64_t{size} * (part + 1) / parts);
      removed = attempt([&](Setup& setup) {
        setup.script.erase(setup.script.begin() + begin, setup.script.begin() + end);
      });
    }
    if (removed) {
      parts = std::max<std::size_t>(parts - 1, 1);
    } else if (parts == size) {
      break;
    } else {
      parts *= 2;
    }
  }
}

// An *always* is violated at a moment, and what comes after it does not matter. The end stands at
// a round time.
void Shrinker::shorter() {
  constexpr Time unit_us = milliseconds(10);
  if (kind_ != PropertyKind::always) return;
  // The last run may have been one that was not accepted: judge the best once more.
  if (!violates(best_)) return;
  const Time until_us = std::max<Time>((violated_us_ + unit_us - 1) / unit_us, 1) * unit_us;
  if (until_us < best_.until_us) attempt([&](Setup& setup) { setup.until_us = until_us; });
}

// A protocol may count on each of its roles: one node of each stays.
void Shrinker::fewer_nodes() {
  const auto is_last_of_role = [&](std::size_t group, std::int32_t taken) {
    std::int32_t count = -taken;
    for (const NodeGroup& other : best_.nodes) {
      if (other.role == best_.nodes[group].role) count += other.count;
    }
    return count == 0;
  };
  for (std::size_t group = best_.nodes.size(); group-- > 0;) {
    std::int32_t first = 0;
    for (std::size_t i = 0; i < group; ++i) first += best_.nodes[i].count;
    std::int32_t take = best_.nodes[group].count;
    while (take > 0 && group < best_.nodes.size()) {
      const std::int32_t left = best_.nodes[group].count;
      take = std::min(take, left);
      const bool removed = !is_last_of_role(group, take) && attempt([&](Setup& setup) {
        remove_nodes(setup, group, first + left - take, take);
      });
      if (removed && take == left) break;
      if (!removed) take /= 2;
    }
    if (group >= best_.nodes.size()) continue;
    attempt([&](Setup& setup) { setup.nodes[group].clock = ClockSpec{}; });
  }
}

void Shrinker::usual_parameters() {
  const ProtocolInfo& protocol = original_->protocol();
  for (std::size_t i = best_.parameters.size(); i-- > 0;) {
    const bool removed = attempt([&](Setup& setup) {
      setup.parameters.erase(setup.parameters.begin() + static_cast<std::ptrdiff_t>(i));
    });
    if (removed) continue;
    for (const ParameterInfo& info : protocol.parameters) {
      if (info.name != best_.parameters[i].first || info.unit == Unit::choice) continue;
      const auto reach = [i](Setup& setup) -> std::int64_t& { return setup.parameters[i].second; };
      lower(reach, info.usual, info.unit == Unit::time);
    }
  }
}

void Shrinker::usual_links() {
  for (std::size_t i = best_.links.size(); i-- > 0;) {
    const bool removed = attempt([&](Setup& setup) {
      setup.links.erase(setup.links.begin() + static_cast<std::ptrdiff_t>(i));
    });
    if (!removed)
      lower_link([](Setup& setup, std::size_t at) -> LinkSpec& { return setup.links[at].link; }, i);
  }
  if (attempt([](Setup& setup) { setup.network = NetworkSpec{}; })) return;
  lower_link([](Setup& setup, std::size_t) -> LinkSpec& { return setup.network.link; }, 0);
  attempt([](Setup& setup) { setup.network.on_cut = OnCut::lose; });
}

void Shrinker::lower_link(LinkSpec& (*reach)(Setup&, std::size_t), std::size_t index) {
  const LinkSpec usual;
  const auto at = [&](Setup& setup) -> LinkSpec& { return reach(setup, index); };
  attempt([&](Setup& setup) { at(setup).latency.model = LatencyModel::fixed; });
  attempt([&](Setup& setup) { at(setup).fifo = false; });
  const auto number = [&](std::int64_t LinkSpec::*member, std::int64_t target) {
    lower([&](Setup& setup) -> std::int64_t& { return at(setup).*member; }, target, false);
  };
  number(&LinkSpec::loss_ppm, 0);
  number(&LinkSpec::duplicate_ppm, 0);
  number(&LinkSpec::tamper_ppm, 0);
  number(&LinkSpec::bytes_per_second, 0);
  number(&LinkSpec::nanocents_per_byte, 0);
  lower([&](Setup& setup) -> Time& { return at(setup).latency.spread_us; }, 0, true);
  lower([&](Setup& setup) -> Time& { return at(setup).latency.base_us; }, usual.latency.base_us,
        true);
}

void Shrinker::plainer_inputs() {
  for (std::size_t i = 0; i < best_.script.size(); ++i) plainer_input(i);
}

// The order of inputs may change with their times; then the next round sees to what was missed.
void Shrinker::plainer_input(std::size_t index) {
  const auto change = [&](auto what) {
    return attempt([&](Setup& setup) { what(setup.script[index]); });
  };
  change([](Input& input) { input.by_hand = false; });
  change([](Input& input) { input.choices.clear(); });
  change([](Input& input) { input.after_step = -1; });
  for (std::size_t i = best_.script[index].arguments.size(); i-- > 0;) {
    change([i](Input& input) {
      input.arguments.erase(input.arguments.begin() + static_cast<std::ptrdiff_t>(i));
    });
  }
  for (std::size_t group = 0; group < best_.script[index].groups.size(); ++group) {
    for (std::size_t i = best_.script[index].groups[group].size(); i-- > 0;) {
      if (best_.script[index].groups[group].size() < 2) break;
      change([group, i](Input& input) {
        auto& nodes = input.groups[group];
        nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(i));
      });
    }
  }
  const auto number = [&](std::int64_t Input::*member, bool is_time) {
    lower([&](Setup& setup) -> std::int64_t& { return setup.script[index].*member; }, 0, is_time);
  };
  if (best_.script[index].duration_us != 0) number(&Input::duration_us, true);
  if (best_.script[index].ppm != 0) number(&Input::ppm, false);
  for (const Time unit_us : {seconds(1), milliseconds(100), milliseconds(10), milliseconds(1)}) {
    const Time at_us = best_.script[index].at_us;
    if (at_us % unit_us == 0) break;
    if (change([&](Input& input) { input.at_us = at_us - at_us % unit_us; })) break;
  }
}

void Shrinker::smaller_seed() {
  constexpr std::uint64_t seeds_tried = 16;
  for (std::uint64_t seed = 1; seed <= seeds_tried && seed < best_.seed; ++seed) {
    if (attempt([&](Setup& setup) { setup.seed = seed; })) return;
  }
}

}  // namespace

Result<Shrunk> shrink(const Setup& setup, const std::string& property,
                      const MakeSession& make_session, const ShrinkLimits& limits,
                      const OnShrink& on_shrink) {
  return Shrinker(property, make_session, limits, on_shrink).shrink(setup);
}

}  // namespace netsplit::check
