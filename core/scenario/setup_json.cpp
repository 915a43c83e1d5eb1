#include "core/scenario/setup_json.h"

#include <algorithm>

namespace netsplit {
namespace {

constexpr std::size_t node_groups_max = 10'000;
constexpr std::size_t links_max = 100'000;
constexpr Time clock_offset_max_us = hours(24) * 365;
constexpr std::int64_t million = 1'000'000;
// Above any real link, and far below what a product of two such numbers could overflow.
constexpr std::int64_t bytes_per_second_max = 1'000'000'000'000;
constexpr std::int64_t nanocents_per_byte_max = 1'000'000'000;

Latency read_latency(const JsonCursor& at) {
  Latency latency;
  if (at.json().is_string() || at.json().is_number()) {
    latency.base_us = at.duration(0, latency_max_us);
    return latency;
  }
  static const std::vector<std::string> keys = {"model", "base", "spread"};
  at.only_keys(keys);
  if (const auto model = at.require("model")) latency.model = model->choice<LatencyModel>();
  if (const auto base = at.require("base")) latency.base_us = base->duration(0, latency_max_us);
  if (const auto spread = at.find("spread")) {
    latency.spread_us = spread->duration(0, latency_max_us);
  }
  return latency;
}

Json latency_json(const Latency& latency) {
  if (latency.model == LatencyModel::fixed && latency.spread_us == 0) {
    return format_duration(latency.base_us);
  }
  Json json = Json::object();
  json["model"] = enumerator_name_of(latency.model);
  json["base"] = format_duration(latency.base_us);
  if (latency.spread_us != 0) json["spread"] = format_duration(latency.spread_us);
  return json;
}

ClockSpec read_clock(const JsonCursor& at) {
  static const std::vector<std::string> keys = {"drift_ppm", "offset", "ntp", "ntp_interval",
                                                "ntp_error"};
  at.only_keys(keys);
  ClockSpec clock;
  if (const auto drift = at.find("drift_ppm")) {
    clock.drift_ppm = drift->integer(-drift_max_ppm, drift_max_ppm);
  }
  if (const auto offset = at.find("offset")) {
    clock.offset_us = offset->duration(-clock_offset_max_us, clock_offset_max_us);
  }
  if (const auto ntp = at.find("ntp")) clock.ntp = ntp->flag();
  if (const auto interval = at.find("ntp_interval")) {
    clock.ntp_interval_us = interval->duration(milliseconds(10), hours(24));
  }
  if (const auto error = at.find("ntp_error")) clock.ntp_error_us = error->duration(0, hours(1));
  return clock;
}

Json clock_json(const ClockSpec& clock) {
  const ClockSpec usual;
  Json json = Json::object();
  if (clock.drift_ppm != usual.drift_ppm) json["drift_ppm"] = clock.drift_ppm;
  if (clock.offset_us != usual.offset_us) json["offset"] = format_duration(clock.offset_us);
  if (clock.ntp != usual.ntp) json["ntp"] = clock.ntp;
  if (clock.ntp_interval_us != usual.ntp_interval_us) {
    json["ntp_interval"] = format_duration(clock.ntp_interval_us);
  }
  if (clock.ntp_error_us != usual.ntp_error_us) {
    json["ntp_error"] = format_duration(clock.ntp_error_us);
  }
  return json;
}

std::string read_node_name(const JsonCursor& at) {
  std::string name = at.text(40);
  const bool readable = !name.empty() && name.front() != ' ' && name.back() != ' ' &&
                        name.find("..") == std::string::npos;
  if (!readable) at.fail("a node's name is not empty and holds no \"..\" or outer spaces");
  return name;
}

NodeGroup read_node_group(const JsonCursor& at, const std::vector<std::string>& roles) {
  static const std::vector<std::string> keys = {"name", "role", "count", "joins_later", "clock"};
  at.only_keys(keys);
  NodeGroup group;
  if (const auto name = at.require("name")) group.name = read_node_name(*name);
  if (const auto role = at.require("role")) {
    group.role = role->text(80);
    if (std::find(roles.begin(), roles.end(), group.role) == roles.end()) {
      role->fail("there is no role " + in_quotes(group.role) + "; " +
                 expected_names(group.role, roles));
    }
  }
  if (const auto count = at.find("count")) {
    group.count = static_cast<std::int32_t>(count->integer(1, nodes_max));
  }
  if (const auto later = at.find("joins_later")) group.joins_later = later->flag();
  if (const auto clock = at.find("clock")) group.clock = read_clock(*clock);
  return group;
}

}  // namespace

std::int64_t read_parameter(const JsonCursor& at, const ParameterInfo& info) {
  if (at.json().is_boolean() && info.unit == Unit::flag) return at.flag() ? 1 : 0;
  const bool is_number = info.unit == Unit::count || info.unit == Unit::ppm;
  if (is_number && !at.json().is_string()) return at.integer(info.low, info.high);
  const Result<std::int64_t> value = parse_parameter(info, at.text(80));
  if (value) return value.value();
  at.fail(value.error());
  return info.usual;
}

Json parameter_json(const ParameterInfo& info, std::int64_t value) {
  if (info.unit == Unit::flag) return value != 0;
  if (info.unit == Unit::count || info.unit == Unit::ppm) return value;
  return format_parameter(info, value);
}

std::vector<std::pair<std::string, std::int64_t>> read_parameters(const JsonCursor& at,
                                                                  const ProtocolInfo& protocol) {
  std::vector<std::pair<std::string, std::int64_t>> parameters;
  const std::vector<std::string> known = names_of(protocol.parameters);
  for (const auto& [name, value] : at.members()) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      at.fail("there is no parameter " + in_quotes(name) + "; " + expected_names(name, known));
      break;
    }
    const auto index = static_cast<std::size_t>(found - known.begin());
    parameters.emplace_back(name, read_parameter(value, protocol.parameters[index]));
  }
  normalise_parameters(parameters, protocol);
  return parameters;
}

