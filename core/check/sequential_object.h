// One independent part of a history, compiled for the search: few kinds of operations on states
// that are numbers, so that a step is a comparison and equal states are equal numbers.
//
// A lock is a register that is exchanged between "free" and its holder, an element of a set is a
// register that holds 0 or 1. Values that no answer speaks of are one value, "unseen": nobody can
// tell them apart. For the same reason the state of a text that is appended to is a place in the
// texts that were read: which of them begins with it, and how much of that has been written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hash.h"
#include "core/check/linearizability.h"

namespace netsplit::check {

enum class StepKind : std::uint8_t {
  read,       // the state is `a`
  write,      // becomes `a`
  exchange,   // was `a`, becomes `b`
  refuse,     // is not `a`
  try_write,  // an exchange whose outcome is unknown: becomes `b` where it is `a`
  append,     // of the text numbered `a`
  enqueue,    // of `a`
  dequeue,    // of `a`
  try_dequeue
};

struct StepOperation {
  StepKind kind{};
  std::int64_t a = 0;
  std::int64_t b = 0;
};

inline constexpr std::int64_t does_not_fit = -1;

class SequentialObject {
 public:
  // `part` are indices into the history's operations. Requires: none of them failed; the history
  // outlives this.
  SequentialObject(const History& history, const std::vector<std::int32_t>& part);

  const std::vector<StepOperation>& operations() const { return operations_; }  // as in `part`
  std::int64_t initial() const { return initial_; }

  // The state after the operation, at least 0, or `does_not_fit`.
  std::int64_t step(std::int64_t state, const StepOperation& operation) {
    switch (operation.kind) {
      case StepKind::read:
        return state == operation.a ? state : does_not_fit;
      case StepKind::write:
        return operation.a;
      case StepKind::exchange:
      case StepKind::try_write:
        return state == operation.a ? operation.b : does_not_fit;
      case StepKind::refuse:
        return state != operation.a ? state : does_not_fit;
      default:
        return step_slowly(state, operation);
    }
  }
  // Wherever it fits, it leaves the state as it is.
  bool only_looks(const StepOperation& operation) const;
  std::int64_t bytes() const { return bytes_; }

 private:
  void compile_numbers(const History& history, const std::vector<std::int32_t>& part);
  void compile_texts(const History& history, const std::vector<std::int32_t>& part);
  void compile_queue(const History& history, const std::vector<std::int32_t>& part);
  std::int64_t step_slowly(std::int64_t state, const StepOperation& operation);
  std::int64_t append(std::int64_t state, std::string_view text) const;
  std::int64_t place_of(std::string_view text) const;
  std::int64_t number_of(const std::vector<std::int64_t>& list);
  void grow_numbers();

  std::vector<StepOperation> operations_;
  std::int64_t initial_ = 0;
  std::int64_t bytes_ = 0;

  // Texts. `longest_` is sorted, and none begins another; `common_[i]` is how many bytes the i-th
  // shares with the next.
  const std::vector<std::string>* texts_ = nullptr;
  std::vector<std::string_view> longest_;
  std::vector<std::size_t> common_;

  // Queues: a state is the number of a list that was made before.
  std::vector<std::vector<std::int64_t>> lists_;
  std::vector<std::int32_t> numbers_;  // open addressing by content; -1 is free
  std::vector<std::int64_t> next_list_;
};

}  // namespace netsplit::check
