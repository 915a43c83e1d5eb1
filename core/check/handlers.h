// A protocol's handlers as a check sees them: what one event makes of a node, in parts that are
// told apart by the hash of their content. What is in a part only the protocol knows
// (protocol_handlers.h); all else of a check is the same for every protocol.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/append_log.h"
#include "core/base/encode.h"
#include "core/check/renaming.h"
#include "core/sim/input.h"
#include "core/sim/operation.h"
#include "core/sim/property.h"
#include "core/sim/session.h"

namespace netsplit::check {

// A node by itself: its state with all that belongs to it.
struct NodePart {
  std::shared_ptr<const void> content;
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
  std::shared_ptr<const void> content;
  std::uint64_t key = 0;           // hash of all the above
  bool in_order = false;           // its link lets none overtake another
  std::int64_t content_bytes = 0;  // roughly

  std::int64_t bytes_elsewhere() const { return content_bytes; }
};

// A line of the script that may happen at any moment after those before it at the same node; also
// where it has no effect, as a request to a node that is down.
struct Line {
  Action action{};                      // request, join or leave
  Input input;                          // for this node alone
  std::shared_ptr<const void> request;  // null where its name or an argument does not fit
};

inline bool has_effect(const Line& line, Condition condition) {
  if (line.action == Action::request) return condition == Condition::up;
  return (line.action == Action::join) == (condition == Condition::absent);
}

// What happens to a node.
enum class Cause : std::uint8_t { start, message, timer, line, crash, restart };

// What a step does to the history of the clients' operations.
struct HistoryEffect {
  enum class Kind : std::uint8_t { invoke, complete, crash };
  Kind kind{};
  std::uint32_t number = 0;
  Operation operation;
  Outcome outcome{};
  std::int64_t result = 0;
};

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
  virtual ~Judge() = default;
  // `nodes` by number. All must outlive the questions about them.
  virtual void look_at(const std::vector<const NodePart*>& nodes,
                       const std::vector<const Letter*>& letters, const Records& history) = 0;
  // `asked_for_more` becomes true where a property looks at what a check does not have.
  virtual Verdict judge(std::size_t property, bool& asked_for_more) = 0;
};

struct AskedProperty {
  std::string_view name;
  std::string_view sentence;
  PropertyKind kind{};
  bool of_history = false;  // it looks at the clients' history alone
};

// Of what a part holds: its type, and its fields with their values.
struct InWords {
  std::string_view type;
  std::string content;  // may be empty
};

// How many follow; never more than there are bytes.
inline std::size_t count_in(ByteReader& reader) {
  const std::uint64_t count = reader.integer();
  return count <= reader.remaining() ? static_cast<std::size_t>(count) : 0;
}

class Handlers {
 public:
  virtual ~Handlers() = default;

  virtual const std::vector<AskedProperty>& properties() const = 0;
  virtual bool needs_trace() const = 0;  // the properties look at the trace of one run
  virtual std::unique_ptr<Judge> judge() const = 0;

  virtual NodePart absent(NodeId node) const = 0;  // has not joined
  virtual std::shared_ptr<const void> request_of(const Input& input) const = 0;

  // May be called by several threads at the same time. `place` is the timer's; `letter` and `line`
  // are what comes, where that is the cause.
  struct Coming {
    Cause cause{};
    std::uint32_t place = 0;
    const Letter* letter = nullptr;
    const Line* line = nullptr;
  };
  virtual Outcomes outcomes(const NodePart& node, const Coming& coming) const = 0;

  // The same of the nodes that a renaming puts in the place of others.
  virtual NodePart renamed(const NodePart& node, const Renaming& renaming) const = 0;
  virtual Letter renamed(const Letter& letter, const Renaming& renaming) const = 0;
  virtual Operation renamed(const Operation& operation, const Renaming& renaming) const = 0;
  // Where the timer at `place` is found in what the node becomes.
  virtual std::uint32_t renamed_timer(const NodePart& node, std::uint32_t place,
                                      const NodePart& other, const Renaming& renaming) const = 0;
  virtual bool same_request(const Line& own, const Line& other, const Renaming& renaming) const = 0;

  // Content as bytes. Reading gives false when that was not written by `write`.
  virtual void write(const NodePart& node, ByteWriter& writer) const = 0;
  virtual void write(const Letter& letter, ByteWriter& writer) const = 0;
  virtual bool read(NodePart& node, ByteReader& reader) const = 0;  // knows which node it is
  virtual bool read(Letter& letter, ByteReader& reader) const = 0;  // knows its ends

  virtual std::string in_words(const NodePart& node) const = 0;
  virtual InWords in_words(const Letter& letter) const = 0;
  virtual InWords in_words_of_timer(const NodePart& node, std::uint32_t place) const = 0;
};

}  // namespace netsplit::check
