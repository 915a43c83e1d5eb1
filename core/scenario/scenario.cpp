// The scenario as a whole: what stands around the setup, and the keys in their canonical order.
#include "core/scenario/scenario.h"

#include <algorithm>

#include "core/scenario/lesson_json.h"
#include "core/scenario/registry.h"
#include "core/scenario/scenario_json.h"
#include "core/scenario/setup_json.h"

namespace netsplit {
namespace {

constexpr std::size_t id_bytes_max = 64;
constexpr std::int64_t speed_max_ppm = 1'000'000'000'000;

const std::vector<std::string>& scenario_keys() {
  static const std::vector<std::string> keys = {
      "netsplit", "id",       "title",     "chapter", "order", "summary", "protocol", "parameters",
      "nodes",    "network",  "links",     "seed",    "until", "manual",  "script",   "expect",
      "lesson",   "stagings", "positions", "compare", "next",  "speed"};
  return keys;
}

std::string read_id(const JsonCursor& at) {
  const std::string id = at.text(id_bytes_max);
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!plain || id.empty()) at.fail("an id holds lower-case letters, digits and hyphens only");
  return id;
}

// "0.25x" is a quarter of real time.
std::int64_t read_speed(const JsonCursor& at) {
  std::string text = at.text(40);
  const Error wrong{"expected a speed from \"0.000001x\" to \"1000000x\", found " +
                    in_quotes(text)};
  if (text.empty() || text.back() != 'x') {
    at.fail(wrong.message);
    return 1'000'000;
  }
  text.back() = 's';  // a speed in millionths is written as a duration in microseconds is
  const Result<Time> ppm = parse_duration(text);
  if (!ppm || ppm.value() < 1 || ppm.value() > speed_max_ppm) {
    at.fail(wrong.message);
    return 1'000'000;
  }
  return ppm.value();
}

std::string speed_text(std::int64_t speed_ppm) {
  std::string decimals = std::to_string(1'000'000 + speed_ppm % 1'000'000).substr(1);
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  return std::to_string(speed_ppm / 1'000'000) + (decimals.empty() ? "" : ".") + decimals + "x";
}

std::vector<Expectation> read_expect(const JsonCursor& at) {
  std::vector<Expectation> expect;
  for (const auto& [property, value] : at.members()) {
    const std::string standing = value.text(40);
    if (standing != "holds" && standing != "violated") {
      value.fail("expected \"holds\" or \"violated\", found " + in_quotes(standing));
    }
    expect.push_back({property, standing == "holds" ? Standing::holds : Standing::violated});
  }
  return expect;
}

std::vector<Position> read_positions(const JsonCursor& at, const SetupNames& names) {
  std::vector<Position> positions;
  for (const auto& [node, value] : at.members()) {
    if (names.nodes.find(node) == nobody) at.fail(names.nodes.unknown(node).message);
    const auto ends = value.items(2);
    if (ends.size() != 2) value.fail("expected two numbers from 0 to 1000, such as [500, 250]");
    if (at.failed()) break;
    positions.push_back({node, static_cast<std::int32_t>(ends[0].integer(0, 1000)),
                         static_cast<std::int32_t>(ends[1].integer(0, 1000))});
  }
  return positions;
}

void read_around(const JsonCursor& root, SetupNames& names, Scenario& scenario) {
  if (const auto at = root.find("id")) scenario.id = read_id(*at);
  if (const auto at = root.find("title")) scenario.title = at->text(title_bytes_max);
  if (const auto at = root.find("chapter")) scenario.chapter = at->text(title_bytes_max);
  if (const auto at = root.find("order")) {
    scenario.order = static_cast<std::int32_t>(at->integer(0, 9999));
  }
  if (const auto at = root.find("summary")) scenario.summary = at->text(text_bytes_max, true);
  if (const auto at = root.find("expect")) scenario.expect = read_expect(*at);
  if (const auto at = root.find("lesson")) scenario.lesson = read_lesson(*at, names);
  if (const auto at = root.find("stagings")) scenario.stagings = read_stagings(*at, names);
  if (const auto at = root.find("positions")) scenario.positions = read_positions(*at, names);
  if (const auto at = root.find("compare")) scenario.compare = read_id(*at);
  if (const auto at = root.find("next")) scenario.next = read_id(*at);
  if (const auto at = root.find("speed")) scenario.speed_ppm = read_speed(*at);
}

const ProtocolInfo* read_protocol(const JsonCursor& root, Setup& setup) {
  const auto at = root.require("protocol");
  if (!at) return nullptr;
  setup.protocol = at->text(80);
  if (const ProtocolEntry* entry = find_protocol(setup.protocol)) return entry->info;
  std::vector<std::string> known;
  for (const ProtocolEntry& entry : protocols()) known.push_back(entry.info->name);
  at->fail("there is no protocol " + in_quotes(setup.protocol) + "; " +
           expected_names(setup.protocol, known));
  return nullptr;
}

void check_version(const JsonCursor& root) {
  const auto version = root.find("netsplit");
  if (!version) return;
  if (version->integer(1, INT64_MAX) > format_version && !version->failed()) {
    version->fail("this file was made by a later version of Netsplit; this one reads format " +
                  std::to_string(format_version));
  }
}

void read_setup(const JsonCursor& root, const ProtocolInfo& protocol, Setup& setup) {
  if (const auto at = root.find("parameters")) setup.parameters = read_parameters(*at, protocol);
  if (const auto at = root.require("nodes")) setup.nodes = read_nodes(*at, protocol);
  if (const auto at = root.find("network")) setup.network = read_network(*at);
  if (const auto at = root.find("seed")) setup.seed = at->natural();
  if (const auto at = root.find("until")) setup.until_us = at->duration(1, until_max_us);
  if (const auto at = root.find("manual")) setup.manual = at->flag();
}

}  // namespace

