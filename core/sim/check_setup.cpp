#include "core/sim/check_setup.h"

namespace netsplit {
namespace {

Status in_range(const std::string& path, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value >= low && value <= high) return Done{};
  return Error{path + ": " + std::to_string(value) + " is out of range; expected " +
               std::to_string(low) + " to " + std::to_string(high)};
}

Status time_in_range(const std::string& path, Time value_us, Time low_us, Time high_us) {
  if (value_us >= low_us && value_us <= high_us) return Done{};
  return Error{path + ": " + format_duration(value_us) + " is out of range; expected " +
               format_duration(low_us) + " to " + format_duration(high_us)};
}

// The first fault of several checks.
Status first_of(std::initializer_list<Status> checks) {
  for (const Status& check : checks) {
    if (!check) return check;
  }
  return Done{};
}

bool acts_on_message(Action action) {
  return action == Action::drop || action == Action::duplicate || action == Action::deliver ||
         action == Action::delay || action == Action::alter;
}

// How many groups of nodes an action needs at least, and at most.
std::pair<std::size_t, std::size_t> groups_needed(Action action) {
  switch (action) {
    case Action::cut:
      return {2, 2};
    case Action::heal:
    case Action::link:
      return {0, 2};
    case Action::partition:
      return {1, 31};
    case Action::cut_random:
    case Action::drop:
    case Action::duplicate:
    case Action::deliver:
    case Action::delay:
    case Action::alter:
      return {0, 0};
    default:
      return {1, 1};
  }
}

template <class Infos>
Status known_name(const std::string& what, const std::string& name, const Infos& infos) {
  std::vector<std::string> known;
  for (const auto& info : infos) {
    if (info.name == name) return Done{};
    known.push_back(info.name);
  }
  return Error{"there is no " + what + " \"" + name + "\"; " + expected_names(name, known)};
}

Status check_groups(const Input& input, const Topology& topology) {
  const auto [least, most] = groups_needed(input.action);
  const std::string name(enumerator_name_of(input.action));
  if (input.groups.size() < least || input.groups.size() > most ||
      (least == 0 && most == 2 && input.groups.size() == 1)) {
    return Error{name + ": " + std::to_string(input.groups.size()) + " groups of nodes; expected " +
                 std::to_string(most == 31 ? least : most) + (most == 31 ? " or more" : "")};
  }
  std::vector<bool> seen(static_cast<std::size_t>(topology.node_count()));
  for (const auto& group : input.groups) {
    if (group.empty()) return Error{name + ": a group of nodes is empty; expected at least one"};
    for (const NodeId id : group) {
      if (id.value < 0 || id.value >= topology.node_count()) {
        return Error{name + ": there is no node " + std::to_string(id.value) + "; this run has " +
                     std::to_string(topology.node_count())};
      }
      if (seen[static_cast<std::size_t>(id.value)]) {
        return Error{name + ": \"" + topology.name(id) + "\" is named twice; expected it once"};
      }
      seen[static_cast<std::size_t>(id.value)] = true;
    }
  }
  return Done{};
}

}  // namespace

Status check_link(const LinkSpec& link, const std::string& path) {
  return first_of({
      time_in_range(path + ".latency.base", link.latency.base_us, 0, latency_max_us),
      time_in_range(path + ".latency.spread", link.latency.spread_us, 0, latency_max_us),
      in_range(path + ".loss_ppm", link.loss_ppm, 0, 1'000'000),
      in_range(path + ".duplicate_ppm", link.duplicate_ppm, 0, 1'000'000),
      in_range(path + ".tamper_ppm", link.tamper_ppm, 0, 1'000'000),
      in_range(path + ".bytes_per_second", link.bytes_per_second, 0, 1'000'000'000'000),
      in_range(path + ".nanocents_per_byte", link.nanocents_per_byte, 0, 1'000'000'000),
  });
}

Status check_clock(const ClockSpec& clock, const std::string& path) {
  return first_of({
      in_range(path + ".drift_ppm", clock.drift_ppm, -drift_max_ppm, drift_max_ppm),
      time_in_range(path + ".offset", clock.offset_us, -hours(24 * 365), hours(24 * 365)),
      time_in_range(path + ".ntp_interval", clock.ntp_interval_us, milliseconds(10), hours(24)),
      time_in_range(path + ".ntp_error", clock.ntp_error_us, 0, hours(1)),
  });
}

Status check_input_shape(const Input& input, const Topology& topology,
                         const ProtocolInfo& protocol) {
  const std::string name(enumerator_name_of(input.action));
  Status status = time_in_range(name + ".at", input.at_us, 0, time_max_us);
  if (!status) return status;
  if (!acts_on_message(input.action)) {
    status = check_groups(input, topology);
    if (!status) return status;
  } else {
    for (const NodeId id : {input.message.from, input.message.to}) {
      if (id.value >= topology.node_count())
        return Error{name + ": there is no node " + std::to_string(id.value)};
    }
    if (!input.message.label.empty()) {
      status = known_name("message", input.message.label, protocol.messages);
      if (!status) return Error{name + ".label: " + status.error()};
    }
  }
  switch (input.action) {
    case Action::clock_step:
      return time_in_range(name + ".by", input.duration_us, -hours(24 * 365), hours(24 * 365));
    case Action::delay:
      return time_in_range(name + ".by", input.duration_us, 0, time_max_us / 1000);
    case Action::clock_drift:
      return in_range(name + ".ppm", input.ppm, -drift_max_ppm, drift_max_ppm);
    case Action::cut_random:
      return in_range(name + ".ppm", input.ppm, 0, 1'000'000);
    case Action::link:
      return check_link(input.link, name);
    case Action::fire:
      status = known_name("timer", input.name, protocol.timers);
      break;
    case Action::request:
      status = known_name("request", input.name, protocol.requests);
      break;
    default:
      break;
  }
  return status.ok() ? status : Error{name + ": " + status.error()};
}

Status check_setup(const Setup& setup, const Topology& topology) {
  Status status = first_of({time_in_range("until", setup.until_us, 1, time_max_us / 1000),
                            check_link(setup.network.link, "network")});
  if (!status) return status;
  for (std::size_t i = 0; i < setup.nodes.size(); ++i) {
    status = check_clock(setup.nodes[i].clock, "nodes[" + std::to_string(i) + "].clock");
    if (!status) return status;
  }
  for (std::size_t i = 0; i < setup.links.size(); ++i) {
    const LinkException& link = setup.links[i];
    const std::string path = "links[" + std::to_string(i) + "]";
    for (const NodeId id : {link.from, link.to}) {
      if (id.value < 0 || id.value >= topology.node_count()) {
        return Error{path + ": there is no node " + std::to_string(id.value)};
      }
    }
    if (link.from == link.to) return Error{path + ": a link needs two different nodes"};
    status = check_link(link.link, path);
    if (!status) return status;
  }
  for (std::size_t i = 1; i < setup.script.size(); ++i) {
    if (setup.script[i].at_us < setup.script[i - 1].at_us) {
      return Error{"script[" + std::to_string(i) +
                   "].at: " + format_duration(setup.script[i].at_us) +
                   " is before the input above it; expected them in order of time"};
    }
  }
  return Done{};
}

}  // namespace netsplit
