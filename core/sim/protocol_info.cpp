#include "core/sim/protocol_info.h"

namespace netsplit::detail {
namespace {

std::vector<std::string> fields_of(const Schema& group) {
  std::vector<std::string> names;
  for (const Member& member : group.members) names.emplace_back(member.name);
  return names;
}

}  // namespace

std::vector<RoleInfo> roles_of(const Schema& nodes, std::span<const Shape> shapes) {
  std::vector<RoleInfo> roles;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    roles.push_back({snake_case(nodes.alternatives[i]->name), shapes[i]});
  return roles;
}

std::vector<MessageInfo> messages_of(const Schema& messages) {
  std::vector<MessageInfo> found;
  for (const Schema* message : messages.alternatives) found.push_back({std::string(message->name)});
  return found;
}

std::vector<TimerInfo> timers_of(const Schema& timers, std::span<const bool> leases) {
  std::vector<TimerInfo> found;
  for (std::size_t i = 0; i < leases.size(); ++i) {
    const Schema& timer = *timers.alternatives[i];
    found.push_back({snake_case(timer.name), leases[i], fields_of(timer)});
  }
  return found;
}

std::vector<RequestInfo> requests_of(const Schema& requests,
                                     std::span<const std::uint32_t> understood,
                                     const std::vector<RoleInfo>& roles) {
  std::vector<RequestInfo> found;
  for (std::size_t i = 0; i < understood.size(); ++i) {
    const Schema& request = *requests.alternatives[i];
    if (request.name == "Never") continue;
    RequestInfo info{snake_case(request.name), fields_of(request), {}};
    for (std::size_t role = 0; role < roles.size(); ++role) {
      if ((understood[i] >> role & 1) != 0) info.roles.push_back(roles[role].name);
    }
    found.push_back(std::move(info));
  }
  return found;
}

}  // namespace netsplit::detail
