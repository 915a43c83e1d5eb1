#include "core/sim/session.h"

#include <algorithm>
#include <tuple>

#include "core/base/bytes.h"
#include "core/base/names.h"

namespace netsplit {
namespace {

std::string with_content(std::string name, const Row& content) {
  const std::string text = brief(content);
  return text.empty() ? name : name + " (" + text + ")";
}

// The label of what was done to a message is the action; which type it has its bytes say first.
std::string tampered_message(const Session& session, const Event& event) {
  const std::vector<MessageInfo>& types = session.protocol().messages;
  ByteReader reader(event.payload);
  const std::uint64_t type = types.size() > 1 ? reader.integer() : 0;
  const bool known = reader.ok() && type < types.size();
  return with_content(known ? types[static_cast<std::size_t>(type)].name : "a message",
                      session.describe_payload(event));
}

std::string loss_reason(LossReason reason, const std::string& receiver) {
  switch (reason) {
    case LossReason::network:
      return "lost by the network";
    case LossReason::cut:
      return "the link is cut";
    case LossReason::receiver_down:
      return receiver + " is down";
    case LossReason::receiver_absent:
      return receiver + " is not there";
    case LossReason::dropped:
      return "dropped";
    case LossReason::sender_down:
      return "its sender went down before it left";
    case LossReason::none:
      break;
  }
  return "lost";
}

std::string network_change(const Session& session, const Event& event) {
  const Action action = static_cast<Action>(event.label);
  if (event.node != nobody) {
    const std::string link =
        session.node_name(event.node) + " and " + session.node_name(event.peer);
    if (action == Action::cut) return "the link between " + link + " is cut";
    if (action == Action::heal) return "the link between " + link + " is healed";
    return "the link between " + link + " changes";
  }
  std::string groups;
  std::size_t named = 0;
  for (const Row& group : session.describe_payload(event).children) {
    groups += groups.empty() ? "" : " | ";
    groups += brief(group);
    named += group.children.size();
  }
  switch (action) {
    case Action::partition:
      return "the network splits: " + groups +
             (named < static_cast<std::size_t>(session.node_count()) ? " | everyone else" : "");
    case Action::isolate:
      return "cut off from everyone: " + groups;
    case Action::cut:
      return "all links are cut between " + groups;
    case Action::cut_random:
      return "links are cut at random";
    case Action::heal:
      return groups.empty() ? "every link is healed" : "all links are healed between " + groups;
    default:
      return "the links' settings change";
  }
}

std::string clock_change(const Session& session, const Event& event, const std::string& node) {
  const Row payload = session.describe_payload(event);
  const std::int64_t amount = payload.children.empty() ? 0 : payload.children[0].number;
  switch (static_cast<Action>(event.label)) {
    case Action::clock_step:
      return node + "'s wall clock jumps by " + format_time_for_people(amount);
    case Action::clock_drift:
      return node + "'s clocks now run " + std::to_string(amount) + " ppm fast";
    default:
      if (payload.children.empty()) return node + " asks a time server and corrects its wall clock";
      return node + (amount != 0 ? " turns NTP on" : " turns NTP off");
  }
}

std::string completion(const Session& session, const Event& event, const std::string& node) {
  std::string operation = "an operation";
  std::string answer;
  for (const OperationRecord& record : session.history()) {
    if (record.client != event.node || record.number != event.message) continue;
    operation = session.describe_operation(record);
    answer = session.describe_answer(record);
  }
  switch (static_cast<Outcome>(event.label)) {
    case Outcome::ok:
      return node + ": " + operation + " is OK" + (answer.empty() ? "" : ": " + answer);
    case Outcome::failed:
      return node + ": " + operation + " failed";
    default:
      return node + " cannot know whether " + operation + " happened";
  }
}

}  // namespace

std::string label_of(const Session& session, const MessageView& message) {
  const std::string& name = session.protocol().messages[message.kind].name;
  return with_content(name, session.message_content(message.id));
}

std::string sentence_of(const Session& session, const Event& event) {
  const ProtocolInfo& protocol = session.protocol();
  const std::string node = event.node == nobody ? std::string() : session.node_name(event.node);
  const std::string peer = event.peer == nobody ? std::string() : session.node_name(event.peer);
  const auto named = [&](const auto& infos) {
    return event.label < infos.size() ? infos[event.label].name : std::string("?");
  };
  const auto message = [&] {
    return with_content(named(protocol.messages), session.describe_payload(event));
  };
  switch (event.kind) {
    case EventKind::start:
      return node + " starts";
    case EventKind::send:
      return node + " sends " + message() + " to " + peer;
    case EventKind::deliver:
      return node + " receives " + message() + " from " + peer;
    case EventKind::lost:
      return message() + " from " + node + " to " + peer +
             " does not arrive: " + loss_reason(event.loss, peer);
    case EventKind::timer:
      return node + ": timer " + words(named(protocol.timers)) + " runs out";
    case EventKind::wait:
      if (event.peer == nobody)
        return node + ": timer " + words(named(protocol.timers)) + " has to wait";
      return message() + " from " + peer + " waits at " + node;
    case EventKind::request:
      return node + " is asked to " +
             with_content(words(named(protocol.requests)), session.describe_payload(event));
    case EventKind::invoke: {
      for (const OperationRecord& record : session.history()) {
        if (record.client == event.node && record.number == event.message) {
          return node + " begins " + session.describe_operation(record);
        }
      }
      return node + " begins an operation";
    }
    case EventKind::complete:
      return completion(session, event, node);
    case EventKind::lease_begin:
      return node + ": " + words(named(protocol.timers)) + " starts to run";
    case EventKind::lease_end:
      return node + ": " + words(named(protocol.timers)) + " has ended";
    case EventKind::pause:
      return node + " is paused";
    case EventKind::resume:
      return node + " goes on";
    case EventKind::crash:
      return node + " crashes";
    case EventKind::restart:
      return node + " restarts";
    case EventKind::join:
      return node + " joins";
    case EventKind::leave:
      return node + " leaves";
    case EventKind::clock:
      return clock_change(session, event, node);
    case EventKind::network:
      return network_change(session, event);
    case EventKind::tampered: {
      const std::string way = " from " + node + " to " + peer;
      const std::string tampered = tampered_message(session, event);
      switch (static_cast<Action>(event.label)) {
        case Action::duplicate:
          return tampered + way + " is duplicated";
        case Action::delay:
          return tampered + way + " is delayed";
        case Action::deliver:
          return tampered + way + " is hurried";
        default:
          return "a message" + way + " is altered: " + tampered;
      }
    }
    case EventKind::no_effect:
      return (node.empty() ? std::string() : node + ": ") +
             words(enumerator_name_of(static_cast<Action>(event.label))) + " had nothing to act on";
  }
  return {};
}

PropertyState detail::unjudged(std::string_view name, std::string_view sentence, PropertyKind kind,
                               bool of_history) {
  PropertyState state;
  state.name = name;
  state.sentence = sentence;
  state.kind = kind;
  state.of_history = of_history;
  state.standing = kind == PropertyKind::always ? Standing::holds : Standing::open;
  return state;
}

void detail::judge(PropertyState& state, bool at_end, const Instant& now,
                   FunctionRef<Verdict()> check) {
  const auto decide = [&](Standing standing, Verdict verdict) {
    state.standing = standing;
    state.witness = std::move(verdict);
    state.first_step = now.steps;
    state.first_event = now.last_event;
    state.first_us = now.now_us;
  };
  if (state.kind == PropertyKind::always) {
    if (state.standing == Standing::violated) return;
    Verdict verdict = check();
    if (!verdict.decided) {
      state.standing = Standing::open;
      state.witness = std::move(verdict);
    } else if (!verdict.holds) {
      decide(Standing::violated, std::move(verdict));
    } else if (state.standing == Standing::open) {
      state.standing = Standing::holds;
      state.witness = {};
    }
  } else if (state.kind == PropertyKind::sometimes) {
    if (state.standing != Standing::open) return;
    Verdict verdict = check();
    if (verdict.holds) {
      decide(Standing::holds, std::move(verdict));
    } else if (at_end) {
      decide(Standing::violated, violated("This never happened in the run."));
    }
  } else if (at_end) {
    Verdict verdict = check();
    const Standing standing = verdict.holds ? Standing::holds : Standing::violated;
    decide(standing, std::move(verdict));
  }
}

void detail::reopen(PropertyState& state) {
  const bool unseen = state.kind == PropertyKind::sometimes && state.standing == Standing::violated;
  const bool judged_at_end =
      state.kind == PropertyKind::finally || state.kind == PropertyKind::budget;
  if (!unseen && !judged_at_end) return;
  state.standing = Standing::open;
  state.witness = {};
}

}  // namespace netsplit
