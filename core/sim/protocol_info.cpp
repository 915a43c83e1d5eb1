#include "core/sim/protocol_info.h"

namespace netsplit::detail {
namespace {

std::vector<std::string> fields_of(const Schema& group) {
  std::vector<std::string> names;
  for (const Member& member : group.members) names.emplace_back(member.name);
  return names;
}

std::vector<RoleInfo> roles_of(const ProtocolFacts& facts) {
  std::vector<RoleInfo> roles;
  for (std::size_t i = 0; i < facts.shapes.size(); ++i)
    roles.push_back({snake_case(facts.nodes.alternatives[i]->name), facts.shapes[i]});
  return roles;
}

std::vector<TimerInfo> timers_of(const ProtocolFacts& facts) {
  std::vector<TimerInfo> found;
  for (std::size_t i = 0; i < facts.leases.size(); ++i) {
    const Schema& timer = *facts.timers.alternatives[i];
    found.push_back({snake_case(timer.name), facts.leases[i], fields_of(timer)});
  }
  return found;
}

std::vector<RequestInfo> requests_of(const ProtocolFacts& facts,
                                     const std::vector<RoleInfo>& roles) {
  std::vector<RequestInfo> found;
  for (std::size_t i = 0; i < facts.understood.size(); ++i) {
    const Schema& request = *facts.requests.alternatives[i];
    if (request.name == "Never") continue;
    RequestInfo info{snake_case(request.name), fields_of(request), {}};
    for (std::size_t role = 0; role < roles.size(); ++role) {
      if ((facts.understood[i] >> role & 1) != 0) info.roles.push_back(roles[role].name);
    }
    found.push_back(std::move(info));
  }
  return found;
}

}  // namespace

ProtocolInfo describe(const ProtocolFacts& facts, std::vector<ParameterInfo> parameters,
                      std::vector<MeterInfo> meters) {
  ProtocolInfo made;
  made.name = facts.name;
  made.title = facts.title;
  made.sentence = facts.sentence;
  made.roles = roles_of(facts);
  for (const Schema* message : facts.messages.alternatives)
    made.messages.push_back({std::string(message->name)});
  made.timers = timers_of(facts);
  made.requests = requests_of(facts, made.roles);
  made.parameters = std::move(parameters);
  made.meters = std::move(meters);
  return made;
}

}  // namespace netsplit::detail

namespace netsplit {

std::vector<std::string> ProtocolInfo::role_names() const {
  std::vector<std::string> names;
  for (const RoleInfo& role : roles) names.push_back(role.name);
  return names;
}

}  // namespace netsplit
