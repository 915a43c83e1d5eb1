// WorldModel: states, actions and events in words.
#include "core/check/world_model.h"

#include "core/base/names.h"

namespace netsplit::check {

std::string WorldModel::describe(const State& state) const {
  std::string text;
  for (std::int32_t i = 0; i < topology_->node_count(); ++i) {
    text += (i == 0 ? "" : "; ") + topology_->name(NodeId{i}) + ": " +
            handlers_->in_words(node(state.nodes[static_cast<std::size_t>(i)]));
  }
  return text;
}

std::string WorldModel::action(const State& state, std::uint32_t number) const {
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
std::string WorldModel::name_of_event(const Event& event, const Memory& memory) const {
  const auto named = [](std::string_view type) { return words(snake_case(type)); };
  const NodePart& own = get(&Memory::nodes, event.local, memory);
  switch (event.cause) {
    case Cause::message:
      return named(handlers_->in_words(get(&Memory::letters, event.detail, memory)).type);
    case Cause::timer:
      return named(
          handlers_->in_words_of_timer(own, static_cast<std::uint32_t>(event.detail)).type);
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

std::string WorldModel::in_words(const State& state, const Act& act, const Memory& memory) const {
  using Kind = Act::Kind;
  const std::string node = topology_->name(act.node);
  std::string text;
  if (act.letter != 0) {
    const Letter& sent = get(&Memory::letters, act.letter, memory);
    const auto [type, content] = handlers_->in_words(sent);
    const std::string what = std::string(type) + (content.empty() ? "" : " (" + content + ")") +
                             " from " + topology_->name(sent.from);
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
    const NodePart& own = get(&Memory::nodes, state.nodes[index(act.node)], memory);
    switch (act.kind) {
      case Kind::fire: {
        const auto [type, content] = handlers_->in_words_of_timer(own, act.timer);
        text = node + "'s timer " + words(snake_case(type)) +
               (content.empty() ? "" : " (" + content + ")") + " runs out";
        break;
      }
      case Kind::line: {
        const Line& due = lines_[index(act.node)][own.lines];
        text = due.action == Action::request ? node + " is asked: " + words(due.input.name)
               : due.action == Action::join  ? node + " joins"
                                             : node + " leaves";
        if (!has_effect(due, own.condition)) text += ", in vain";
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
