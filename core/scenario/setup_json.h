// The parts of a setup as JSON: parameters, nodes, clocks, links, script. docs/formats.md describes
// every key; a reader and a writer of the same part stand side by side.
#pragma once

#include <string>
#include <vector>

#include "core/scenario/json_reader.h"
#include "core/scenario/node_index.h"
#include "core/sim/session.h"

namespace netsplit {

// What a script's lines refer to.
struct SetupNames {
  const Setup& setup;
  const ProtocolInfo& protocol;
  NodeIndex nodes;
  // How many nodes all lines may still name together, so that a short file cannot unfold into
  // gigabytes by naming a large group again and again.
  std::int64_t mentions_left = 4 * std::int64_t{nodes_max};

  SetupNames(const Setup& of, const ProtocolInfo& info)
      : setup(of), protocol(info), nodes(of.nodes) {}
};

template <class Info>
std::vector<std::string> names_of(const std::vector<Info>& infos) {
  std::vector<std::string> names;
  for (const Info& info : infos) names.emplace_back(info.name);
  return names;
}

std::int64_t read_parameter(const JsonCursor& at, const ParameterInfo& info);
Json parameter_json(const ParameterInfo& info, std::int64_t value);

std::vector<std::pair<std::string, std::int64_t>> read_parameters(const JsonCursor& at,
                                                                  const ProtocolInfo& protocol);
Json parameters_json(const std::vector<std::pair<std::string, std::int64_t>>& parameters,
                     const ProtocolInfo& protocol);
// Known parameters only, in the protocol's order, without those that have their usual value.
void normalise_parameters(std::vector<std::pair<std::string, std::int64_t>>& parameters,
                          const ProtocolInfo& protocol);

std::vector<NodeGroup> read_nodes(const JsonCursor& at, const ProtocolInfo& protocol);
Json nodes_json(const std::vector<NodeGroup>& nodes);

NetworkSpec read_network(const JsonCursor& at);
Json network_json(const NetworkSpec& network);

// The keys of a link's settings; those that are absent keep what `usual` says.
LinkSpec read_link_spec(const JsonCursor& at, const LinkSpec& usual);
const std::vector<std::string>& link_spec_keys();
void write_link_spec(Json& json, const LinkSpec& link, const LinkSpec& usual);

std::vector<LinkException> read_links(const JsonCursor& at, const SetupNames& names);
Json links_json(const std::vector<LinkException>& links, const SetupNames& names);

NodeId read_node(const JsonCursor& at, const SetupNames& names);

// In the order they apply.
std::vector<Input> read_script(const JsonCursor& at, SetupNames& names);
Json script_json(const std::vector<Input>& script, const SetupNames& names);

// A line of a script without the time at which it applies.
Input read_action(const JsonCursor& line, SetupNames& names);
Json action_json(const Input& input, const SetupNames& names);

}  // namespace netsplit
