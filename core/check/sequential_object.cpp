#include "core/check/sequential_object.h"

#include <algorithm>

#include "core/base/assert.h"

namespace netsplit::check {
namespace {

constexpr std::int64_t unseen_text = INT64_MAX;
constexpr int length_bits = 32;

std::uint64_t hash_of_list(const std::vector<std::int64_t>& list) {
  Hasher hasher;
  for (const std::int64_t value : list) hasher.integer(static_cast<std::uint64_t>(value));
  return hasher.digest();
}

}  // namespace

SequentialObject::SequentialObject(const History& history, const std::vector<std::int32_t>& part) {
  operations_.reserve(part.size());
  switch (history.object) {
    case ObjectKind::key_value:
      compile_texts(history, part);
      break;
    case ObjectKind::queue:
      compile_queue(history, part);
      break;
    default:
      compile_numbers(history, part);
      break;
  }
}

void SequentialObject::compile_numbers(const History& history,
                                       const std::vector<std::int32_t>& part) {
  // What the part's operations are on a register of numbers.
  const auto meaning = [](const HistoryOperation& op) -> StepOperation {
    const bool known = op.outcome == Outcome::ok;
    const std::int64_t holder = std::int64_t{op.client} + 1;
    switch (op.verb) {
      case Verb::read:
      case Verb::contains:
        return {StepKind::read, op.result, 0};
      case Verb::write:
        return {StepKind::write, op.argument, 0};
      case Verb::cas:
        if (known && op.result == 0) return {StepKind::refuse, op.expected, 0};
        return {known ? StepKind::exchange : StepKind::try_write, op.expected, op.argument};
      case Verb::acquire:
        return {known ? StepKind::exchange : StepKind::try_write, 0, holder};
      case Verb::release:
        return {known ? StepKind::exchange : StepKind::try_write, holder, 0};
      case Verb::add:
        return {StepKind::write, 1, 0};
      case Verb::remove:
        return {StepKind::write, 0, 0};
      default:
        NETSPLIT_ASSERT(false);
        return {};
    }
  };
  std::vector<std::int64_t> seen;
  for (const std::int32_t i : part) {
    operations_.push_back(meaning(history.operations[static_cast<std::size_t>(i)]));
    if (operations_.back().kind != StepKind::write) seen.push_back(operations_.back().a);
  }
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  // 0 is unseen.
  const auto number = [&](std::int64_t value) -> std::int64_t {
    const auto at = std::lower_bound(seen.begin(), seen.end(), value);
    return at != seen.end() && *at == value ? 1 + (at - seen.begin()) : 0;
  };
  for (StepOperation& operation : operations_) {
    operation.a = number(operation.a);
    operation.b = number(operation.b);
  }
  const bool is_register =
      history.object == ObjectKind::reg || history.object == ObjectKind::cas_register;
  initial_ = number(is_register ? nothing : 0);
}

void SequentialObject::compile_texts(const History& history,
                                     const std::vector<std::int32_t>& part) {
  texts_ = &history.texts;
  const auto text = [&](std::int64_t i) {
    return std::string_view((*texts_)[static_cast<std::size_t>(i)]);
  };
  std::vector<std::string_view> seen{std::string_view()};
  for (const std::int32_t i : part) {
    const HistoryOperation& op = history.operations[static_cast<std::size_t>(i)];
    if (op.verb == Verb::read) seen.push_back(text(op.result));
    if (op.verb == Verb::cas) seen.push_back(text(op.expected));
  }
  std::sort(seen.begin(), seen.end());
  // In sorted order a text stands right before those that begin with it.
  for (const std::string_view one : seen) {
    if (!longest_.empty() && one.substr(0, longest_.back().size()) == longest_.back()) {
      longest_.back() = one;
    } else {
      longest_.push_back(one);
    }
  }
  for (std::size_t i = 0; i + 1 < longest_.size(); ++i) {
    const std::string_view a = longest_[i];
    const std::string_view b = longest_[i + 1];
    const std::size_t both = std::min(a.size(), b.size());
    common_.push_back(static_cast<std::size_t>(
        std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(both), b.begin()).first -
        a.begin()));
  }
  for (const std::int32_t i : part) {
    const HistoryOperation& op = history.operations[static_cast<std::size_t>(i)];
    const bool known = op.outcome == Outcome::ok;
    switch (op.verb) {
      case Verb::read:
        operations_.push_back({StepKind::read, place_of(text(op.result)), 0});
        break;
      case Verb::write:
        operations_.push_back({StepKind::write, place_of(text(op.argument)), 0});
        break;
      case Verb::cas:
        operations_.push_back(
            {known ? (op.result == 0 ? StepKind::refuse : StepKind::exchange) : StepKind::try_write,
             place_of(text(op.expected)), place_of(text(op.argument))});
        break;
      default:
        operations_.push_back({StepKind::append, op.argument, 0});
    }
  }
  initial_ = place_of({});
}

