// Whether the reader has done what a step asks for. What counts is what came about, not how: a
// link is cut by the knife, by a partition or by isolating one of its ends.
#include <algorithm>

#include "core/scenario/lesson.h"
#include "core/scenario/report.h"

namespace netsplit {
namespace {

bool holds_node(const std::vector<NodeId>& nodes, NodeId id) {
  return std::find(nodes.begin(), nodes.end(), id) != nodes.end();
}

// Which side of a partition the node is on; nodes that are not named form the last one.
std::size_t side_of(const Input& partition, NodeId id) {
  for (std::size_t i = 0; i < partition.groups.size(); ++i) {
    if (holds_node(partition.groups[i], id)) return i;
  }
  return partition.groups.size();
}

bool on_pair(const Input& input, NodeId from, NodeId to) {
  if (input.groups.size() < 2) return true;  // all links
  const bool forwards = holds_node(input.groups[0], from) && holds_node(input.groups[1], to);
  const bool backwards = holds_node(input.groups[1], from) && holds_node(input.groups[0], to);
  return forwards || (backwards && !input.one_way);
}

// Whether the input cuts what goes from `from` to `to`.
bool cuts(const Input& input, NodeId from, NodeId to) {
  switch (input.action) {
    case Action::cut:
      return on_pair(input, from, to);
    case Action::partition: {
      const std::size_t side = side_of(input, from);
      return side != side_of(input, to) && (!input.one_way || side == 0);
    }
    case Action::isolate:
      return !input.groups.empty() && (holds_node(input.groups[0], from) ||
                                       (holds_node(input.groups[0], to) && !input.one_way));
    default:
      return false;
  }
}

// Calls visit(from, to) for each link that the input is about, among the nodes that it names; a
// node that is to be isolated has one to every other.
template <class Visit>
void for_each_link(const Input& input, std::int32_t node_count, Visit visit) {
  if (input.action == Action::isolate && !input.groups.empty()) {
    for (const NodeId node : input.groups[0]) {
      for (std::int32_t i = 0; i < node_count; ++i) {
        if (NodeId{i} == node) continue;
        visit(node, NodeId{i});
        if (!input.one_way) visit(NodeId{i}, node);
      }
    }
    return;
  }
  for (std::size_t a = 0; a < input.groups.size(); ++a) {
    for (std::size_t b = 0; b < input.groups.size(); ++b) {
      if (a == b || (input.one_way && a != 0)) continue;
      for (const NodeId from : input.groups[a]) {
        for (const NodeId to : input.groups[b]) visit(from, to);
      }
    }
  }
}

bool links_done(const Input& wanted, const std::vector<const Input*>& made,
                const Session& session) {
  const bool cutting = wanted.action != Action::heal && wanted.action != Action::link;
  if (wanted.groups.size() < (wanted.action == Action::isolate ? 1u : 2u)) {  // all links
    return std::any_of(made.begin(), made.end(), [&](const Input* input) {
      return input->action == wanted.action && input->groups.size() < 2;
    });
  }
  bool all = true;
  for_each_link(wanted, session.node_count(), [&](NodeId from, NodeId to) {
    all = all && std::any_of(made.begin(), made.end(), [&](const Input* input) {
            if (cutting) return cuts(*input, from, to);
            return input->action == wanted.action && on_pair(*input, from, to);
          });
  });
  return all;
}

// With the nodes that a partition does not name as its last group.
Input with_the_rest(Input partition, std::int32_t node_count) {
  std::vector<NodeId> rest;
  for (std::int32_t i = 0; i < node_count; ++i) {
    if (side_of(partition, NodeId{i}) == partition.groups.size()) rest.push_back(NodeId{i});
  }
  if (!rest.empty()) partition.groups.push_back(std::move(rest));
  return partition;
}

bool nodes_done(const Input& wanted, const std::vector<const Input*>& made) {
  const auto same_manner = [&](const Input& input) {
    if (input.action != wanted.action || input.name != wanted.name || input.groups.empty())
      return false;
    const auto same_sign = [](std::int64_t a, std::int64_t b) { return (a < 0) == (b < 0); };
    switch (wanted.action) {
      case Action::clock_step:
        return same_sign(input.duration_us, wanted.duration_us);
      case Action::clock_drift:
        return same_sign(input.ppm, wanted.ppm);
      case Action::clock_ntp:
        return input.ppm == wanted.ppm;
      default:
        return std::all_of(
            wanted.arguments.begin(), wanted.arguments.end(), [&](const auto& argument) {
              return std::find(input.arguments.begin(), input.arguments.end(), argument) !=
                     input.arguments.end();
            });
    }
  };
  return !wanted.groups.empty() &&
         std::all_of(wanted.groups[0].begin(), wanted.groups[0].end(), [&](NodeId node) {
           return std::any_of(made.begin(), made.end(), [&](const Input* input) {
             return same_manner(*input) && holds_node(input->groups[0], node);
           });
         });
}

// The send event of a message that a person has chosen by its number.
const Event* sending_of(MessageId id, const Trace& trace) {
  for (EventIndex i = trace.first(); i < trace.size(); ++i) {
    if (trace[i].kind == EventKind::send && trace[i].message == id) return &trace[i];
  }
  return nullptr;
}

bool message_done(const Input& wanted, const Input& made, const Session& session,
                  const Trace& trace) {
  if (made.action != wanted.action) return false;
  if (wanted.action == Action::alter && made.name != wanted.name) return false;
  MessageChoice choice = made.message;
  if (choice.id != 0) {
    if (choice.id == wanted.message.id) return true;
    const Event* sending = sending_of(choice.id, trace);
    if (sending == nullptr) return false;
    choice.from = sending->node;
    choice.to = sending->peer;
    choice.label = event_label(session, *sending);
  }
  const MessageChoice& asked = wanted.message;
  return asked.id == 0 && (asked.from == nobody || asked.from == choice.from) &&
         (asked.to == nobody || asked.to == choice.to) &&
         (asked.label.empty() || asked.label == choice.label);
}

}  // namespace

bool is_done(const Task& task, Time from_us, const Session& session, const Trace& trace) {
  if (!task.input) {
    const auto& infos = session.protocol().parameters;
    for (std::size_t i = 0; i < infos.size(); ++i) {
      if (infos[i].name == task.parameter)
        return session.parameter(static_cast<std::int64_t>(i)) == task.value;
    }
    return false;
  }
  std::vector<const Input*> made;
  const std::vector<Input>& script = session.setup().script;
  for (std::int64_t i = 0; i < session.script_applied(); ++i) {
    const Input& input = script[static_cast<std::size_t>(i)];
    if (input.by_hand && input.at_us >= from_us) made.push_back(&input);
  }
  if (made.empty()) return false;
  const Input& wanted = *task.input;
  switch (wanted.action) {
    case Action::partition:
      return links_done(with_the_rest(wanted, session.node_count()), made, session);
    case Action::cut:
    case Action::isolate:
    case Action::heal:
    case Action::link:
      return links_done(wanted, made, session);
    case Action::cut_random:
      return std::any_of(made.begin(), made.end(),
                         [](const Input* input) { return input->action == Action::cut_random; });
    case Action::drop:
    case Action::duplicate:
    case Action::deliver:
    case Action::delay:
    case Action::alter:
      return std::any_of(made.begin(), made.end(), [&](const Input* input) {
        return message_done(wanted, *input, session, trace);
      });
    default:
      return nodes_done(wanted, made);
  }
}

}  // namespace netsplit
