#include "core/sim/world_session.h"

#include <algorithm>
#include <tuple>

#include "core/base/encode.h"
#include "core/base/inspect.h"
#include "core/sim/check_setup.h"
#include "core/sim/content.h"

namespace netsplit {

WorldSession::WorldSession(const SessionRules& rules, const Setup& setup, std::int32_t node_count)
    : rules_(&rules),
      setup_(std::make_shared<const Setup>(setup)),
      recorder_(node_count),
      own_trace_(rules.needs_trace ? node_count : 0, 1 << 16) {}
WorldSession::WorldSession(const WorldSession&) = default;
WorldSession::~WorldSession() = default;

Result<std::shared_ptr<const Topology>> WorldSession::topology_of(const ProtocolInfo& info,
                                                                  const Setup& setup,
                                                                  std::int32_t nodes_max) {
  Result<Topology> topology = Topology::make(setup.nodes, info.role_names());
  if (!topology) return Error{topology.error()};
  const Status fits = check_setup(setup, topology.value());
  if (!fits) return Error{fits.error()};
  if (topology.value().node_count() > nodes_max) {
    return Error{"nodes: " + std::to_string(topology.value().node_count()) +
                 " nodes; this protocol takes at most " + std::to_string(nodes_max)};
  }
  return std::make_shared<const Topology>(std::move(topology).value());
}

Status WorldSession::check_script() const {
  for (std::size_t i = 0; i < setup_->script.size(); ++i) {
    const Status known = check_input(setup_->script[i]);
    if (!known) return Error{"script[" + std::to_string(i) + "]: " + known.error()};
  }
  return Done{};
}

void WorldSession::open(std::vector<PropertyState> properties) {
  const auto watched = rules_->stopwatches * node_count();
  watched_us_.assign(static_cast<std::size_t>(watched), 0);
  answers_judged_ = 0;
  properties_ = std::move(properties);
}

// Running.

Time WorldSession::next_due_us() const {
  if (ending_ != Ending::running) return never_us;
  const Time world_us = world().next_due_us();
  const auto& script = setup_->script;
  Time due_us = world_us;
  if (applied_ < static_cast<std::int64_t>(script.size())) {
    due_us = std::min(due_us, script[static_cast<std::size_t>(applied_)].at_us);
  }
  return due_us > setup_->until_us ? never_us : std::max(due_us, world().now_us());
}

bool WorldSession::step(Trace* trace) {
  Trace* own = rules_->needs_trace ? &own_trace_ : nullptr;
  recorder_.record_into(trace, own);
  return step_with(&recorder_);
}

void WorldSession::run_unrecorded(std::shared_ptr<const Setup> setup) {
  setup_ = std::move(setup);
  applied_ = 0;
  ending_ = Ending::running;
  world().restart(*setup_);
  open(unjudged());
  if (rules_->needs_trace) {  // it judges by what is recorded
    recorder_ = Recorder(node_count());
    own_trace_.truncate(0);
    while (step(nullptr)) {
    }
  } else {
    while (step_with(nullptr)) {
    }
  }
}

// An input applies after all that was due by its time. One that counts steps may come before some
// of what is due at that very time; never earlier, so that time does not jump.
const Input* WorldSession::due_input(Time world_us) const {
  const auto& script = setup_->script;
  if (applied_ >= static_cast<std::int64_t>(script.size())) return nullptr;
  const Input& next = script[static_cast<std::size_t>(applied_)];
  const bool due =
      world_us > next.at_us || (next.after_step >= 0 && world_us == next.at_us &&
                                static_cast<std::int64_t>(world().steps()) >= next.after_step);
  return due && next.at_us <= setup_->until_us ? &next : nullptr;
}

bool WorldSession::step_with(Recorder* recorder) {
  if (ending_ != Ending::running) return false;
  WorldBase& world = this->world();
  if (world.steps() >= rules_->steps_max) {
    finish(Ending::too_many_steps);
    return false;
  }
  const Time world_us = world.next_due_us();
  const Input* input = due_input(world_us);
  if (input == nullptr && world_us > setup_->until_us) {
    finish(world_us == never_us ? Ending::quiet : Ending::end_of_time);
    return false;
  }
  if (recorder != nullptr) watch(input != nullptr ? input->at_us : world_us, watched_us_);
  if (input != nullptr) {
    ++applied_;
    world.advance_to(input->at_us);
    world.apply(*input, recorder);
  } else {
    world.step(recorder);
  }
  check_properties(false);
  return true;
}

// Judging a history costs in proportion to its length. Up to a thousand answers each is judged when
// it comes; from then on so many at a time that the whole stays in proportion.
bool WorldSession::asks_of_history(bool at_end) {
  const std::uint64_t answers = world().operations_answered();
  const std::uint64_t since = answers - answers_judged_;
  if (since == 0 || (!at_end && answers > 1'000 && since < answers / 64)) return false;
  answers_judged_ = answers;
  return true;
}

void WorldSession::check_properties(bool at_end) {
  const bool told = asks_of_history(at_end);
  const detail::Instant now{world().steps(), world().events() - 1, world().now_us()};
  for (std::size_t i = 0; i < properties_.size(); ++i) {
    const PropertyState& property = properties_[i];
    const bool asked =
        property.kind != PropertyKind::always || (property.of_history ? told : !at_end);
    if (asked) detail::judge(properties_[i], at_end, now, [&] { return ask(i); });
  }
}

void WorldSession::finish(Ending ending) {
  ending_ = ending;
  check_properties(true);
}

void WorldSession::set_script(std::vector<Input> script, std::int64_t applied) {
  Setup changed = *setup_;
  changed.script = std::move(script);
  applied_ = applied;
  change_setup(std::move(changed));
}

void WorldSession::set_until(Time until_us) {
  Setup changed = *setup_;
  changed.until_us = until_us;
  change_setup(std::move(changed));
}

// The run goes on: what was judged at its end is open again.
void WorldSession::change_setup(Setup changed) {
  setup_ = std::make_shared<const Setup>(std::move(changed));
  if (ending_ == Ending::running) return;
  ending_ = Ending::running;
  for (PropertyState& state : properties_) detail::reopen(state);
}

// Meters.

// Adds the time from the last step to `time_us` where a stopwatch runs.
void WorldSession::watch(Time time_us, std::vector<Time>& watched_us) const {
  const Time passed_us = time_us - world().now_us();
  if (rules_->stopwatches == 0 || passed_us <= 0) return;
  const auto nodes = static_cast<std::size_t>(node_count());
  for (std::size_t at = 0; at < watched_us.size(); ++at) {
    const NodeId id{static_cast<std::int32_t>(at % nodes)};
    watched_us[at] += stopwatch_runs(at / nodes, id) ? passed_us : 0;
  }
}

std::int64_t WorldSession::meter(std::int64_t index) const {
  const std::int64_t meters = std::ssize(protocol().meters) - rules_->stopwatches;
  if (index < meters) return read_meter(static_cast<std::size_t>(index));
  std::int64_t sum = 0;
  for (const std::int64_t part : meter_by_node(index)) sum += part;
  return sum;
}

std::vector<std::int64_t> WorldSession::meter_by_node(std::int64_t index) const {
  const std::int64_t meters = std::ssize(protocol().meters) - rules_->stopwatches;
  if (index < meters) return {};
  std::vector<Time> watched_us = watched_us_;
  // A run that is over stays as it is until its end.
  if (ending_ != Ending::running) watch(setup_->until_us, watched_us);
  const auto first = watched_us.begin() + (index - meters) * node_count();
  return {first, first + node_count()};
}

// Inputs.

Status WorldSession::check_input(const Input& input) const {
  const Topology& topology = world().topology();
  const Status shape = check_input_shape(input, topology, protocol());
  const bool is_fire = input.action == Action::fire;
  if (shape && input.action == Action::alter && input.message.id != 0) return check_alter(input);
  if (!shape || (input.action != Action::request && !is_fire)) return shape;
  const WorldTypes& types = world().types();
  const ValueType& type = is_fire ? types.timer : types.request;
  const Status made = make_named(*type.schema, make_value(type).get(), input.name, input.arguments,
                                 topology.names());
  const std::string action = is_fire ? "fire." : "request.";
  return made.ok() ? made : Error{action + input.name + ": " + made.error()};
}

// A message that is there can be asked whether it has the field and takes the value.
Status WorldSession::check_alter(const Input& input) const {
  Status status = Done{};
  if (input.arguments.empty()) return status;
  const WorldTypes& types = world().types();
  world().each_message([&](const WorldBase::MessageRecord& record, const void* content) {
    if (record.id != input.message.id) return;
    status = assign_all(*types.message.schema, copy_value(types.message, content).get(),
                        {{input.name, input.arguments[0].second}}, world().topology().names());
  });
  return status.ok() ? status : Error{"alter: " + status.error()};
}

// Looking.

NodeView WorldSession::node(NodeId id) const {
  const WorldBase& world = this->world();
  const WorldBase::NodeRecord& record = world.node(id);
  NodeView view;
  view.id = id;
  view.name = node_name(id);
  view.role = node_role(id);
  view.condition = record.condition;
  view.since_us = world.condition_since_us(id);
  view.busy_until_us = record.busy_until_us;
  view.state =
      inspect("state", *world.types().node.schema, world.state(id), world.topology().names());
  view.caption = caption(id);
  const ClockSpec clock = world.clock_spec(id);
  view.drift_ppm = clock.drift_ppm;
  view.ntp = clock.ntp;
  view.monotonic_us = world.monotonic(id);
  view.wall_us = world.wall(id);
  view.wall_error_us = view.wall_us - world.now_us();
  const Recorder::Stamp stamp = recorder_.stamp(id);
  view.lamport = stamp.lamport;
  view.hybrid_us = stamp.hybrid_us;
  view.hybrid_count = stamp.hybrid_count;
  if (node_count() <= vector_nodes_max) {
    const auto vector = recorder_.vector(id);
    view.vector.assign(vector.begin(), vector.end());
  }
  view.waiting = world.waiting(id);
  return view;
}

std::vector<MessageView> WorldSession::messages() const {
  std::vector<const WorldBase::MessageRecord*> records;
  world().each_message(
      [&](const WorldBase::MessageRecord& record, const void*) { records.push_back(&record); });
  std::sort(records.begin(), records.end(),
            [](const auto* a, const auto* b) { return a->id < b->id; });
  std::vector<MessageView> views(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const WorldBase::MessageRecord& record = *records[i];
    MessageView& view = views[i];
    view.id = record.id;
    view.from = record.from;
    view.to = record.to;
    view.kind = record.label;
    view.status = record.status;
    view.doomed = record.doom != LossReason::none;
    view.sent_us = record.sent_us;
    view.due_us = record.due_us;
    view.send_event = record.send_event;
  }
  return views;
}

Row WorldSession::message_content(MessageId id) const {
  Row row;
  const WorldBase& world = this->world();
  world.each_message([&](const WorldBase::MessageRecord& record, const void* content) {
    if (record.id == id)
      row = inspect("message", *world.types().message.schema, content, world.topology().names());
  });
  return row;
}

std::vector<WorldSession::PlacedTimer> WorldSession::timers_of(NodeId id) const {
  std::vector<PlacedTimer> placed;
  world().each_timer(id, [&](const WorldBase::TimerRecord& record, const void* content) {
    placed.push_back({&record, content});
  });
  const auto place = [](const WorldBase::TimerRecord& timer) {
    return std::tuple(timer.label, timer.due_us, timer.sequence);
  };
  std::sort(placed.begin(), placed.end(), [&](const PlacedTimer& a, const PlacedTimer& b) {
    return place(*a.record) < place(*b.record);
  });
  return placed;
}

std::vector<TimerView> WorldSession::timers() const {
  std::vector<TimerView> views;
  for (std::int32_t i = 0; i < node_count(); ++i) {
    for (const auto& [timer, content] : timers_of(NodeId{i}))
      views.push_back({NodeId{i}, timer->label, timer->set_us, timer->due_us});
  }
  return views;
}

std::vector<Row> WorldSession::timer_contents(NodeId id) const {
  std::vector<Row> rows;
  for (const auto& [timer, content] : timers_of(id)) {
    rows.push_back(
        inspect("timer", *world().types().timer.schema, content, world().topology().names()));
  }
  return rows;
}

std::vector<std::int64_t> WorldSession::field_numbers(std::string_view path) const {
  std::vector<std::int64_t> numbers;
  numbers.reserve(static_cast<std::size_t>(node_count()));
  const WorldBase& world = this->world();
  for (std::int32_t i = 0; i < node_count(); ++i) {
    const auto role = held_by(*world.types().node.schema, world.state(NodeId{i}));
    numbers.push_back(number_at(*role.schema, role.value, path).value_or(no_number));
  }
  return numbers;
}

std::vector<OperationRecord> WorldSession::history() const {
  const auto& history = world().history();
  std::vector<OperationRecord> records;
  for (std::int64_t i = 0; i < history.size(); ++i) records.push_back(history[i]);
  return records;
}

Row WorldSession::describe_payload(const Event& event) const {
  if (event.payload.empty()) return {};
  const WorldTypes& types = world().types();
  const auto row_of = [&](const ValueType& type) {
    ByteReader reader(event.payload);
    const auto value = read_value(type, reader);
    return value ? inspect("payload", *type.schema, value.get(), world().topology().names())
                 : Row{};
  };
  switch (event.kind) {
    case EventKind::send:
    case EventKind::deliver:
    case EventKind::lost:
    case EventKind::tampered:
      return row_of(types.message);
    case EventKind::wait:
      return row_of(event.peer != nobody ? types.message : types.timer);
    case EventKind::timer:
    case EventKind::lease_begin:
    case EventKind::lease_end:
      return row_of(types.timer);
    case EventKind::request:
      return row_of(types.request);
    case EventKind::network:
      return row_of(value_type<std::vector<std::vector<NodeId>>>);
    case EventKind::clock:
      return row_of(value_type<std::vector<std::int64_t>>);
    default:
      return {};
  }
}

}  // namespace netsplit
