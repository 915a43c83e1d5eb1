#include "core/check/faults.h"

#include <algorithm>
#include <bit>

#include "core/base/rng.h"

namespace netsplit::check {
namespace {

constexpr std::uint32_t kinds_at_once_max = 5;
constexpr std::uint32_t faults_of_a_kind_max = 4;
constexpr std::int32_t listed_nodes_max = 64;
constexpr Time until_max_us = time_max_us / 1'000;

// How long a message usually takes on the slowest link.
Time slowest_link_us(const Setup& setup) {
  const auto latency = [](const LinkSpec& link) {
    return link.latency.base_us + link.latency.spread_us;
  };
  Time slowest_us = latency(setup.network.link);
  for (const LinkException& one : setup.links) slowest_us = std::max(slowest_us, latency(one.link));
  return slowest_us;
}

class Storm {
 public:
  Storm(const Setup& setup, const FaultPlan& plan, std::uint64_t seed)
      : plan_(plan), usual_(setup), setup_(setup), rng_(seed, 5, 0) {
    setup_.seed = seed;
    // What lay behind the end shall not happen now that the end is later.
    std::erase_if(setup_.script, [&](const Input& one) { return one.at_us > usual_.until_us; });
    setup_.until_us = plan.storm_us + plan.calm_us;
  }

  FaultSet draw_kinds() {
    FaultSet left = plan_.kinds;
    const auto offered = static_cast<std::uint32_t>(std::popcount(left));
    if (offered == 0) return 0;
    FaultSet chosen = 0;
    for (std::uint32_t n = 1 + below(std::min(offered, kinds_at_once_max)); n > 0; --n) {
      FaultSet bits = left;
      for (std::uint32_t skip = below(static_cast<std::uint32_t>(std::popcount(left))); skip > 0;
           --skip) {
        bits &= bits - 1;
      }
      chosen |= bits & (~bits + 1);
      left &= ~chosen;
    }
    return chosen;
  }

  void add(FaultKind kind) {
    if (kind == FaultKind::loss || kind == FaultKind::duplicate || kind == FaultKind::reorder) {
      return spoil_links(kind);
    }
    const std::uint32_t count = 1 + below(faults_of_a_kind_max);
    const Time scale_us = log_uniform(plan_.shortest_us, plan_.longest_us);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Time from_us = rng_.between(0, plan_.storm_us - 1);
      const Time lasts_us = rng_.between(scale_us / 2, scale_us + scale_us / 2);
      const Time to_us = from_us + std::max(lasts_us, plan_.shortest_us);
      add(kind, from_us, to_us);
    }
  }

