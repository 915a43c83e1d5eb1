// The one place where types are erased: a Session over World<P>.
#pragma once

#include <memory>
#include <utility>

#include "core/sim/check_setup.h"
#include "core/sim/recorder.h"
#include "core/sim/session.h"
#include "core/sim/view.h"
#include "core/sim/world.h"

namespace netsplit {

template <Protocol P>
const std::vector<Stopwatch<P>>& stopwatches_of() {
  static const std::vector<Stopwatch<P>> watches = [] {
    if constexpr (requires { P::stopwatches(); }) return P::stopwatches();
    return std::vector<Stopwatch<P>>();
  }();
  return watches;
}

namespace detail {

// What only the types of a protocol tell of its roles, timers and requests.
template <class Node, class Timer, class Request, class Ctx>
struct Facts;
template <class... Roles, class... Timers, class... Requests, class Ctx>
struct Facts<std::variant<Roles...>, std::variant<Timers...>, std::variant<Requests...>, Ctx> {
  template <class T>
  static constexpr bool is_lease() {
    if constexpr (requires { T::lease; }) return T::lease;
    return false;
  }
  static constexpr std::array<Shape, sizeof...(Roles)> shapes{Roles::shape...};
  static constexpr std::array<bool, sizeof...(Timers)> leases{is_lease<Timers>()...};
  template <class R>
  static constexpr std::uint32_t understood_by() {
    std::uint32_t bits = 0;
    std::uint32_t next = 1;
    ((bits |= Handles<Roles, Ctx, R> ? next : 0, next <<= 1), ...);
    return bits;
  }
  static constexpr std::array<std::uint32_t, sizeof...(Requests)> understood{
      understood_by<Requests>()...};
};

}  // namespace detail

template <Protocol P>
const ProtocolInfo& protocol_info() {
  using Facts = detail::Facts<typename P::Node, typename P::Timer, typename P::Request,
                              typename World<P>::Ctx>;
  static const ProtocolInfo info = [] {
    ProtocolInfo made;
    made.name = P::name;
    made.title = P::title;
    made.sentence = P::sentence;
    made.roles = detail::roles_of(schema_of<typename P::Node>, Facts::shapes);
    made.messages = detail::messages_of(schema_of<typename P::Message>);
    made.timers = detail::timers_of(schema_of<typename P::Timer>, Facts::leases);
    made.requests =
        detail::requests_of(schema_of<typename P::Request>, Facts::understood, made.roles);
    for (const auto& parameter : P::parameters()) made.parameters.push_back(parameter.info);
    if constexpr (requires { P::history; }) made.history = P::history;
    if constexpr (requires { P::meters(); }) {
      for (const Meter<P>& meter : P::meters())
        made.meters.push_back({meter.name, meter.unit, meter.sentence});
    }
    for (const Stopwatch<P>& watch : stopwatches_of<P>())
      made.meters.push_back({watch.name, MeterUnit::time_us, watch.sentence});
    return made;
  }();
  return info;
}

template <Protocol P>
class TypedSession final : public Session {
  using Message = typename P::Message;
  using Timer = typename P::Timer;
  using Request = typename P::Request;
  using Node = typename P::Node;