void normalise_parameters(std::vector<std::pair<std::string, std::int64_t>>& parameters,
                          const ProtocolInfo& protocol) {
  std::vector<std::pair<std::string, std::int64_t>> normal;
  for (const ParameterInfo& info : protocol.parameters) {
    for (const auto& [name, value] : parameters) {
      if (name == info.name && value != info.usual) normal.emplace_back(name, value);
    }
  }
  parameters = std::move(normal);
}

Json parameters_json(const std::vector<std::pair<std::string, std::int64_t>>& parameters,
                     const ProtocolInfo& protocol) {
  auto normal = parameters;
  normalise_parameters(normal, protocol);
  Json json = Json::object();
  for (const ParameterInfo& info : protocol.parameters) {
    for (const auto& [name, value] : normal) {
      if (name == info.name) json[name] = parameter_json(info, value);
    }
  }
  return json;
}

std::vector<NodeGroup> read_nodes(const JsonCursor& at, const ProtocolInfo& protocol) {
  const std::vector<std::string> roles = names_of(protocol.roles);
  std::vector<NodeGroup> groups;
  for (const JsonCursor& item : at.items(node_groups_max)) {
    groups.push_back(read_node_group(item, roles));
    if (at.failed()) return groups;
  }
  if (groups.empty()) at.fail("expected at least one node");
  const Status distinct = NodeIndex::check(groups);
  if (!distinct) at.fail(distinct.error());
  return groups;
}

Json nodes_json(const std::vector<NodeGroup>& nodes) {
  Json json = Json::array();
  for (const NodeGroup& group : nodes) {
    Json item = Json::object();
    item["name"] = group.name;
    item["role"] = group.role;
    if (group.count != 1) item["count"] = group.count;
    if (group.joins_later) item["joins_later"] = true;
    if (group.clock != ClockSpec{}) item["clock"] = clock_json(group.clock);
    json.push_back(std::move(item));
  }
  return json;
}

const std::vector<std::string>& link_spec_keys() {
  static const std::vector<std::string> keys = {"latency",           "loss_ppm", "duplicate_ppm",
                                                "tamper_ppm",        "fifo",     "bytes_per_second",
                                                "nanocents_per_byte"};
  return keys;
}

