#include "core/check/linearizability.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "core/base/hash.h"

namespace netsplit::check {
namespace {

// Sequential objects. A state is a number: a value itself, or the number of a text or a list that
// was made before, so that equal states are equal numbers.
class Object {
 public:
  explicit Object(const History& history) : kind_(history.object), texts_(history.texts) {
    number_of(std::vector<std::int64_t>{});
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      // The first of equal texts stands for all of them.
      const auto at = text_numbers_.try_emplace(texts_[i], static_cast<std::int64_t>(i)).first;
      same_text_.push_back(at->second);
    }
    empty_text_ = number_of(std::string());
  }

  std::int64_t initial() const {
    switch (kind_) {
      case ObjectKind::reg:
      case ObjectKind::cas_register:
        return nothing;
      case ObjectKind::key_value:
        return empty_text_;
      default:
        return 0;
    }
  }

  // The state after the operation, or none when its answer does not fit.
  std::optional<std::int64_t> step(std::int64_t state, const HistoryOperation& op) {
    const bool known = op.outcome == Outcome::ok;
    switch (op.verb) {
      case Verb::write:
        return value_of(op.argument);
      case Verb::read:
        if (known && value_of(op.result) != state) return std::nullopt;
        return state;
      case Verb::cas: {
        const bool fits = state == op.expected;
        if (known && fits != (op.result != 0)) return std::nullopt;
        return fits ? op.argument : state;
      }
      case Verb::acquire:
        if (state != 0) return std::nullopt;
        return op.client + 1;
      case Verb::release:
        if (state != op.client + 1) return std::nullopt;
        return 0;
      case Verb::append:
        return number_of(texts_[static_cast<std::size_t>(state)] +
                         texts_[static_cast<std::size_t>(op.argument)]);
      default:
        return step_collection(state, op, known);
    }
  }

 private:
  std::optional<std::int64_t> step_collection(std::int64_t state, const HistoryOperation& op,
                                              bool known) {
    std::vector<std::int64_t> list = lists_[static_cast<std::size_t>(state)];
    const auto at = std::lower_bound(list.begin(), list.end(), op.argument);
    const bool inside = at != list.end() && *at == op.argument;
    switch (op.verb) {
      case Verb::add:
        if (!inside) list.insert(at, op.argument);
        break;
      case Verb::remove:
        if (inside) list.erase(at);
        break;
      case Verb::contains:
        if (known && inside != (op.result != 0)) return std::nullopt;
        return state;
      case Verb::enqueue:
        list.push_back(op.argument);
        break;
      case Verb::dequeue:
        if (known && op.result != (list.empty() ? nothing : list.front())) return std::nullopt;
        if (!list.empty()) list.erase(list.begin());
        break;
      default:
        return std::nullopt;
    }
    return number_of(std::move(list));
  }

  std::int64_t value_of(std::int64_t value) const {
    return kind_ == ObjectKind::key_value ? same_text_[static_cast<std::size_t>(value)] : value;
  }
  std::int64_t number_of(std::vector<std::int64_t> list) {
    const auto [at, fresh] = numbers_.try_emplace(list, static_cast<std::int64_t>(lists_.size()));
    if (fresh) lists_.push_back(std::move(list));
    return at->second;
  }
  std::int64_t number_of(std::string text) {
    const auto [at, fresh] =
        text_numbers_.try_emplace(text, static_cast<std::int64_t>(texts_.size()));
    if (fresh) {
      texts_.push_back(std::move(text));
      same_text_.push_back(at->second);
    }
    return at->second;
  }

  ObjectKind kind_;
  std::vector<std::string> texts_;
  std::vector<std::int64_t> same_text_;  // by place in texts_
  std::map<std::string, std::int64_t> text_numbers_;
  std::int64_t empty_text_ = 0;
  std::vector<std::vector<std::int64_t>> lists_;
  std::map<std::vector<std::int64_t>, std::int64_t> numbers_;
};

// Configurations that were tried, by a 128-bit fingerprint: with 50 million of them the chance that
// two share one is below 10^-23.
class Tried {
 public:
  Tried() : slots_(1024) {}

