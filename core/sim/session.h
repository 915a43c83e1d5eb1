// One run of any protocol: the single virtual edge between the typed engine and those who show or
// judge it. A session is a value behind a pointer: clone() is a snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/inspect.h"
#include "core/sim/event.h"
#include "core/sim/hash_marks.h"
#include "core/sim/input.h"
#include "core/sim/operation.h"
#include "core/sim/property.h"
#include "core/sim/protocol_info.h"
#include "core/sim/setup.h"
#include "core/sim/trace.h"

namespace netsplit {

enum class Condition : std::uint8_t { up, paused, down, absent };

struct NodeView {
  NodeId id;
  std::string name;
  std::int32_t role = 0;  // index into ProtocolInfo::roles
  Condition condition{};
  Time since_us = 0;  // when the condition began
  Time busy_until_us = 0;
  std::string caption;  // what the node believes, in words; may be empty
  Row state;            // group of fields; those that survive a crash are under "disk"
  std::int64_t drift_ppm = 0;
  bool ntp = false;
  Time monotonic_us = 0;
  Time wall_us = 0;
  Time wall_error_us = 0;  // wall clock minus true time
  std::uint64_t lamport = 0;
  std::vector<std::uint32_t> vector;
  Time hybrid_us = 0;
  std::uint32_t hybrid_count = 0;
  std::int32_t waiting = 0;  // deliveries and timers in its inbox
};

enum class MessageStatus : std::uint8_t { in_flight, held, waiting };

struct MessageView {
  MessageId id = 0;
  NodeId from;
  NodeId to;
  std::uint16_t kind = 0;  // index into ProtocolInfo::messages
  MessageStatus status{};  // held: at a cut link; waiting: in the receiver's inbox
  Time sent_us = 0;
  Time due_us = 0;
  EventIndex send_event = no_event;
  bool doomed = false;  // the network loses it half-way, at due_us
};

struct TimerView {
  NodeId node;
  std::uint16_t kind = 0;  // index into ProtocolInfo::timers
  Time set_us = 0;
  Time due_us = 0;
};

enum class LinkState : std::uint8_t { open, cut };

// Why a run does not go on.
enum class Ending : std::uint8_t { running, quiet, end_of_time, too_many_steps };

class Session {
 public:
  virtual ~Session() = default;
  virtual std::unique_ptr<Session> clone() const = 0;

  virtual const ProtocolInfo& protocol() const = 0;
  virtual const Setup& setup() const = 0;
  virtual std::int64_t parameter(std::int64_t index) const = 0;

  // Running. step() does the next delivery, timer or scripted input; false when there is none left
  // before setup().until_us. What happens is appended to `trace`, when given.
  virtual bool step(Trace* trace) = 0;
  virtual Time next_due_us() const = 0;  // never_us when nothing is left
  virtual Ending ending() const = 0;
  virtual std::uint64_t steps() const = 0;
  virtual std::int64_t events() const = 0;       // so far
  virtual Time now_us() const = 0;               // of the last step
  virtual std::uint64_t trace_hash() const = 0;  // of every event so far
  virtual const HashMarks& hash_marks() const = 0;
  virtual std::uint64_t state_hash() const = 0;  // of the world as a value
  virtual std::int64_t bytes_held() const = 0;   // roughly, of a clone
  // Begins again with another setup and goes on to the end, judged as always but without stamps and
  // hash, for a search through many runs. Afterwards ending(), steps(), now_us(), counters(),
  // history() and properties() tell how it went, and nothing else does.
  // Requires: the setup differs from a sound one in seed, network, links, script and end alone; its
  // links and inputs name nodes, requests and messages that there are.
  virtual void run_unrecorded(std::shared_ptr<const Setup> setup) = 0;

  // Replaces the inputs that have not yet been applied. script_applied() of them have.
  virtual void set_script(std::vector<Input> script, std::int64_t applied) = 0;
  virtual std::int64_t script_applied() const = 0;
  virtual void set_until(Time until_us) = 0;
  // Errors: names what the input refers to that this run does not have.
  virtual Status check_input(const Input& input) const = 0;

  // Looking.
  virtual std::int32_t node_count() const = 0;
  virtual std::string node_name(NodeId id) const = 0;
  virtual std::int32_t node_role(NodeId id) const = 0;
  virtual Condition node_condition(NodeId id) const = 0;
  virtual NodeView node(NodeId id) const = 0;
  virtual NodeId find_node(std::string_view name) const = 0;     // nobody when there is none
  virtual std::vector<MessageView> messages() const = 0;         // by number
  virtual Row message_content(MessageId id) const = 0;           // of one that has not arrived
  virtual std::vector<TimerView> timers() const = 0;             // by node, then kind
  virtual std::vector<Row> timer_contents(NodeId id) const = 0;  // of the node's, in that order
  // The number behind one field (core/base/inspect.h) of every node's state, by its path
  // ("disk.term"); no_number where there is none. For a picture of very many nodes.
  static constexpr std::int64_t no_number = INT64_MIN;
  virtual std::vector<std::int64_t> field_numbers(std::string_view path) const = 0;
  virtual LinkState link(NodeId from, NodeId to) const = 0;
  virtual LinkSpec link_spec(NodeId from, NodeId to) const = 0;
  virtual bool linked(NodeId a, NodeId b) const = 0;  // do their roles ever talk?
  virtual const Counters& counters() const = 0;
  virtual std::int64_t meter(
      std::int64_t index) const = 0;  // of ProtocolInfo::meters, as it stands
  // The part of each node; empty when the meter does not go by nodes.
  virtual std::vector<std::int64_t> meter_by_node(std::int64_t index) const = 0;
  virtual std::vector<OperationRecord> history() const = 0;
  virtual const std::vector<PropertyState>& properties() const = 0;
  virtual Row describe_payload(
      const Event& event) const = 0;  // content of a message, timer, request
  virtual std::string describe_operation(const OperationRecord& record) const = 0;
  // What its client was told beyond OK: "5" of a read; empty where that is all, or nothing yet.
  virtual std::string describe_answer(const OperationRecord& record) const = 0;
};

// `Granted · 33, 5 s`: a message's name and content on one line.
std::string label_of(const Session& session, const MessageView& message);
// A sentence: "bob sends Write (bob, 34) to storage", "alice is paused".
std::string sentence_of(const Session& session, const Event& event);

namespace detail {

// How a property stands: before the first step, after each, and when a run that was over goes on.
// An *always* is asked until it is violated, a *sometimes* until it holds, the others at the end.
struct Instant {
  std::uint64_t steps;
  EventIndex last_event;
  Time now_us;
};
PropertyState unjudged(std::string_view name, std::string_view sentence, PropertyKind kind,
                       bool of_history = false);
void judge(PropertyState& state, bool at_end, const Instant& now, FunctionRef<Verdict()> check);
void reopen(PropertyState& state);

}  // namespace detail

}  // namespace netsplit