// A state is (the first of `longest_` that begins with the text, the text's length).
std::int64_t SequentialObject::place_of(std::string_view text) const {
  const auto at = std::lower_bound(longest_.begin(), longest_.end(), text);
  if (at == longest_.end() || at->substr(0, text.size()) != text) return unseen_text;
  return static_cast<std::int64_t>(at - longest_.begin()) << length_bits |
         static_cast<std::int64_t>(text.size());
}

std::int64_t SequentialObject::append(std::int64_t state, std::string_view text) const {
  if (state == unseen_text || text.empty()) return state;
  auto at = static_cast<std::size_t>(state >> length_bits);
  const auto length = static_cast<std::size_t>(state & ((std::int64_t{1} << length_bits) - 1));
  while (true) {
    if (longest_[at].size() >= length + text.size() &&
        longest_[at].substr(length, text.size()) == text) {
      return static_cast<std::int64_t>(at) << length_bits |
             static_cast<std::int64_t>(length + text.size());
    }
    if (at >= common_.size() || common_[at] < length) return unseen_text;
    ++at;
  }
}

void SequentialObject::compile_queue(const History& history,
                                     const std::vector<std::int32_t>& part) {
  for (const std::int32_t i : part) {
    const HistoryOperation& op = history.operations[static_cast<std::size_t>(i)];
    if (op.verb == Verb::enqueue) {
      operations_.push_back({StepKind::enqueue, op.argument, 0});
    } else {
      const bool known = op.outcome == Outcome::ok;
      operations_.push_back({known ? StepKind::dequeue : StepKind::try_dequeue, op.result, 0});
    }
  }
  initial_ = number_of({});
}

std::int64_t SequentialObject::step_slowly(std::int64_t state, const StepOperation& operation) {
  if (operation.kind == StepKind::append)
    return append(state, (*texts_)[static_cast<std::size_t>(operation.a)]);
  const std::vector<std::int64_t>& list = lists_[static_cast<std::size_t>(state)];
  if (operation.kind == StepKind::enqueue) {
    next_list_ = list;
    next_list_.push_back(operation.a);
    return number_of(next_list_);
  }
  if (operation.kind == StepKind::dequeue &&
      operation.a != (list.empty() ? nothing : list.front())) {
    return does_not_fit;
  }
  if (list.empty()) return state;
  next_list_.assign(list.begin() + 1, list.end());
  return number_of(next_list_);
}

bool SequentialObject::only_looks(const StepOperation& operation) const {
  switch (operation.kind) {
    case StepKind::read:
    case StepKind::refuse:
      return true;
    case StepKind::exchange:
      return operation.a == operation.b;
    case StepKind::append:
      return (*texts_)[static_cast<std::size_t>(operation.a)].empty();
    case StepKind::dequeue:
      return operation.a == nothing;
    default:
      return false;
  }
}

std::int64_t SequentialObject::number_of(const std::vector<std::int64_t>& list) {
  if ((lists_.size() + 1) * 2 > numbers_.size()) grow_numbers();
  const std::size_t mask = numbers_.size() - 1;
  for (auto at = static_cast<std::size_t>(hash_of_list(list)) & mask;; at = (at + 1) & mask) {
    if (numbers_[at] < 0) {
      numbers_[at] = static_cast<std::int32_t>(lists_.size());
      lists_.push_back(list);
      bytes_ += static_cast<std::int64_t>(list.size() * sizeof(list[0]) + sizeof(list) + 8);
      return numbers_[at];
    }
    if (lists_[static_cast<std::size_t>(numbers_[at])] == list) return numbers_[at];
  }
}

void SequentialObject::grow_numbers() {
  numbers_.assign(std::max<std::size_t>(16, numbers_.size() * 2), -1);
  const std::size_t mask = numbers_.size() - 1;
  for (std::size_t i = 0; i < lists_.size(); ++i) {
    auto at = static_cast<std::size_t>(hash_of_list(lists_[i])) & mask;
    while (numbers_[at] >= 0) at = (at + 1) & mask;
    numbers_[at] = static_cast<std::int32_t>(i);
  }
}

}  // namespace netsplit::check
