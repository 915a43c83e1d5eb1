// A protocol's handlers as a check sees them: what one event makes of a node, in parts that are
// told apart by the hash of their content.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/append_log.h"
#include "core/base/encode.h"
#include "core/check/checked_protocol.h"
#include "core/check/local.h"
#include "core/check/renaming.h"
#include "core/sim/input.h"
#include "core/sim/operation.h"
#include "core/sim/property.h"
#include "core/sim/session.h"
#include "core/sim/view.h"

namespace netsplit::check {

// A node by itself: its state with all that belongs to it.
struct NodePart {
  std::shared_ptr<const Local> content;
  std::uint64_t key = 0;  // hash of the content and of which node it is
  NodeId node;
  Condition condition = Condition::up;
  std::uint32_t lines = 0;         // of the script for this node, that have happened
  std::uint32_t timers = 0;        // how many run
  std::vector<std::uint32_t> due;  // the places of those that may run out next
  bool held_back = false;          // another one might, but has done so as often as it may
  std::int64_t content_bytes = 0;  // roughly

  std::int64_t bytes_elsewhere() const {
    return content_bytes + static_cast<std::int64_t>(due.size() * sizeof(due[0]));
  }
};

// A message on its way.
struct Letter {
  NodeId from;
  NodeId to;
  Content content;                 // of the protocol's type of messages
  std::uint64_t key = 0;           // hash of all the above
  bool in_order = false;           // its link lets none overtake another
  std::int64_t content_bytes = 0;  // roughly

  std::int64_t bytes_elsewhere() const { return content_bytes; }
};

// A line of the script that may happen at any moment after those before it at the same node; also
// where it has no effect, as a request to a node that is down.
struct Line {
  Action action{};  // request, join or leave
  Input input;      // for this node alone
  Content request;  // null where its name or an argument does not fit
};

inline bool has_effect(const Line& line, Condition condition) {
  if (line.action == Action::request) return condition == Condition::up;
  return (line.action == Action::join) == (condition == Condition::absent);
}

// What happens to a node.
enum class Cause : std::uint8_t { start, message, timer, line, crash, restart };

// The ways an event can go.
struct Outcomes {
  struct One {
    std::vector<std::uint32_t> choices;  // what choose(n) gave
    NodePart node;
    std::vector<Letter> sends;
    std::vector<HistoryEffect> history;
  };
  std::vector<One> list;  // no two that come to the same
  bool read_a_clock = false;
  bool cut_short = false;  // there were more ways than outcomes_max
};
inline constexpr std::size_t outcomes_max = 4096;

// Two ways that come to the same have the same bytes.
std::string comes_to(const Outcomes::One& way);

// The history of a state, as properties see it.
using Records = AppendLog<OperationRecord, 64>;

// Asks the protocol's properties about one state after another.
class Judge {
 public:
  // Both must outlive the judge.
  Judge(const CheckedProtocol& protocol, const Topology& topology, const void* params);
  // `nodes` by number. All must outlive the questions about them.
  void look_at(const std::vector<const NodePart*>& nodes, const std::vector<const Letter*>& letters,
               const Records& history);
  // `asked_for_more` becomes true where a property looks at what a check does not have.
  Verdict judge(std::size_t property, bool& asked_for_more);

 private:
  const CheckedProtocol& protocol_;
  Moment moment_;
};

// Of what a part holds: its type, and its fields with their values.
struct InWords {
  std::string_view type;
  std::string content;  // may be empty
};

class Handlers {
 public:
  // `params`: the protocol's. `repeats`: how often a timer of a node may run out.
  Handlers(const CheckedProtocol& protocol, std::shared_ptr<const Topology> topology,
           Content params, std::uint32_t repeats)
      : protocol_(protocol),
        types_(*protocol.types),
        topology_(std::move(topology)),
        params_(std::move(params)),
        repeats_(repeats) {}

  const CheckedProtocol& protocol() const { return protocol_; }
  std::unique_ptr<Judge> judge() const {
    return std::make_unique<Judge>(protocol_, *topology_, params_.get());
  }

  // Of the same nodes and parameters.
  std::unique_ptr<WorldBase> world(const Setup& setup) const {
    return protocol_.world(topology_, params_.get(), setup);
  }

  NodePart absent(NodeId node) const;  // has not joined
  Content request_of(const Input& input) const;

  // May be called by several threads at the same time. `place` is the timer's; `letter` and `line`
  // are what comes, where that is the cause.
  struct Coming {
    Cause cause{};
    std::uint32_t place = 0;
    const Letter* letter = nullptr;
    const Line* line = nullptr;
  };
  Outcomes outcomes(const NodePart& node, const Coming& coming) const;

  // The same of the nodes that a renaming puts in the place of others.
  NodePart renamed(const NodePart& node, const Renaming& renaming) const;
  Letter renamed(const Letter& letter, const Renaming& renaming) const;
  Operation renamed(Operation operation, const Renaming& renaming) const;
  // Where the timer at `place` is found in what the node becomes.
  std::uint32_t renamed_timer(const NodePart& node, std::uint32_t place, const NodePart& other,
                              const Renaming& renaming) const;
  bool same_request(const Line& own, const Line& other, const Renaming& renaming) const;

  // Content as bytes. Reading gives false when that was not written by `write`.
  void write(const NodePart& node, ByteWriter& writer) const;
  void write(const Letter& letter, ByteWriter& writer) const;
  bool read(NodePart& node, ByteReader& reader) const;  // knows which node it is
  bool read(Letter& letter, ByteReader& reader) const;  // knows its ends

  std::string in_words(const NodePart& node) const;
  InWords in_words(const Letter& letter) const;
  InWords in_words_of_timer(const NodePart& node, std::uint32_t place) const;

 private:
  struct Run;

  NodePart part_of(NodeId node, Local local) const;
  Letter letter_of(NodeId from, NodeId to, Content message) const;
  void call(Run& run, const Happening& happening) const;
  void go_down(Run& run, Condition condition) const;
  void come_up(Run& run, Happening::Kind kind) const;
  void run_out(Run& run, std::uint32_t place) const;
  void take_line(Run& run, const Line& line) const;
  void happen(Run& run, const Coming& coming) const;
  void set_timers(Run& run) const;
  Outcomes::One outcome(const NodePart& node, const Coming& coming,
                        const std::vector<std::uint32_t>& answers,
                        std::vector<std::uint32_t>& asked, bool& read_a_clock) const;
  InWords words_of(const ValueType& type, const void* value) const;

  const CheckedProtocol& protocol_;
  const WorldTypes& types_;
  std::shared_ptr<const Topology> topology_;
  Content params_;
  std::uint32_t repeats_;
};

}  // namespace netsplit::check
