#include "core/check/handlers.h"

#include <algorithm>

#include "core/base/inspect.h"
#include "core/check/check.h"
#include "core/sim/content.h"

namespace netsplit::check {

std::string comes_to(const Outcomes::One& way) {
  ByteWriter writer;
  writer.integer(way.node.key);
  for (const Letter& letter : way.sends) writer.integer(letter.key);
  for (const HistoryEffect& effect : way.history) {
    writer.integer(effect.number);
    writer.text(effect.operation.name);
    encode(writer, effect.operation.argument);
    encode(writer, effect.operation.key);
    encode(writer, effect.operation.expected);
    encode(writer, effect.outcome);
    encode(writer, effect.result);
  }
  return std::move(writer.bytes);
}

Judge::Judge(const CheckedProtocol& protocol, const Topology& topology, const void* params)
    : protocol_(protocol) {
  moment_.topology = &topology;
  moment_.params = params;
}

void Judge::look_at(const std::vector<const NodePart*>& nodes,
                    const std::vector<const Letter*>& letters, const Records& history) {
  moment_.nodes.clear();
  moment_.conditions.clear();
  for (const NodePart* node : nodes) {
    moment_.nodes.push_back(node->content->state.get());
    moment_.conditions.push_back(node->condition);
  }
  moment_.messages.clear();
  for (const Letter* letter : letters)
    moment_.messages.push_back({letter->from, letter->to, letter->content.get()});
  moment_.history = &history;
}

Verdict Judge::judge(std::size_t property, bool& asked_for_more) {
  moment_.asked_for_more = false;
  Verdict verdict = protocol_.judge(property, moment_);
  asked_for_more = moment_.asked_for_more;
  return verdict;
}

// Parts.

NodePart Handlers::part_of(NodeId node, Local local) const {
  NodePart part;
  part.key = local.hash(types_, node);
  part.node = node;
  part.condition = local.condition;
  part.lines = local.lines;
  part.timers = static_cast<std::uint32_t>(local.timers.size());
  for (std::uint32_t i = 0; i < part.timers; ++i) {
    if (!may_fire(local.timers, i)) continue;
    const bool held_back = repeats_ != repeats_unbounded &&
                           local.times_ran_out(types_, local.timers[i].timer.get()) >= repeats_;
    if (!held_back) part.due.push_back(i);
    part.held_back = part.held_back || held_back;
  }
  part.content_bytes = local.bytes_held(types_);
  part.content = std::make_shared<const Local>(std::move(local));
  return part;
}

Letter Handlers::letter_of(NodeId from, NodeId to, Content message) const {
  const Schema& schema = *types_.message.schema;
  Hasher hasher;
  encode(hasher, from);
  encode(hasher, to);
  encode(hasher, schema, message.get());
  Letter letter;
  letter.from = from;
  letter.to = to;
  letter.key = hasher.digest();
  letter.content_bytes = schema.size + bytes_elsewhere(schema, message.get());
  letter.content = std::move(message);
  return letter;
}

NodePart Handlers::absent(NodeId node) const {
  const auto state = make_value(types_.node);
  types_.node.schema->holder->emplace(state.get(),
                                      static_cast<std::uint64_t>(topology_->role(node)));
  Local local;
  local.state = state;
  local.condition = Condition::absent;
  return part_of(node, std::move(local));
}

Content Handlers::request_of(const Input& input) const {
  const auto request = make_value(types_.request);
  const Status made = make_named(*types_.request.schema, request.get(), input.name, input.arguments,
                                 topology_->names());
  return made.ok() ? request : nullptr;
}

// What an event makes of a node.

// A node while its handlers run.
struct Handlers::Run {
  NodeId id;
  Local local;
  std::shared_ptr<void> state;
  Choices& choices;
  Asked asked;
};

void Handlers::call(Run& run, const Happening& happening) const {
  const Called node{run.id, run.state.get(), run.local.operations, *topology_, params_.get()};
  protocol_.call(node, happening, run.choices, run.asked);
}

void Handlers::go_down(Run& run, Condition condition) const {
  types_.forget_memory(run.state.get());
  run.local.timers.clear();
  run.local.condition = condition;
}

void Handlers::come_up(Run& run, Happening::Kind kind) const {
  run.local.condition = Condition::up;
  call(run, {kind, no_event, nobody, nullptr});
}

void Handlers::run_out(Run& run, std::uint32_t place) const {
  const Content timer = run.local.timers[place].timer;
  run.local.timers.erase(run.local.timers.begin() + static_cast<std::ptrdiff_t>(place));
  if (repeats_ != repeats_unbounded) run.local.count_running_out(types_, timer);
  call(run, {Happening::Kind::timer, no_event, nobody, timer.get()});
}

void Handlers::take_line(Run& run, const Line& line) const {
  if (has_effect(line, run.local.condition)) {
    if (line.action == Action::join) come_up(run, Happening::Kind::start);
    if (line.action == Action::leave) go_down(run, Condition::absent);
    if (line.action == Action::request && line.request != nullptr)
      call(run, {Happening::Kind::request, no_event, nobody, line.request.get()});
  }
  ++run.local.lines;
}

void Handlers::happen(Run& run, const Coming& coming) const {
  switch (coming.cause) {
    case Cause::start:
      return come_up(run, Happening::Kind::start);
    case Cause::restart:
      return come_up(run, Happening::Kind::restart);
    case Cause::crash:
      return go_down(run, Condition::down);
    case Cause::message:
      return call(run, {Happening::Kind::message, no_event, coming.letter->from,
                        coming.letter->content.get()});
    case Cause::timer:
      return run_out(run, coming.place);
    case Cause::line:
      return take_line(run, *coming.line);
  }
}

// Timers set at the same moment: the one that surely runs out first stands first.
void Handlers::set_timers(Run& run) const {
  auto& timers = run.local.timers;
  std::vector<PendingTimer> fresh;
  for (const Asked::Timer& asked : run.asked.timers) {
    const auto same = [&](const PendingTimer& pending) {
      return types_.same_timer(pending.timer.get(), asked.timer.get());
    };
    std::erase_if(timers, same);
    std::erase_if(fresh, same);
    if (asked.is_set) fresh.push_back({asked.timer, asked.low_us, asked.high_us});
  }
  std::stable_sort(fresh.begin(), fresh.end(), [](const PendingTimer& a, const PendingTimer& b) {
    return std::pair(a.high_us, a.low_us) < std::pair(b.high_us, b.low_us);
  });
  timers.insert(timers.end(), fresh.begin(), fresh.end());
  order_timers(types_.timer, timers);
}

Outcomes::One Handlers::outcome(const NodePart& node, const Coming& coming,
                                const std::vector<std::uint32_t>& answers,
                                std::vector<std::uint32_t>& asked, bool& read_a_clock) const {
  Choices choices{answers, nullptr, &asked};
  Run run{
      node.node, *node.content, copy_value(types_.node, node.content->state.get()), choices, {}};
  happen(run, coming);
  set_timers(run);
  read_a_clock = read_a_clock || run.asked.read_a_clock;
  run.local.state = std::move(run.state);
  Outcomes::One made;
  made.node = part_of(node.node, std::move(run.local));
  made.history = std::move(run.asked.history);
  const bool goes = node.condition != made.node.condition &&
                    (coming.cause == Cause::crash || made.node.condition == Condition::absent);
  if (goes) made.history.push_back({HistoryEffect::Kind::crash, 0, {}, Outcome::unknown, 0});
  for (Asked::Send& sent : run.asked.sends)
    made.sends.push_back(letter_of(node.node, sent.to, std::move(sent.message)));
  return made;
}

// Runs the handler once for every way its choices can go, depth first: what a choose(n) was not
// told it answers with 0, and then the last answer that can be raised is raised.
Outcomes Handlers::outcomes(const NodePart& node, const Coming& coming) const {
  Outcomes made;
  std::vector<std::uint32_t> answers;
  std::vector<std::uint32_t> asked;
  std::vector<std::string> known;  // what each outcome comes to
  for (std::size_t tried = 1;; ++tried) {
    asked.clear();
    Outcomes::One one = outcome(node, coming, answers, asked, made.read_a_clock);
    answers.resize(asked.size());
    one.choices = answers;
    if (asked.empty()) {
      made.list.push_back(std::move(one));
      return made;
    }
    std::string same_as = comes_to(one);
    if (std::find(known.begin(), known.end(), same_as) == known.end()) {
      known.push_back(std::move(same_as));
      made.list.push_back(std::move(one));
    }
    while (!answers.empty() && answers.back() + 1 >= asked[answers.size() - 1]) answers.pop_back();
    if (answers.empty()) return made;
    ++answers.back();
    if (tried == outcomes_max) {
      made.cut_short = true;
      return made;
    }
  }
}

// Under other names.

NodePart Handlers::renamed(const NodePart& node, const Renaming& renaming) const {
  Local local = *node.content;
  local.rename(types_, renaming);
  return part_of(renaming(node.node), std::move(local));
}

Letter Handlers::renamed(const Letter& letter, const Renaming& renaming) const {
  return letter_of(renaming(letter.from), renaming(letter.to),
                   check::renamed(types_.message, letter.content.get(), renaming));
}

Operation Handlers::renamed(Operation operation, const Renaming& renaming) const {
  if (protocol_.argument_is_node) {
    const NodeId id{static_cast<std::int32_t>(operation.argument)};
    operation.argument = renaming(id).value;
  }
  return operation;
}

std::uint32_t Handlers::renamed_timer(const NodePart& node, std::uint32_t place,
                                      const NodePart& other, const Renaming& renaming) const {
  const auto timer =
      check::renamed(types_.timer, node.content->timers[place].timer.get(), renaming);
  const auto& timers = other.content->timers;
  std::uint32_t at = 0;
  while (!types_.same_timer(timers[at].timer.get(), timer.get())) ++at;
  return at;
}

bool Handlers::same_request(const Line& own, const Line& other, const Renaming& renaming) const {
  if (own.request == nullptr || other.request == nullptr) return own.request == other.request;
  const auto request = check::renamed(types_.request, own.request.get(), renaming);
  return same_value(types_.request, request.get(), other.request.get());
}

// As bytes, and in words.

void Handlers::write(const NodePart& node, ByteWriter& writer) const {
  node.content->write(types_, writer);
}

void Handlers::write(const Letter& letter, ByteWriter& writer) const {
  encode(writer, *types_.message.schema, letter.content.get());
}

bool Handlers::read(NodePart& node, ByteReader& reader) const {
  Local local;
  if (!local.read(types_, reader)) return false;
  const std::size_t role = types_.node.schema->holder->size(local.state.get());
  if (static_cast<std::int32_t>(role) != topology_->role(node.node)) return false;
  node = part_of(node.node, std::move(local));
  return true;
}

bool Handlers::read(Letter& letter, ByteReader& reader) const {
  const auto message = read_value(types_.message, reader);
  if (message == nullptr) return false;
  letter = letter_of(letter.from, letter.to, message);
  return true;
}

InWords Handlers::words_of(const ValueType& type, const void* value) const {
  const Schema& schema = *type.schema;
  return {schema.alternatives[schema.holder->size(value)]->name,
          brief(inspect("value", schema, value, topology_->names()))};
}

std::string Handlers::in_words(const NodePart& node) const {
  return words_of(types_.node, node.content->state.get()).content;
}

InWords Handlers::in_words(const Letter& letter) const {
  return words_of(types_.message, letter.content.get());
}

InWords Handlers::in_words_of_timer(const NodePart& node, std::uint32_t place) const {
  return words_of(types_.timer, node.content->timers[place].timer.get());
}

}  // namespace netsplit::check