 public:
  // Judged by `properties`, which must outlive all sessions; by default the protocol's own.
  // Errors: what in the setup does not fit the protocol, with its path.
  static Result<std::unique_ptr<Session>> make(
      const Setup& setup, const std::vector<Property<P>>& properties = own_properties()) {
    const ProtocolInfo& info = protocol_info<P>();
    std::vector<std::string> roles;
    for (const RoleInfo& role : info.roles) roles.push_back(role.name);
    Result<Topology> topology = Topology::make(setup.nodes, roles);
    if (!topology) return Error{topology.error()};
    const Status fits = check_setup(setup, topology.value());
    if (!fits) return Error{fits.error()};
    if constexpr (requires { P::nodes_max; }) {
      if (topology.value().node_count() > P::nodes_max) {
        return Error{"nodes: " + std::to_string(topology.value().node_count()) +
                     " nodes; this protocol takes at most " + std::to_string(P::nodes_max)};
      }
    }
    typename P::Params params{};
    for (const auto& [name, value] : setup.parameters) {
      const Result<std::size_t> found = find_parameter(info.parameters, name, value);
      if (!found) return Error{found.error()};
      own_parameters()[found.value()].set(params, value);
    }
    auto shared = std::make_shared<const Topology>(std::move(topology).value());
    std::unique_ptr<TypedSession> session(
        new TypedSession(std::move(shared), params, setup, properties));
    for (std::size_t i = 0; i < setup.script.size(); ++i) {
      const Status known = session->check_input(setup.script[i]);
      if (!known) return Error{"script[" + std::to_string(i) + "]: " + known.error()};
    }
    return std::unique_ptr<Session>(std::move(session));
  }

  std::unique_ptr<Session> clone() const override {
    return std::unique_ptr<Session>(new TypedSession(*this));
  }

  const ProtocolInfo& protocol() const override { return protocol_info<P>(); }
  const Setup& setup() const override { return *setup_; }
  std::int64_t parameter(std::int64_t index) const override {
    return own_parameters()[static_cast<std::size_t>(index)].get(world_.params());
  }

  bool step(Trace* trace) override;
  Time next_due_us() const override;
  Ending ending() const override { return ending_; }
  std::uint64_t steps() const override { return world_.steps(); }
  std::int64_t events() const override { return world_.events(); }
  Time now_us() const override { return world_.now_us(); }
  std::uint64_t trace_hash() const override { return recorder_.hash(); }
  const HashMarks& hash_marks() const override { return recorder_.marks(); }
  std::uint64_t state_hash() const override { return world_.state_hash(); }
  std::int64_t bytes_held() const override {
    return world_.bytes_held() + recorder_.bytes_held() + own_trace_.bytes_of_copy() +
           static_cast<std::int64_t>(sizeof(*this));
  }

  void run_unrecorded(std::shared_ptr<const Setup> setup) override;

  void set_script(std::vector<Input> script, std::int64_t applied) override {
    Setup changed = *setup_;
    changed.script = std::move(script);
    setup_ = std::make_shared<const Setup>(std::move(changed));
    applied_ = applied;
    reopen();
  }
  std::int64_t script_applied() const override { return applied_; }
  void set_until(Time until_us) override {
    Setup changed = *setup_;
    changed.until_us = until_us;
    setup_ = std::make_shared<const Setup>(std::move(changed));
    reopen();
  }
  Status check_input(const Input& input) const override;

  std::int32_t node_count() const override { return world_.topology().node_count(); }
  std::string node_name(NodeId id) const override { return world_.topology().name(id); }
  NodeId find_node(std::string_view name) const override { return world_.topology().find(name); }
  std::int32_t node_role(NodeId id) const override { return world_.topology().role(id); }
  Condition node_condition(NodeId id) const override { return world_.node(id).condition; }
  NodeView node(NodeId id) const override;
  std::vector<MessageView> messages() const override;
  Row message_content(MessageId id) const override;
  std::vector<TimerView> timers() const override;
  std::vector<Row> timer_contents(NodeId id) const override;
  std::vector<std::int64_t> field_numbers(std::string_view path) const override;
  LinkState link(NodeId from, NodeId to) const override {
    return world_.links().is_cut(from, to) ? LinkState::cut : LinkState::open;
  }
  LinkSpec link_spec(NodeId from, NodeId to) const override {
    return world_.links().link(from, to);
  }
  bool linked(NodeId a, NodeId b) const override {
    if (a == b) return false;
    if constexpr (requires { P::linked(std::string_view(), std::string_view()); }) {
      const auto& types = World<P>::role_types();
      const auto role_of = [&](NodeId id) {
        return types[static_cast<std::size_t>(node_role(id))];
      };
      return P::linked(role_of(a), role_of(b)) || P::linked(role_of(b), role_of(a));
    }
    return true;
  }
  const Counters& counters() const override { return world_.counters(); }
  std::int64_t meter(std::int64_t index) const override {
    if constexpr (requires { P::meters(); }) {
      static const std::vector<Meter<P>> meters = P::meters();
      if (index < std::ssize(meters)) return meters[static_cast<std::size_t>(index)].read(view());
    }
    std::int64_t sum = 0;
    for (const std::int64_t part : meter_by_node(index)) sum += part;
    return sum;
  }
  std::vector<std::int64_t> meter_by_node(std::int64_t index) const override;
  std::vector<OperationRecord> history() const override {
    std::vector<OperationRecord> records;
    for (std::int64_t i = 0; i < world_.history().size(); ++i)
      records.push_back(world_.history()[i]);
    return records;
  }
  const std::vector<PropertyState>& properties() const override { return properties_; }
  Row describe_payload(const Event& event) const override;
  std::string describe_operation(const OperationRecord& record) const override;

