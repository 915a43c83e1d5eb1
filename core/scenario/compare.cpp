#include "core/scenario/compare.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/scenario/json_reader.h"
#include "core/scenario/registry.h"

namespace netsplit {
namespace {

std::int64_t value_of(const Setup& setup, const ParameterInfo& info) {
  for (const auto& [name, value] : setup.parameters) {
    if (name == info.name) return value;
  }
  return info.usual;
}

const std::vector<ParameterInfo>& parameters_of(const Setup& setup) {
  const ProtocolEntry* protocol = find_protocol(setup.protocol);
  NETSPLIT_ASSERT(protocol != nullptr);
  return protocol->info->parameters;
}

// Those that have not the same value in both.
std::vector<const ParameterInfo*> differing(const Setup& first, const Setup& other) {
  std::vector<const ParameterInfo*> found;
  for (const ParameterInfo& info : parameters_of(first)) {
    if (value_of(first, info) != value_of(other, info)) found.push_back(&info);
  }
  return found;
}

Status assign(Setup& setup, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    return Error{in_quotes(assignment) + ": expected key=value, such as \"lease=5s\""};
  }
  const std::string name(assignment.substr(0, equals));
  std::vector<std::string> known;
  for (const ParameterInfo& info : parameters_of(setup)) {
    known.emplace_back(info.name);
    if (info.name != name) continue;
    const Result<std::int64_t> value = parse_parameter(info, assignment.substr(equals + 1));
    if (!value) return Error{value.error()};
    std::erase_if(setup.parameters, [&](const auto& one) { return one.first == name; });
    if (value.value() != info.usual) setup.parameters.emplace_back(name, value.value());
    return Done{};
  }
  return Error{"there is no parameter " + in_quotes(name) + "; " + expected_names(name, known)};
}

template <class Row>
Row& row_of(std::vector<Row>& rows, std::string_view name) {
  const auto at =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  if (at != rows.end()) return *at;
  rows.emplace_back();
  rows.back().name = name;
  return rows.back();
}

void add_run(ComparisonTable& table, const Compared& run, std::size_t index, std::size_t count) {
  for (const Reading& reading : read_meters(*run.session, *run.trace)) {
    MeterRow& row = row_of(table.meters, reading.name);
    row.sentence = reading.sentence;
    row.unit = reading.unit;
    row.values.resize(count);
    row.values[index] = reading.value;
  }
  for (const PropertyState& state : run.session->properties()) {
    VerdictRow& row = row_of(table.verdicts, state.name);
    row.sentence = state.sentence;
    row.states.resize(count);
    row.states[index] = &state;
  }
}

}  // namespace

Setup beside(const Setup& first, const Setup& other) {
  const bool same_place = first.protocol == other.protocol && first.nodes == other.nodes;
  Setup setup = other;
  if (same_place && !differing(first, other).empty()) {
    setup = first;
    setup.parameters = other.parameters;
  }
  setup.seed = first.seed;
  return setup;
}

Result<Setup> with_parameters(const Setup& setup, std::string_view assignments) {
  Setup changed = setup;
  while (true) {
    const std::size_t comma = assignments.find(',');
    const Status done = assign(changed, assignments.substr(0, comma));
    if (!done) return Error{done.error()};
    if (comma == std::string_view::npos) return changed;
    assignments.remove_prefix(comma + 1);
  }
}

std::string what_differs(const Setup& first, const Setup& other) {
  if (first.protocol != other.protocol || first.nodes != other.nodes) return {};
  std::string text;
  for (const ParameterInfo* info : differing(first, other)) {
    text += (text.empty() ? "" : ", ") + words(info->name) + " " +
            words(format_parameter(*info, value_of(other, *info)));
  }
  return text;
}

ComparisonTable compare_runs(const std::vector<Compared>& runs) {
  ComparisonTable table;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    table.names.push_back(runs[i].name);
    add_run(table, runs[i], i, runs.size());
  }
  for (MeterRow& row : table.meters) {
    row.differs = std::any_of(row.values.begin(), row.values.end(),
                              [&](const auto& value) { return value != row.values[0]; });
  }
  for (VerdictRow& row : table.verdicts) {
    row.differs = std::any_of(row.states.begin(), row.states.end(), [&](const PropertyState* one) {
      if (one == nullptr || row.states[0] == nullptr) return one != row.states[0];
      return one->standing != row.states[0]->standing;
    });
  }
  return table;
}

std::string verdict_text(const PropertyState& state) {
  std::string text = state.standing == Standing::open    ? "not decided"
                     : state.standing == Standing::holds ? "holds"
                                                         : "violated";
  if (state.kind == PropertyKind::budget && state.standing != Standing::open)
    text += ", " + std::to_string(state.witness.measured);
  if (state.kind == PropertyKind::always && state.standing == Standing::violated)
    text += ", " + format_time_for_people(state.first_us);
  return text;
}

std::string comparison_json(const ComparisonTable& table, const std::vector<Compared>& runs) {
  Json json = Json::object();
  json["runs"] = Json::array();
  for (const Compared& run : runs) {
    json["runs"].push_back({{"name", run.name},
                            {"protocol", run.session->setup().protocol},
                            {"seed", run.session->setup().seed},
                            {"end_us", run.session->now_us()},
                            {"trace_hash", format_hash(run.session->trace_hash())}});
  }
  json["properties"] = Json::array();
  for (const VerdictRow& row : table.verdicts) {
    Json standings = Json::array();
    for (const PropertyState* state : row.states)
      standings.push_back(state == nullptr ? Json() : Json(enumerator_name_of(state->standing)));
    json["properties"].push_back({{"name", row.name},
                                  {"sentence", row.sentence},
                                  {"standings", standings},
                                  {"differs", row.differs}});
  }
  json["meters"] = Json::array();
  for (const MeterRow& row : table.meters) {
    Json values = Json::array();
    for (const auto& value : row.values) values.push_back(value ? Json(*value) : Json());
    json["meters"].push_back({{"name", row.name},
                              {"unit", enumerator_name_of(row.unit)},
                              {"sentence", row.sentence},
                              {"values", values},
                              {"differs", row.differs}});
  }
  return pretty_json(json);
}

}  // namespace netsplit