  Setup finish() {
    calm_down();
    std::stable_sort(setup_.script.begin(), setup_.script.end(),
                     [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
    return std::move(setup_);
  }

 private:
  std::uint32_t below(std::uint32_t n) { return rng_.below(n); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  NodeId any_node() {
    return NodeId{static_cast<std::int32_t>(below(static_cast<std::uint32_t>(plan_.node_count)))};
  }

  // Every doubling between the two is as likely as any other. Requires: 0 < low <= high.
  Time log_uniform(Time low_us, Time high_us) {
    const auto doublings =
        static_cast<std::uint32_t>(std::bit_width(static_cast<std::uint64_t>(high_us / low_us)));
    const Time from_us = low_us << below(doublings);
    return rng_.between(from_us, std::min(2 * from_us, high_us));
  }

  // `count` different nodes, in order.
  std::vector<NodeId> some_nodes(std::int32_t count) {
    std::vector<NodeId> chosen;
    std::int32_t left = count;
    for (std::int32_t i = 0; i < plan_.node_count && left > 0; ++i) {
      if (static_cast<std::int32_t>(below(static_cast<std::uint32_t>(plan_.node_count - i))) <
          left) {
        chosen.push_back(NodeId{i});
        --left;
      }
    }
    return chosen;
  }
  // Mostly one, else a few or all.
  std::vector<NodeId> victims() {
    if (!one_in(4)) return {any_node()};
    return some_nodes(
        1 + static_cast<std::int32_t>(below(static_cast<std::uint32_t>(plan_.node_count))));
  }
  // Some, but not all.
  std::vector<NodeId> one_side() {
    return some_nodes(
        1 + static_cast<std::int32_t>(below(static_cast<std::uint32_t>(plan_.node_count - 1))));
  }

  void put(Input input) { setup_.script.push_back(std::move(input)); }
  void put_end(Input input) {
    if (input.at_us < plan_.storm_us) put(std::move(input));
  }

  void add(FaultKind kind, Time from_us, Time to_us) {
    switch (kind) {
      case FaultKind::partition:
      case FaultKind::one_way:
      case FaultKind::isolate:
      case FaultKind::cut:
        if (plan_.node_count >= 2) add_cut(kind, from_us, to_us);
        return;
      case FaultKind::pause:
      case FaultKind::crash: {
        const bool pause = kind == FaultKind::pause;
        std::vector<NodeId> nodes = victims();
        put(on_nodes(pause ? Action::pause : Action::crash, from_us, nodes));
        put_end(on_nodes(pause ? Action::resume : Action::restart, to_us, std::move(nodes)));
        return;
      }
      case FaultKind::clock_step: {
        Input step = on_nodes(Action::clock_step, from_us, {any_node()});
        step.duration_us = log_uniform(plan_.shortest_us, plan_.jump_us);
        if (one_in(2)) step.duration_us = -step.duration_us;
        return put(std::move(step));
      }
      default: {
        const NodeId node = any_node();
        Input drift = on_nodes(Action::clock_drift, from_us, {node});
        drift.ppm = log_uniform(1'000, 200'000);
        if (one_in(2)) drift.ppm = -drift.ppm;
        put(std::move(drift));
        Input usual = on_nodes(Action::clock_drift, to_us, {node});
        usual.ppm = usual_drift_ppm(node);
        return put_end(std::move(usual));
      }
    }
  }

  void add_cut(FaultKind kind, Time from_us, Time to_us) {
    Input cut;
    cut.at_us = from_us;
    if (kind == FaultKind::cut) {
      cut.action = Action::cut;
      cut.one_way = one_in(2);
      std::vector<NodeId> ends;
      if (plan_.linked.empty()) {
        ends = some_nodes(2);
      } else {
        const auto& pair = plan_.linked[below(static_cast<std::uint32_t>(plan_.linked.size()))];
        ends = {pair.first, pair.second};
      }
      if (one_in(2)) std::swap(ends[0], ends[1]);
      cut.groups = {{ends[0]}, {ends[1]}};
      put(std::move(cut));
      return put_end(on_link(Action::heal, to_us, ends[0], ends[1]));
    }
    if (kind == FaultKind::isolate) {
      cut.action = Action::isolate;
      cut.one_way = one_in(2);
      cut.groups = {{any_node()}};
    } else {
      cut.action = Action::partition;
      cut.one_way = kind == FaultKind::one_way;
      cut.groups = {one_side()};
      const std::vector<NodeId> side = cut.groups[0];
      if (!cut.one_way && side.size() >= 2 && one_in(4)) {
        const auto middle =
            static_cast<std::ptrdiff_t>(1 + below(static_cast<std::uint32_t>(side.size() - 1)));
        cut.groups = {{side.begin(), side.begin() + middle}, {side.begin() + middle, side.end()}};
      }
    }
    put(std::move(cut));
    // Of cuts that overlap, the first that ends heals all: pair by pair would be one entry for each
    // link there is.
    Input heal;
    heal.action = Action::heal;
    heal.at_us = to_us;
    put_end(std::move(heal));
  }

  std::int64_t usual_drift_ppm(NodeId node) const {
    std::int32_t first = 0;
    for (const NodeGroup& group : usual_.nodes) {
      if (node.value < first + group.count) return group.clock.drift_ppm;
      first += group.count;
    }
    return 0;
  }

  // On every link, from the beginning until the calm.
  void spoil_links(FaultKind kind) {
    const auto spoil = [&](auto change) {
      change(setup_.network.link);
      for (LinkException& one : setup_.links) change(one.link);
    };
    links_spoilt_ = true;
    if (kind == FaultKind::reorder) {
      // Some messages are very late. A link that keeps their order still does. The delay is bounded
      // and the calm longer by it: what the storm's last message begins has a whole calm, too.
      const Time spread_us =
          std::min(log_uniform(plan_.shortest_us, plan_.longest_us), latency_max_us);
      setup_.until_us = std::min(setup_.until_us + spread_us, until_max_us);
      return spoil([&](LinkSpec& link) {
        link.latency.model = LatencyModel::uniform;
        link.latency.spread_us = std::max(link.latency.spread_us, spread_us);
      });
    }
    const std::int64_t ppm = log_uniform(10'000, 400'000);
    spoil([&](LinkSpec& link) {
      std::int64_t& own = kind == FaultKind::loss ? link.loss_ppm : link.duplicate_ppm;
      own = std::max(own, ppm);
    });
  }

  void calm_down() {
    bool cut = false;
    std::vector<NodeId> paused, down, drifting;
    for (const Input& input : setup_.script) {
      const auto note = [&](std::vector<NodeId>& nodes) {
        nodes.insert(nodes.end(), input.groups[0].begin(), input.groups[0].end());
      };
      switch (input.action) {
        case Action::cut:
        case Action::partition:
        case Action::isolate:
        case Action::cut_random:
          cut = true;
          break;
        case Action::pause:
          note(paused);
          break;
        case Action::crash:
          note(down);
          break;
        case Action::clock_drift:
          note(drifting);
          break;
        default:
          break;
      }
    }
    if (cut) {
      Input heal;
      heal.action = Action::heal;
      heal.at_us = plan_.storm_us;
      put(std::move(heal));
    }
    if (links_spoilt_) restore_links();
    put_for(Action::resume, paused);
    put_for(Action::restart, down);
    put_usual_drift(drifting);
  }

  static void make_unique(std::vector<NodeId>& nodes) {
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  }
  void put_for(Action action, std::vector<NodeId>& nodes) {
    make_unique(nodes);
    if (!nodes.empty()) put(on_nodes(action, plan_.storm_us, nodes));
  }
  void put_usual_drift(std::vector<NodeId>& nodes) {
    make_unique(nodes);
    for (const NodeId node : nodes) {
      Input usual = on_nodes(Action::clock_drift, plan_.storm_us, {node});
      usual.ppm = usual_drift_ppm(node);
      put(std::move(usual));
    }
  }
  void restore_links() {
    Input all;
    all.action = Action::link;
    all.at_us = plan_.storm_us;
    all.link = usual_.network.link;
    put(std::move(all));
    for (const LinkException& one : usual_.links) {
      Input own = on_link(Action::link, plan_.storm_us, one.from, one.to);
      own.one_way = !one.both_ways;
      own.link = one.link;
      put(std::move(own));
    }
  }

  const FaultPlan& plan_;
  const Setup& usual_;
  Setup setup_;
  Rng rng_;
  bool links_spoilt_ = false;
};

}  // namespace

FaultPlan plan_faults(Session& session, FaultSet kinds) {
  FaultPlan plan;
  plan.kinds = kinds;
  plan.node_count = session.node_count();
  const Setup setup = session.setup();
  while (session.step(nullptr)) {
  }
  // Once nothing happens any more, faults change nothing; but they themselves can make it go on.
  const Time busy_us = session.now_us() + session.now_us() / 2;
  const Time slow_us = slowest_link_us(setup);
  plan.storm_us =
      session.ending() == Ending::quiet ? std::min(busy_us, setup.until_us) : setup.until_us;
  plan.storm_us = std::max<Time>(plan.storm_us, 64);
  plan.shortest_us = std::clamp<Time>(2 * slow_us, 1, plan.storm_us / 4);
  plan.shortest_us = std::max(plan.shortest_us, plan.storm_us / 256);
  plan.longest_us = plan.storm_us - plan.storm_us / 4;

  // What a protocol waits for is among its parameters: leases, retries, timeouts.
  Time waits_us = 0;
  for (std::size_t i = 0; i < session.protocol().parameters.size(); ++i) {
    if (session.protocol().parameters[i].unit != Unit::time) continue;
    waits_us += std::min(session.parameter(static_cast<std::int64_t>(i)), time_max_us / 10'000);
  }
  waits_us = std::min(waits_us, time_max_us / 10'000);
  plan.calm_us =
      std::min(plan.storm_us + 4 * waits_us + 64 * slow_us, until_max_us - plan.storm_us);
  plan.jump_us = std::max(plan.longest_us, std::min(2 * waits_us, hours(24)));
  if (plan.node_count <= listed_nodes_max) {
    for (std::int32_t a = 0; a < plan.node_count; ++a) {
      for (std::int32_t b = a + 1; b < plan.node_count; ++b) {
        if (session.linked(NodeId{a}, NodeId{b})) plan.linked.emplace_back(NodeId{a}, NodeId{b});
      }
    }
  }
  return plan;
}

Setup with_faults(const Setup& setup, const FaultPlan& plan, std::uint64_t seed, FaultSet* drawn) {
  Storm storm(setup, plan, seed);
  const FaultSet kinds = storm.draw_kinds();
  for (std::uint32_t kind = 0; kind < fault_kinds; ++kind) {
    if ((kinds >> kind & 1) != 0) storm.add(static_cast<FaultKind>(kind));
  }
  if (drawn != nullptr) *drawn = kinds;
  return storm.finish();
}

}  // namespace netsplit::check
