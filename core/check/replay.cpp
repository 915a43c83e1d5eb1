#include "core/check/replay.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "core/base/encode.h"
#include "core/base/inspect.h"
#include "core/base/names.h"

namespace netsplit::check {
namespace {

// A message under way: its ends and its content as bytes.
using Sent = std::tuple<NodeId, NodeId, std::string>;

// Does a world's history hold what a state of the model knows of the past?
bool is_past(const AppendLog<OperationRecord, 64>& history, const WorldModel::Past& past) {
  using Record = std::tuple<std::int32_t, std::uint32_t, std::int64_t, Outcome, std::int64_t>;
  std::vector<Record> asked;
  std::vector<Record> known;
  for (std::int64_t i = 0; i < history.size(); ++i) {
    const OperationRecord& r = history[i];
    asked.emplace_back(r.client.value, r.number, r.operation.argument, r.outcome, r.result);
  }
  for (const auto& r : past.entries)
    known.emplace_back(r.client, r.number, r.operation.argument, r.outcome, r.result);
  std::sort(asked.begin(), asked.end());
  std::sort(known.begin(), known.end());
  return asked == known;
}

bool has_timers(const WorldBase& world, NodeId id, const std::vector<PendingTimer>& timers) {
  std::size_t count = 0;
  bool same = true;
  world.each_timer(id, [&](const auto&, const void* content) {
    ++count;
    same = same && std::any_of(timers.begin(), timers.end(), [&](const PendingTimer& one) {
             return world.types().same_timer(one.timer.get(), content);
           });
  });
  return same && count == timers.size();
}

}  // namespace

Setup by_hand(const Setup& setup, const std::vector<std::vector<std::uint32_t>>& choices) {
  Setup made = setup;
  made.manual = true;
  made.script.clear();
  made.nodes.clear();
  const bool any =
      std::any_of(choices.begin(), choices.end(), [](const auto& one) { return !one.empty(); });
  std::int32_t at = 0;
  for (NodeGroup group : setup.nodes) {
    group.clock = ClockSpec{};
    for (std::int32_t i = 0; any && !group.joins_later && i < group.count; ++i) {
      const NodeId id{at + i};
      Input join = on_nodes(Action::join, 0, {id});
      join.choices = choices[static_cast<std::size_t>(id.value)];
      made.script.push_back(std::move(join));
    }
    at += group.count;
    group.joins_later = group.joins_later || any;
    made.nodes.push_back(std::move(group));
  }
  return made;
}

bool is_at(const WorldBase& world, const WorldModel& model, const WorldModel::State& state) {
  const std::int32_t count = world.topology().node_count();
  for (std::int32_t i = 0; i < count; ++i) {
    const NodeId id{i};
    const WorldBase::NodeRecord& record = world.node(id);
    const Local& own = *model.node(state.nodes[static_cast<std::size_t>(i)]).content;
    const Condition condition =
        record.condition == Condition::paused ? Condition::up : record.condition;
    if (condition != own.condition || record.operations != own.operations ||
        !same_value(world.types().node, world.state(id), own.state.get()) ||
        !has_timers(world, id, own.timers)) {
      return false;
    }
  }
  const Schema& message = *world.types().message.schema;
  std::vector<Sent> in_world;
  std::vector<Sent> in_model;
  world.each_message([&](const auto& one, const void* content) {
    in_world.emplace_back(one.from, one.to, bytes_of(message, content));
  });
  for (const std::uint64_t key : model.network(state).letters) {
    const Letter& one = model.letter(key);
    in_model.emplace_back(one.from, one.to, bytes_of(message, one.content.get()));
  }
  std::sort(in_world.begin(), in_world.end());
  std::sort(in_model.begin(), in_model.end());
  return in_world == in_model && is_past(world.history(), model.past(state));
}

Replay::Replay(const WorldModel& model, const Setup& setup,
               const std::vector<std::vector<std::uint32_t>>& choices)
    : model_(model), setup_(by_hand(setup, choices)), world_(model.handlers().world(setup_)) {
  while (world_->next_due_us() == 0) world_->step(nullptr);
  for (const Input& input : setup_.script) world_->apply(input, nullptr);
}

void Replay::take(const State& state, const Act& act) {
  Input input = input_of(state, act);
  world_->apply(input, nullptr);
  setup_.script.push_back(std::move(input));
}

bool Replay::is_at(const State& state) const { return check::is_at(*world_, model_, state); }

Setup Replay::setup(Time apart_us) const {
  Setup made = setup_;
  Time at_us = 0;
  for (Input& input : made.script) input.at_us = at_us += apart_us;
  made.until_us = at_us + seconds(1);
  return made;
}

Input Replay::input_of(const State& state, const Act& act) const {
  using Kind = Act::Kind;
  const auto node = [&]() -> const NodePart& {
    return model_.node(state.nodes[static_cast<std::size_t>(act.node.value)]);
  };
  Input input;
  switch (act.kind) {
    case Kind::deliver:
    case Kind::arrive_nowhere:
      input = on_message(Action::deliver, model_.letter(act.letter));
      break;
    case Kind::drop:
      input = on_message(Action::drop, model_.letter(act.letter));
      break;
    case Kind::duplicate:
      input = on_message(Action::duplicate, model_.letter(act.letter));
      break;
    case Kind::fire:
      input = fire(node(), act.timer);
      break;
    case Kind::line:
      input = model_.line(act.node, node().lines).input;
      input.at_us = 0;
      break;
    case Kind::crash:
      input = on_nodes(Action::crash, 0, {act.node});
      break;
    case Kind::restart:
      input = on_nodes(Action::restart, 0, {act.node});
      break;
  }
  if (act.choices != nullptr) input.choices = *act.choices;
  return input;
}

// The message by its ends and its kind where that is the one meant, else by its number.
Input Replay::on_message(Action action, const Letter& letter) const {
  const ValueType& type = world_->types().message;
  const std::size_t kind = type.schema->holder->size(letter.content.get());
  MessageId exact = 0;
  MessageId first = 0;
  world_->each_message([&](const WorldBase::MessageRecord& record, const void* content) {
    if (record.from != letter.from || record.to != letter.to || record.label != kind) return;
    if (first == 0 || record.id < first) first = record.id;
    const bool earlier = exact == 0 || record.id < exact;
    if (earlier && same_value(type, content, letter.content.get())) exact = record.id;
  });
  NETSPLIT_ASSERT(exact != 0);
  Input input;
  input.action = action;
  if (exact != first) {
    input.message.id = exact;
    return input;
  }
  input.message.from = letter.from;
  input.message.to = letter.to;
  input.message.label = type.schema->alternatives[kind]->name;
  return input;
}

// By its name, and by its fields where several of that name run.
Input Replay::fire(const NodePart& node, std::uint32_t place) const {
  const Schema& schema = *world_->types().timer.schema;
  const void* timer = node.content->timers[place].timer.get();
  const std::size_t kind = schema.holder->size(timer);
  Input input = on_nodes(Action::fire, 0, {node.node});
  input.name = snake_case(schema.alternatives[kind]->name);
  std::int32_t of_that_name = 0;
  world_->each_timer(node.node, [&](const WorldBase::TimerRecord& record, const void*) {
    of_that_name += record.label == kind ? 1 : 0;
  });
  if (of_that_name < 2) return input;
  const auto held = held_by(schema, timer);
  input.arguments = assignments(*held.schema, held.value, world_->topology().names());
  return input;
}

}  // namespace netsplit::check