  bool insert(std::uint64_t high, std::uint64_t low) {
    if ((size_ + 1) * 8 > slots_.size() * 5) grow();
    if (!place(high, low | 1)) return false;
    ++size_;
    return true;
  }

 private:
  struct Slot {
    std::uint64_t high = 0;
    std::uint64_t low = 0;  // 0: free
  };
  bool place(std::uint64_t high, std::uint64_t low) {
    const std::uint64_t mask = slots_.size() - 1;
    for (std::uint64_t at = high & mask;; at = (at + 1) & mask) {
      if (slots_[at].low == 0) {
        slots_[at] = {high, low};
        return true;
      }
      if (slots_[at].high == high && slots_[at].low == low) return false;
    }
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.low != 0) place(slot.high, slot.low);
    }
  }

  std::vector<Slot> slots_;
  std::uint64_t size_ = 0;
};

// The search over one independent part.
class Search {
 public:
  Search(Object& object, const std::vector<HistoryOperation>& all, std::vector<std::int32_t> part)
      : object_(object), all_(all), part_(std::move(part)) {
    link_entries();
  }

  PartRuling run(std::uint64_t configurations_max, std::uint64_t& configurations);

 private:
  // Invocations and answers in the order of their times, as a doubly linked list: an operation that
  // is put is taken out, and comes back when it is taken back.
  struct Entry {
    std::int32_t operation = -1;  // index into part_
    bool answer = false;
    std::int32_t partner = -1;  // of an invocation: its answer, or -1 when none came
    std::int32_t before = -1;
    std::int32_t after = -1;
  };
  struct Put {
    std::int32_t entry;
    std::int64_t state;  // before it
  };

  const HistoryOperation& operation(std::int32_t i) const {
    return all_[static_cast<std::size_t>(part_[static_cast<std::size_t>(i)])];
  }
  Entry& entry(std::int32_t i) { return entries_[static_cast<std::size_t>(i)]; }
  void link_entries();
  void unlink(std::int32_t i) {
    entry(entry(i).before).after = entry(i).after;
    if (entry(i).after >= 0) entry(entry(i).after).before = entry(i).before;
  }
  void relink(std::int32_t i) {
    entry(entry(i).before).after = i;
    if (entry(i).after >= 0) entry(entry(i).after).before = i;
  }
  void put(std::int32_t i, std::int64_t state) {
    stack_.push_back({i, state});
    unlink(i);
    if (entry(i).partner >= 0) {
      unlink(entry(i).partner);
      --answers_left_;
    }
    toggle(entry(i).operation);
  }
  std::int32_t take_back(std::int64_t& state) {
    const Put last = stack_.back();
    stack_.pop_back();
    state = last.state;
    toggle(entry(last.entry).operation);
    if (entry(last.entry).partner >= 0) {
      relink(entry(last.entry).partner);
      ++answers_left_;
    }
    relink(last.entry);
    return last.entry;
  }
  // Which operations are put, as the exclusive or of a random word for each (Zobrist 1970).
  void toggle(std::int32_t i) {
    const auto number = static_cast<std::uint64_t>(i);
    set_high_ ^= mix64(number + 0x9e3779b97f4a7c15u);
    set_low_ ^= mix64(number + 0xd1b54a32d192ed03u);
  }
  bool fresh(std::int64_t state) {
    const std::uint64_t word = mix64(static_cast<std::uint64_t>(state));
    return tried_.insert(mix64(set_high_ ^ word), mix64(set_low_ + word));
  }
  void note_longest();

  Object& object_;
  const std::vector<HistoryOperation>& all_;
  std::vector<std::int32_t> part_;
  std::vector<Entry> entries_;  // [0] is the head
  std::vector<Put> stack_;
  std::size_t answers_left_ = 0;
  std::uint64_t set_high_ = 0;
  std::uint64_t set_low_ = 0;
  Tried tried_;
  PartRuling longest_;
};

