// A Session over a world: scripted inputs, properties, meters and all that is shown of a run, the
// same for every protocol. What only the protocol's types tell is asked of TypedSession<P>.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/sim/recorder.h"
#include "core/sim/session.h"
#include "core/sim/world_base.h"

namespace netsplit {

// How a protocol's runs are judged and bounded.
struct SessionRules {
  const ProtocolInfo* info;
  std::int64_t stopwatches = 0;  // the last of the meters
  std::uint64_t steps_max = 0;
  bool needs_trace = false;  // its properties look at what was recorded
};

class WorldSession : public Session {
 public:
  ~WorldSession() override;

  const ProtocolInfo& protocol() const override { return *rules_->info; }
  const Setup& setup() const override { return *setup_; }

  bool step(Trace* trace) override;
  Time next_due_us() const override;
  Ending ending() const override { return ending_; }
  std::uint64_t steps() const override { return world().steps(); }
  std::int64_t events() const override { return world().events(); }
  Time now_us() const override { return world().now_us(); }
  std::uint64_t trace_hash() const override { return recorder_.hash(); }
  const HashMarks& hash_marks() const override { return recorder_.marks(); }
  std::uint64_t state_hash() const override { return world().state_hash(); }
  std::int64_t bytes_held() const override {
    return world().bytes_held() + recorder_.bytes_held() + own_trace_.bytes_of_copy() +
           static_cast<std::int64_t>(sizeof(*this));
  }
  void run_unrecorded(std::shared_ptr<const Setup> setup) override;

  void set_script(std::vector<Input> script, std::int64_t applied) override;
  std::int64_t script_applied() const override { return applied_; }
  void set_until(Time until_us) override;
  Status check_input(const Input& input) const override;

  std::int32_t node_count() const override { return world().topology().node_count(); }
  std::string node_name(NodeId id) const override { return world().topology().name(id); }
  NodeId find_node(std::string_view name) const override { return world().topology().find(name); }
  std::int32_t node_role(NodeId id) const override { return world().topology().role(id); }
  Condition node_condition(NodeId id) const override { return world().node(id).condition; }
  NodeView node(NodeId id) const override;
  std::vector<MessageView> messages() const override;
  Row message_content(MessageId id) const override;
  std::vector<TimerView> timers() const override;
  std::vector<Row> timer_contents(NodeId id) const override;
  std::vector<std::int64_t> field_numbers(std::string_view path) const override;
  LinkState link(NodeId from, NodeId to) const override {
    return world().links().is_cut(from, to) ? LinkState::cut : LinkState::open;
  }
  LinkSpec link_spec(NodeId from, NodeId to) const override {
    return world().links().link(from, to);
  }
  bool linked(NodeId a, NodeId b) const override {
    return a != b && roles_talk(node_role(a), node_role(b));
  }
  const Counters& counters() const override { return world().counters(); }
  std::int64_t meter(std::int64_t index) const override;
  std::vector<std::int64_t> meter_by_node(std::int64_t index) const override;
  std::vector<OperationRecord> history() const override;
  const std::vector<PropertyState>& properties() const override { return properties_; }
  Row describe_payload(const Event& event) const override;

 protected:
  WorldSession(const SessionRules& rules, const Setup& setup, std::int32_t node_count);
  WorldSession(const WorldSession&);

  // Errors: what in the setup does not fit the protocol, with its path.
  static Result<std::shared_ptr<const Topology>> topology_of(const ProtocolInfo& info,
                                                             const Setup& setup,
                                                             std::int32_t nodes_max);
  Status check_script() const;
  // Nothing has happened yet.
  void open(std::vector<PropertyState> properties);
  const Trace* own_trace() const { return rules_->needs_trace ? &own_trace_ : nullptr; }

  // Looking for what comes next throws out what is out of date, which changes nothing that counts.
  virtual WorldBase& world() const = 0;
  virtual std::vector<PropertyState> unjudged() const = 0;
  virtual Verdict ask(std::size_t property) const = 0;
  virtual std::int64_t read_meter(std::size_t index) const = 0;
  virtual bool stopwatch_runs(std::size_t stopwatch, NodeId id) const = 0;
  virtual std::string caption(NodeId id) const = 0;
  virtual bool roles_talk(std::int32_t a, std::int32_t b) const = 0;

 private:
  bool step_with(Recorder* recorder);
  const Input* due_input(Time world_us) const;
  bool asks_of_history(bool at_end);
  void check_properties(bool at_end);
  void finish(Ending ending);
  void change_setup(Setup changed);
  void watch(Time time_us, std::vector<Time>& watched_us) const;
  Status check_alter(const Input& input) const;
  struct PlacedTimer {
    const WorldBase::TimerRecord* record;
    const void* content;
  };
  std::vector<PlacedTimer> timers_of(NodeId id) const;  // by kind, then by when they are due

  const SessionRules* rules_;
  std::shared_ptr<const Setup> setup_;
  std::int64_t applied_ = 0;
  Recorder recorder_;
  Trace own_trace_;
  std::vector<PropertyState> properties_;
  std::vector<Time> watched_us_;      // by stopwatch, then node
  std::uint64_t answers_judged_ = 0;  // of operations, when properties of the history were asked
  Ending ending_ = Ending::running;
};

}  // namespace netsplit