LinkSpec read_link_spec(const JsonCursor& at, const LinkSpec& usual) {
  LinkSpec link = usual;
  if (const auto latency = at.find("latency")) link.latency = read_latency(*latency);
  if (const auto ppm = at.find("loss_ppm")) link.loss_ppm = ppm->integer(0, million);
  if (const auto ppm = at.find("duplicate_ppm")) link.duplicate_ppm = ppm->integer(0, million);
  if (const auto ppm = at.find("tamper_ppm")) link.tamper_ppm = ppm->integer(0, million);
  if (const auto fifo = at.find("fifo")) link.fifo = fifo->flag();
  if (const auto rate = at.find("bytes_per_second")) {
    link.bytes_per_second = rate->integer(0, bytes_per_second_max);
  }
  if (const auto price = at.find("nanocents_per_byte")) {
    link.nanocents_per_byte = price->integer(0, nanocents_per_byte_max);
  }
  return link;
}

void write_link_spec(Json& json, const LinkSpec& link, const LinkSpec& usual) {
  if (link.latency != usual.latency) json["latency"] = latency_json(link.latency);
  if (link.loss_ppm != usual.loss_ppm) json["loss_ppm"] = link.loss_ppm;
  if (link.duplicate_ppm != usual.duplicate_ppm) json["duplicate_ppm"] = link.duplicate_ppm;
  if (link.tamper_ppm != usual.tamper_ppm) json["tamper_ppm"] = link.tamper_ppm;
  if (link.fifo != usual.fifo) json["fifo"] = link.fifo;
  if (link.bytes_per_second != usual.bytes_per_second) {
    json["bytes_per_second"] = link.bytes_per_second;
  }
  if (link.nanocents_per_byte != usual.nanocents_per_byte) {
    json["nanocents_per_byte"] = link.nanocents_per_byte;
  }
}

NetworkSpec read_network(const JsonCursor& at) {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> all = link_spec_keys();
    all.emplace_back("on_cut");
    return all;
  }();
  at.only_keys(keys);
  NetworkSpec network;
  network.link = read_link_spec(at, LinkSpec{});
  if (const auto on_cut = at.find("on_cut")) network.on_cut = on_cut->choice<OnCut>();
  return network;
}

Json network_json(const NetworkSpec& network) {
  Json json = Json::object();
  write_link_spec(json, network.link, LinkSpec{});
  if (network.on_cut != OnCut{}) json["on_cut"] = enumerator_name_of(network.on_cut);
  return json;
}

NodeId read_node(const JsonCursor& at, const SetupNames& names) {
  const std::string name = at.text(80);
  const NodeId id = names.nodes.find(name);
  if (id == nobody) at.fail(names.nodes.unknown(name).message);
  return id;
}

std::vector<LinkException> read_links(const JsonCursor& at, const SetupNames& names) {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> all = {"between", "from", "to"};
    all.insert(all.end(), link_spec_keys().begin(), link_spec_keys().end());
    return all;
  }();
  std::vector<LinkException> links;
  for (const JsonCursor& item : at.items(links_max)) {
    if (at.failed()) break;
    item.only_keys(keys);
    LinkException link;
    if (const auto between = item.find("between")) {
      const auto ends = between->items(2);
      if (ends.size() != 2) between->fail("expected two nodes");
      if (item.find("from") || item.find("to")) {
        item.fail("expected either \"between\", or \"from\" and \"to\"");
      }
      if (at.failed()) break;
      link.from = read_node(ends[0], names);
      link.to = read_node(ends[1], names);
    } else {
      link.both_ways = false;
      if (const auto from = item.require("from")) link.from = read_node(*from, names);
      if (const auto to = item.require("to")) link.to = read_node(*to, names);
    }
    if (link.from == link.to) item.fail("a link joins two different nodes");
    link.link = read_link_spec(item, names.setup.network.link);
    links.push_back(std::move(link));
  }
  return links;
}

Json links_json(const std::vector<LinkException>& links, const SetupNames& names) {
  Json json = Json::array();
  for (const LinkException& link : links) {
    Json item = Json::object();
    const std::string from = names.nodes.name(link.from);
    const std::string to = names.nodes.name(link.to);
    if (link.both_ways) {
      item["between"] = Json::array({from, to});
    } else {
      item["from"] = from;
      item["to"] = to;
    }
    write_link_spec(item, link.link, names.setup.network.link);
    json.push_back(std::move(item));
  }
  return json;
}

}  // namespace netsplit