void Search::link_entries() {
  struct Moment {
    std::int64_t at;
    bool answer;
    std::int32_t operation;
  };
  std::vector<Moment> moments;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(part_.size()); ++i) {
    moments.push_back({operation(i).invoked, false, i});
    if (operation(i).outcome == Outcome::ok) moments.push_back({operation(i).completed, true, i});
  }
  // At one instant invocations come first: operations that touch count as overlapping.
  std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return a.at != b.at ? a.at < b.at : a.answer < b.answer;
  });
  entries_.resize(1);
  std::vector<std::int32_t> invocations(part_.size());
  for (const Moment& moment : moments) {
    const auto i = static_cast<std::int32_t>(entries_.size());
    entries_.push_back({moment.operation, moment.answer, -1, i - 1, -1});
    entry(i - 1).after = i;
    auto& invocation = invocations[static_cast<std::size_t>(moment.operation)];
    if (moment.answer) {
      entry(invocation).partner = i;
      ++answers_left_;
    } else {
      invocation = i;
    }
  }
}

void Search::note_longest() {
  if (!longest_.order.empty() && stack_.size() <= longest_.order.size()) return;
  longest_.order.clear();
  for (const Put& put : stack_)
    longest_.order.push_back(part_[static_cast<std::size_t>(entry(put.entry).operation)]);
  // The operation whose answer stands next, and all that could have been put before it.
  longest_.unordered.clear();
  for (std::int32_t at = entries_[0].after; at >= 0; at = entry(at).after) {
    if (entry(at).answer) break;
    if (entry(at).partner >= 0)
      longest_.unordered.push_back(part_[static_cast<std::size_t>(entry(at).operation)]);
  }
}

PartRuling Search::run(std::uint64_t configurations_max, std::uint64_t& configurations) {
  std::int64_t state = object_.initial();
  std::int32_t at = entries_[0].after;
  while (answers_left_ > 0) {
    if (at >= 0 && !entry(at).answer) {
      const std::optional<std::int64_t> next = object_.step(state, operation(entry(at).operation));
      if (next) {
        const std::int64_t before = state;
        put(at, before);
        if (fresh(*next)) {
          if (++configurations > configurations_max) {
            longest_.ruling = Ruling::unknown;
            return longest_;
          }
          state = *next;
          at = entries_[0].after;
          continue;
        }
        at = take_back(state);
      }
      at = entry(at).after;
      continue;
    }
    // An answer stands here whose operation was not put, or nothing is left to try: go back.
    note_longest();
    if (stack_.empty()) {
      longest_.ruling = Ruling::not_linearizable;
      return longest_;
    }
    at = entry(take_back(state)).after;
  }
  longest_ = {};
  for (const Put& put : stack_)
    longest_.order.push_back(part_[static_cast<std::size_t>(entry(put.entry).operation)]);
  longest_.ruling = Ruling::linearizable;
  return longest_;
}

}  // namespace

Judgement judge(const History& history, const JudgeLimits& limits) {
  std::map<std::int64_t, std::vector<std::int32_t>> parts;
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const HistoryOperation& op = history.operations[i];
    if (op.outcome == Outcome::failed) continue;
    // A read that was never answered says nothing.
    if (op.outcome != Outcome::ok && (op.verb == Verb::read || op.verb == Verb::contains)) continue;
    const bool by_key = history.object == ObjectKind::key_value;
    const bool by_element = history.object == ObjectKind::set;
    parts[by_key ? op.key : by_element ? op.argument : 0].push_back(static_cast<std::int32_t>(i));
  }
  Object object(history);
  Judgement judgement;
  judgement.ruling = Ruling::linearizable;
  for (auto& [key, part] : parts) {
    PartRuling ruling = Search(object, history.operations, std::move(part))
                            .run(limits.configurations_max, judgement.configurations);
    ruling.key = key;
    if (ruling.ruling == Ruling::not_linearizable) judgement.ruling = Ruling::not_linearizable;
    if (ruling.ruling == Ruling::unknown && judgement.ruling == Ruling::linearizable)
      judgement.ruling = Ruling::unknown;
    judgement.parts.push_back(std::move(ruling));
  }
  return judgement;
}

}  // namespace netsplit::check
