// WorldModel<P>: states, actions and events in words.
#pragma once

#include "core/check/world_model.h"

namespace netsplit::check {

template <Protocol P>
std::string WorldModel<P>::describe(const State& state) const {
  std::string text;
  for (std::int32_t i = 0; i < topology_->node_count(); ++i) {
    const Local& own = local(state.nodes[static_cast<std::size_t>(i)]);
    text += (i == 0 ? "" : "; ") + topology_->name(NodeId{i}) + ": " +
            brief(inspect("state", own.state, topology_->names()));
  }
  return text;
}

template <Protocol P>
std::string WorldModel<P>::action(const State& state, std::uint32_t number) const {
  Memory memory;
  std::string text;
  std::uint32_t at = 0;
  for_each_act(state, memory, [&](const Act& act, const State&) {
    if (at++ == number) text = in_words(state, act, memory);
  });
  absorb(memory);
  return text;
}

// "granted", "lease over", "restart": what comes to a node.
template <Protocol P>
std::string WorldModel<P>::name_of_event(const Event& event, const Memory& memory) const {
  const auto named = [](const auto& names, std::size_t which) {
    return words(snake_case(names[which]));
  };
  const Local& own = get(&Memory::locals, event.local, memory);
  switch (event.cause) {
    case Cause::message:
      return named(netsplit::detail::alternatives<Message>::names,
                   get(&Memory::letters, event.detail, memory).message.index());
    case Cause::timer:
      return named(netsplit::detail::alternatives<typename P::Timer>::names,
                   own.timers[static_cast<std::size_t>(event.detail)].timer.index());
    case Cause::line:
      return words(lines_[index(event.node)][own.lines].input.name);
    case Cause::start:
      return "start";
    case Cause::crash:
      return "crash";
    case Cause::restart:
      return "restart";
  }
  return {};
}

template <Protocol P>
std::string WorldModel<P>::in_words(const State& state, const Act& act,
                                    const Memory& memory) const {
  using Kind = typename Act::Kind;
  const NodeNames names = topology_->names();
  const std::string node = topology_->name(act.node);
  std::string text;
  if (act.letter != 0) {
    const Letter& sent = get(&Memory::letters, act.letter, memory);
    const auto& labels = netsplit::detail::alternatives<Message>::names;
    const std::string content = brief(inspect("message", sent.message, names));
    const std::string what = std::string(labels[sent.message.index()]) +
                             (content.empty() ? "" : " (" + content + ")") + " from " +
                             topology_->name(sent.from);
    switch (act.kind) {
      case Kind::drop:
        return what + " to " + node + " is lost";
      case Kind::duplicate:
        return what + " to " + node + " is duplicated";
      case Kind::arrive_nowhere:
        return what + " arrives at " + node + ", which is not there to take it";
      default:
        text = node + " receives " + what;
    }
  } else {
    const Local& own = get(&Memory::locals, state.nodes[index(act.node)], memory);
    switch (act.kind) {
      case Kind::fire: {
        const auto& labels = netsplit::detail::alternatives<typename P::Timer>::names;
        const auto& timer = own.timers[act.timer].timer;
        const std::string content = brief(inspect("timer", timer, names));
        text = node + "'s timer " + words(snake_case(labels[timer.index()])) +
               (content.empty() ? "" : " (" + content + ")") + " runs out";
        break;
      }
      case Kind::line: {
        const Line& due = lines_[index(act.node)][own.lines];
        text = due.action == Action::request ? node + " is asked: " + words(due.input.name)
               : due.action == Action::join  ? node + " joins"
                                             : node + " leaves";
        if (!has_effect(due, own)) text += ", in vain";
        break;
      }
      case Kind::crash:
        text = node + " crashes";
        break;
      default:
        text = node + " restarts";
    }
  }
  if (act.choices != nullptr && !act.choices->empty()) {
    text += ", choosing";
    for (const std::uint32_t choice : *act.choices) text += " " + std::to_string(choice);
  }
  return text;
}

}  // namespace netsplit::check