Result<Scenario> scenario_of_json(const Json& json, std::string_view where) {
  Fault fault{std::string(where), {}};
  const JsonCursor root(json, "", fault);
  // A file from later is told so before its unknown keys are held against it.
  check_version(root);
  root.only_keys(scenario_keys());
  Scenario scenario;
  const ProtocolInfo* protocol = root.failed() ? nullptr : read_protocol(root, scenario.setup);
  if (protocol != nullptr) read_setup(root, *protocol, scenario.setup);
  if (!root.failed()) {
    SetupNames names(scenario.setup, *protocol);
    if (const auto at = root.find("links")) scenario.setup.links = read_links(*at, names);
    if (const auto at = root.find("script")) scenario.setup.script = read_script(*at, names);
    if (!root.failed()) read_around(root, names, scenario);
  }
  if (root.failed()) return Error{fault.message};
  return scenario;
}

Json scenario_json(const Scenario& scenario) {
  const Setup& setup = scenario.setup;
  const ProtocolEntry* entry = find_protocol(setup.protocol);
  NETSPLIT_ASSERT(entry != nullptr);
  const SetupNames names(setup, *entry->info);
  Json json = Json::object();
  json["netsplit"] = format_version;
  if (!scenario.id.empty()) json["id"] = scenario.id;
  if (!scenario.title.empty()) json["title"] = scenario.title;
  if (!scenario.chapter.empty()) json["chapter"] = scenario.chapter;
  if (scenario.order != 0) json["order"] = scenario.order;
  if (!scenario.summary.empty()) json["summary"] = scenario.summary;
  json["protocol"] = setup.protocol;
  Json parameters = parameters_json(setup.parameters, *entry->info);
  if (!parameters.empty()) json["parameters"] = std::move(parameters);
  json["nodes"] = nodes_json(setup.nodes);
  if (setup.network != NetworkSpec{}) json["network"] = network_json(setup.network);
  if (!setup.links.empty()) json["links"] = links_json(setup.links, names);
  json["seed"] = setup.seed;
  json["until"] = format_duration(setup.until_us);
  if (setup.manual) json["manual"] = true;
  if (!setup.script.empty()) json["script"] = script_json(setup.script, names);
  for (const Expectation& one : scenario.expect) {
    json["expect"][one.property] = one.standing == Standing::holds ? "holds" : "violated";
  }
  if (!scenario.lesson.empty()) json["lesson"] = lesson_json(scenario.lesson, names);
  if (!scenario.stagings.empty()) json["stagings"] = stagings_json(scenario.stagings, names);
  for (const Position& one : scenario.positions) {
    json["positions"][one.node] = Json::array({one.x, one.y});
  }
  if (!scenario.compare.empty()) json["compare"] = scenario.compare;
  if (!scenario.next.empty()) json["next"] = scenario.next;
  if (scenario.speed_ppm != 1'000'000) json["speed"] = speed_text(scenario.speed_ppm);
  return json;
}

Result<Scenario> parse_scenario(std::string_view json, std::string_view where) {
  const Result<Json> parsed = parse_json(json, where);
  if (!parsed) return Error{parsed.error()};
  return scenario_of_json(parsed.value(), where);
}

Result<std::vector<Input>> parse_script(std::string_view json, std::string_view where,
                                        const Setup& setup) {
  const ProtocolEntry* entry = find_protocol(setup.protocol);
  NETSPLIT_ASSERT(entry != nullptr);
  const Result<Json> parsed = parse_json(json, where);
  if (!parsed) return Error{parsed.error()};
  Fault fault{std::string(where), {}};
  SetupNames names(setup, *entry->info);
  std::vector<Input> script = read_script(JsonCursor(parsed.value(), "script", fault), names);
  if (!fault.message.empty()) return Error{fault.message};
  return script;
}

std::string write_scenario(const Scenario& scenario) {
  return pretty_json(scenario_json(scenario));
}

std::string write_script(const std::vector<Input>& script, const Setup& setup) {
  const ProtocolEntry* entry = find_protocol(setup.protocol);
  NETSPLIT_ASSERT(entry != nullptr);
  return pretty_json(script_json(script, SetupNames(setup, *entry->info)));
}

}  // namespace netsplit