 private:
  static constexpr bool needs_trace = requires { P::needs_trace; };

  TypedSession(std::shared_ptr<const Topology> topology, const typename P::Params& params,
               const Setup& setup, const std::vector<Property<P>>& properties)
      : checks_(&properties),
        setup_(std::make_shared<const Setup>(setup)),
        world_(topology, params, setup),
        recorder_(topology->node_count()),
        own_trace_(needs_trace ? topology->node_count() : 0, 1 << 16) {
    open_properties();
  }
  TypedSession(const TypedSession&) = default;

  static const std::vector<Property<P>>& own_properties() {
    static const auto properties = P::properties();
    return properties;
  }
  const std::vector<Property<P>>& checks() const { return *checks_; }
  bool asks_of_history(bool at_end);
  static const std::vector<Parameter<typename P::Params>>& own_parameters() {
    static const auto parameters = P::parameters();
    return parameters;
  }
  static constexpr std::uint64_t limit_of_steps() {
    if constexpr (requires { P::steps_max; }) return P::steps_max;
    return steps_max;
  }
  void open_properties();
  void reopen();
  bool step_with(Recorder* recorder);
  void check_properties(bool at_end);
  void finish(Ending ending);
  View<P> view() const { return View<P>(world_, needs_trace ? &own_trace_ : nullptr); }
  void watch(Time time_us, std::vector<Time>& watched_us) const;
  Status check_alter(const Input& input) const;
  // By kind, then by when they are due.
  std::vector<const typename World<P>::TimerSlot*> timers_of(NodeId id) const;

  const std::vector<Property<P>>* checks_;
  std::shared_ptr<const Setup> setup_;
  std::int64_t applied_ = 0;
  // Looking for what comes next throws out what is out of date, which changes nothing that counts.
  mutable World<P> world_;
  Recorder recorder_;
  Trace own_trace_;
  std::vector<PropertyState> properties_;
  std::vector<Time> watched_us_;      // by stopwatch, then node
  std::uint64_t answers_judged_ = 0;  // of operations, when properties of the history were asked
  Ending ending_ = Ending::running;
};

template <Protocol P>
Time TypedSession<P>::next_due_us() const {
  if (ending_ != Ending::running) return never_us;
  const Time world_us = world_.next_due_us();
  const auto& script = setup_->script;
  Time due_us = world_us;
  if (applied_ < static_cast<std::int64_t>(script.size())) {
    due_us = std::min(due_us, script[static_cast<std::size_t>(applied_)].at_us);
  }
  return due_us > setup_->until_us ? never_us : std::max(due_us, world_.now_us());
}

template <Protocol P>
bool TypedSession<P>::step(Trace* trace) {
  recorder_.record_into(trace, needs_trace ? &own_trace_ : nullptr);
  return step_with(&recorder_);
}

template <Protocol P>
void TypedSession<P>::run_unrecorded(std::shared_ptr<const Setup> setup) {
  setup_ = std::move(setup);
  applied_ = 0;
  ending_ = Ending::running;
  world_.restart(*setup_);
  open_properties();
  if constexpr (needs_trace) {  // it judges by what is recorded
    recorder_ = Recorder(node_count());
    own_trace_.truncate(0);
    while (step(nullptr)) {
    }
  } else {
    while (step_with(nullptr)) {
    }
  }
}

template <Protocol P>
bool TypedSession<P>::step_with(Recorder* recorder) {
  if (ending_ != Ending::running) return false;
  if (world_.steps() >= limit_of_steps()) {
    finish(Ending::too_many_steps);
    return false;
  }
  const Time world_us = world_.next_due_us();
  const auto& script = setup_->script;
  const Input* input = nullptr;
  if (applied_ < static_cast<std::int64_t>(script.size())) {
    const Input& next = script[static_cast<std::size_t>(applied_)];
    // An input applies after all that was due by its time. One that counts steps may come before
    // some of what is due at that very time; never earlier, so that time does not jump.
    const bool due =
        world_us > next.at_us || (next.after_step >= 0 && world_us == next.at_us &&
                                  static_cast<std::int64_t>(world_.steps()) >= next.after_step);
    if (due && next.at_us <= setup_->until_us) input = &next;
  }
  if (input == nullptr && world_us > setup_->until_us) {
    finish(world_us == never_us ? Ending::quiet : Ending::end_of_time);
    return false;
  }
  if (recorder != nullptr) watch(input != nullptr ? input->at_us : world_us, watched_us_);
  if (input != nullptr) {
    ++applied_;
    world_.advance_to(input->at_us);
    world_.apply(*input, recorder);
  } else {
    world_.step(recorder);
  }
  check_properties(false);
  return true;
}

// Adds the time from the last step to `time_us` where a stopwatch runs.
template <Protocol P>
void TypedSession<P>::watch(Time time_us, std::vector<Time>& watched_us) const {
  const auto& watches = stopwatches_of<P>();
  const Time passed_us = time_us - world_.now_us();
  if (watches.empty() || passed_us <= 0) return;
  std::size_t at = 0;
  for (const Stopwatch<P>& watch : watches) {
    for (std::int32_t i = 0; i < node_count(); ++i, ++at)
      watched_us[at] += watch.runs(view(), NodeId{i}) ? passed_us : 0;
  }
}

template <Protocol P>
std::vector<std::int64_t> TypedSession<P>::meter_by_node(std::int64_t index) const {
  const auto count = static_cast<std::int64_t>(stopwatches_of<P>().size());
  const std::int64_t meters = std::ssize(protocol_info<P>().meters) - count;
  if (index < meters) return {};
  std::vector<Time> watched_us = watched_us_;
  // A run that is over stays as it is until its end.
  if (ending_ != Ending::running) watch(setup_->until_us, watched_us);
  const auto first = watched_us.begin() + (index - meters) * node_count();
  return {first, first + node_count()};
}

// Of a run in which nothing has happened yet.
template <Protocol P>
void TypedSession<P>::open_properties() {
  watched_us_.assign(stopwatches_of<P>().size() * static_cast<std::size_t>(node_count()), 0);
  properties_.clear();
  answers_judged_ = 0;
  for (const auto& property : checks())
    properties_.push_back(detail::unjudged(property.name, property.sentence, property.kind));
}

// Judging a history costs in proportion to its length. Up to a thousand answers each is judged when
// it comes; from then on so many at a time that the whole stays in proportion.
template <Protocol P>
bool TypedSession<P>::asks_of_history(bool at_end) {
  const std::uint64_t answers = world_.operations_answered();
  const std::uint64_t since = answers - answers_judged_;
  if (since == 0 || (!at_end && answers > 1'000 && since < answers / 64)) return false;
  answers_judged_ = answers;
  return true;
}

template <Protocol P>
void TypedSession<P>::check_properties(bool at_end) {
  const bool told = asks_of_history(at_end);
  const View<P> view(world_, needs_trace ? &own_trace_ : nullptr);
  const detail::Instant now{world_.steps(), world_.events() - 1, world_.now_us()};
  for (std::size_t i = 0; i < properties_.size(); ++i) {
    const auto& property = checks()[i];
    const bool asked =
        property.kind != PropertyKind::always || (property.of_history ? told : !at_end);
    if (asked) detail::judge(properties_[i], at_end, now, [&] { return property.check(view); });
  }
}

template <Protocol P>
void TypedSession<P>::finish(Ending ending) {
  ending_ = ending;
  check_properties(true);
}

// The run goes on: what was judged at its end is open again.
template <Protocol P>
void TypedSession<P>::reopen() {
  if (ending_ == Ending::running) return;
  ending_ = Ending::running;
  for (PropertyState& state : properties_) detail::reopen(state);
}

template <Protocol P>
Status TypedSession<P>::check_input(const Input& input) const {
  const Status shape = check_input_shape(input, world_.topology(), protocol());
  const bool is_fire = input.action == Action::fire;
  if (shape && input.action == Action::alter && input.message.id != 0) return check_alter(input);
  if (!shape || (input.action != Action::request && !is_fire)) return shape;
  const NodeNames names = world_.topology().names();
  Status status = Done{};
  if (is_fire) {
    Timer timer;
    status = make_named(schema_of<Timer>, &timer, input.name, input.arguments, names);
  } else {
    Request request;
    status = make_named(schema_of<Request>, &request, input.name, input.arguments, names);
  }
  const std::string action = is_fire ? "fire." : "request.";
  return status.ok() ? status : Error{action + input.name + ": " + status.error()};
}

// A message that is there can be asked whether it has the field and takes the value.
template <Protocol P>
Status TypedSession<P>::check_alter(const Input& input) const {
  Status status = Done{};
  if (input.arguments.empty()) return status;
  world_.for_each_message([&](const auto& envelope) {
    if (envelope.id != input.message.id) return;
    Message message = envelope.message;
    status = assign_all(schema_of<Message>, &message, {{input.name, input.arguments[0].second}},
                        world_.topology().names());
  });
  return status.ok() ? status : Error{"alter: " + status.error()};
}

template <Protocol P>
NodeView TypedSession<P>::node(NodeId id) const {
  const auto& slot = world_.node(id);
  NodeView view;
  view.id = id;
  view.name = node_name(id);
  view.role = node_role(id);
  view.condition = slot.condition;
  view.since_us = world_.condition_since_us(id);
  view.busy_until_us = slot.busy_until_us;
  view.state = inspect("state", slot.state, world_.topology().names());
  std::visit(
      [&](const auto& role) {
        if constexpr (requires { role.caption(world_.topology().names()); }) {
          view.caption = role.caption(world_.topology().names());
        }
      },
      slot.state);
  const ClockSpec clock = world_.clock_spec(id);
  view.drift_ppm = clock.drift_ppm;
  view.ntp = clock.ntp;
  view.monotonic_us = world_.monotonic(id);
  view.wall_us = world_.wall(id);
  view.wall_error_us = view.wall_us - world_.now_us();
  const Recorder::Stamp stamp = recorder_.stamp(id);
  view.lamport = stamp.lamport;
  view.hybrid_us = stamp.hybrid_us;
  view.hybrid_count = stamp.hybrid_count;
  if (node_count() <= vector_nodes_max) {
    const auto vector = recorder_.vector(id);
    view.vector.assign(vector.begin(), vector.end());
  }
  view.waiting = world_.waiting(id);
  return view;
}

template <Protocol P>
std::vector<MessageView> TypedSession<P>::messages() const {
  std::vector<MessageView> views;
  world_.for_each_message([&](const auto& envelope) {
    MessageView view;
    view.id = envelope.id;
    view.from = envelope.from;
    view.to = envelope.to;
    view.kind = static_cast<std::uint16_t>(envelope.message.index());
    view.status = envelope.status;
    view.doomed = envelope.doom != LossReason::none;
    view.sent_us = envelope.sent_us;
    view.due_us = envelope.due_us;
    view.send_event = envelope.send_event;
    views.push_back(std::move(view));
  });
  detail::sort_by_id(views);
  return views;
}

template <Protocol P>
Row TypedSession<P>::message_content(MessageId id) const {
  Row row;
  world_.for_each_message([&](const auto& envelope) {
    if (envelope.id == id) row = inspect("message", envelope.message, world_.topology().names());
  });
  return row;
}

template <Protocol P>
auto TypedSession<P>::timers_of(NodeId id) const
    -> std::vector<const typename World<P>::TimerSlot*> {
  std::vector<detail::PlacedTimer> placed;
  world_.for_each_timer(id, [&](const auto& timer) {
    placed.push_back({timer.timer.index(), timer.due_us, timer.sequence, &timer});
  });
  detail::sort_timers(placed);
  std::vector<const typename World<P>::TimerSlot*> found;
  for (const detail::PlacedTimer& one : placed)
    found.push_back(static_cast<const typename World<P>::TimerSlot*>(one.slot));
  return found;
}

template <Protocol P>
std::vector<TimerView> TypedSession<P>::timers() const {
  std::vector<TimerView> views;
  for (std::int32_t i = 0; i < node_count(); ++i) {
    for (const auto* timer : timers_of(NodeId{i})) {
      views.push_back({NodeId{i}, static_cast<std::uint16_t>(timer->timer.index()), timer->set_us,
                       timer->due_us});
    }
  }
  return views;
}

template <Protocol P>
std::vector<Row> TypedSession<P>::timer_contents(NodeId id) const {
  std::vector<Row> rows;
  for (const auto* timer : timers_of(id))
    rows.push_back(inspect("timer", timer->timer, world_.topology().names()));
  return rows;
}

template <Protocol P>
std::vector<std::int64_t> TypedSession<P>::field_numbers(std::string_view path) const {
  std::vector<std::int64_t> numbers;
  numbers.reserve(static_cast<std::size_t>(node_count()));
  for (std::int32_t i = 0; i < node_count(); ++i) {
    const auto role = held_by(schema_of<Node>, &world_.node(NodeId{i}).state);
    numbers.push_back(number_at(*role.schema, role.value, path).value_or(no_number));
  }
  return numbers;
}

template <Protocol P>
Row TypedSession<P>::describe_payload(const Event& event) const {
  const NodeNames names = world_.topology().names();
  const auto row_of = [&]<class T>() {
    T value{};
    ByteReader reader(event.payload);
    return decode(reader, value) ? inspect("payload", value, names) : Row{};
  };
  if (event.payload.empty()) return {};
  switch (event.kind) {
    case EventKind::send:
    case EventKind::deliver:
    case EventKind::lost:
    case EventKind::tampered:
      return row_of.template operator()<Message>();
    case EventKind::wait:
      if (event.peer != nobody) return row_of.template operator()<Message>();
      return row_of.template operator()<Timer>();
    case EventKind::timer:
    case EventKind::lease_begin:
    case EventKind::lease_end:
      return row_of.template operator()<Timer>();
    case EventKind::request:
      return row_of.template operator()<Request>();
    case EventKind::network:
      return row_of.template operator()<std::vector<std::vector<NodeId>>>();
    case EventKind::clock:
      return row_of.template operator()<std::vector<std::int64_t>>();
    default:
      return {};
  }
}

template <Protocol P>
std::string TypedSession<P>::describe_operation(const OperationRecord& record) const {
  if constexpr (requires { P::describe(record, world_.topology().names()); }) {
    return P::describe(record, world_.topology().names());
  }
  return std::string(record.operation.name) + " " + std::to_string(record.operation.argument);
}

}  // namespace netsplit
