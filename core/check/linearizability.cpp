// The search for an order of one part.
//
// The certain operations end one after the other; a *level* is how many of these answers have been
// passed. At each level the operations that have begun and whose answer has not been passed are
// open. A configuration is a level, which open operations have been put, and the state. If the
// operation that answers next has been put, the level is passed; else some open operation is put.
// Every order can be had so: wait with each operation until the next answer needs it.
//
// Left out without loss:
// - A certain operation that only looks at the state is put as soon as it fits: it must be put some
//   time, and it changes nothing for the others.
// - Of open operations that do the same only the one that answers first is tried: in an order that
//   takes another one first, the two can be exchanged.
// - Operations of unknown outcome stay open for ever and need not be put. So a configuration fails
//   if one has failed that differs only in having put fewer of them. And a write right after one
//   that nobody saw hides it: the order without it is tried anyway.
//
// When no configuration passes an answer, its operation does not fit. The search goes on without it
// from all configurations that had come so far; none of them had put it.
#include "core/check/linearizability.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/check/sequential_object.h"
#include "core/check/tried.h"

namespace netsplit::check {
namespace {

class Search {
 public:
  Search(const History& history, std::vector<std::int32_t> part);
  PartRuling run(const JudgeLimits& limits, std::uint64_t& configurations);

 private:
  struct Operation {
    StepOperation step;
    std::int32_t level = -1;  // of its answer; -1 when its outcome is unknown
    std::int32_t bit = 0;     // in put_ while it is open; of unknown ones in unknown_put_
    std::int32_t alike = 0;   // equal for operations that do the same
    bool only_looks = false;
  };
  struct Move {
    std::int32_t operation;
    std::int64_t state;  // after it
  };
  // A configuration on the way that is being tried, with moves left.
  struct Frame {
    std::int64_t state;
    std::int32_t level;
    std::int32_t tip;
    std::size_t path;   // how long path_ was
    std::size_t moves;  // from here to the next frame's, or the end
    bool unseen;        // the last operation put was an unknown one, and nothing has seen it
  };
  // What was put, in order, as a tree: each entry's way to the root is an order.
  struct Step {
    std::int32_t before;
    std::int32_t operation;
  };
  // A configuration that reached the highest level so far.
  struct Reached {
    std::int64_t state;
    std::int32_t tip;
    Words put;
    Words unknown_put;
  };
  enum class End : std::uint8_t { ordered, failed, limit };

  Operation& operation(std::int32_t i) { return operations_[static_cast<std::size_t>(i)]; }
  std::int32_t levels() const { return static_cast<std::int32_t>(answers_.size()); }
  static bool has(const Words& set, std::int32_t bit) {
    return (set[static_cast<std::size_t>(bit) / 64] >> (bit % 64) & 1) != 0;
  }
  static void toggle(Words& set, std::int32_t bit) {
    set[static_cast<std::size_t>(bit) / 64] ^= std::uint64_t{1} << (bit % 64);
  }
  bool is_put(const Operation& one) const {
    return has(one.level < 0 ? unknown_put_ : put_, one.bit);
  }

  void sort_moments(const History& history);
  void find_alike();
  void open_level();
  void close_level();
  void pass_level();
  void unpass_level();
  void put(std::int32_t i, std::int64_t next);
  void absorb();
  void list_moves();
  void undo_to(const Frame& frame);
  bool is_new(bool unseen);
  void reach();
  End try_from(const Reached& start);
  End search();
  bool is_out_of_bounds();
  std::vector<std::int32_t> order_of(std::int32_t tip) const;

  std::vector<std::int32_t> part_;  // by invocation
  SequentialObject object_;
  std::vector<Operation> operations_;
  std::vector<std::int32_t> answers_;      // certain operations by their answers
  std::vector<std::int32_t> begun_until_;  // how many have begun before each answer

  // The configuration.
  std::int64_t state_ = 0;
  std::int32_t level_ = 0;
  Words put_;
  Words unknown_put_;
  // What follows from its level.
  std::vector<std::int32_t> open_;  // certain ones, the next to answer last
  std::vector<std::int32_t> open_unknown_;
  std::int32_t dropped_ = -1;  // the level whose operation has just been found not to fit

  std::vector<Step> steps_;
  std::int32_t tip_ = -1;
  std::int32_t kept_steps_ = 0;     // as many lead to one of reached_
  std::vector<std::int32_t> path_;  // put since the start, and -1 for each level passed
  std::vector<Frame> frames_;
  std::vector<Move> moves_;
  std::vector<Move> late_moves_;
  std::vector<std::uint32_t> tried_alike_;  // by `alike`: the last listing that had one
  std::uint32_t listing_ = 0;

  Tried tried_;
  std::vector<Reached> reached_;
  std::int32_t highest_ = -1;
  JudgeLimits limits_;
  std::uint64_t configurations_ = 0;
};

std::vector<std::int32_t> by_invocation(const History& history, std::vector<std::int32_t> part) {
  std::stable_sort(part.begin(), part.end(), [&](std::int32_t a, std::int32_t b) {
    return history.operations[static_cast<std::size_t>(a)].invoked <
           history.operations[static_cast<std::size_t>(b)].invoked;
  });
  return part;
}

std::size_t words_for(std::int64_t bits) { return static_cast<std::size_t>((bits + 63) / 64); }

Search::Search(const History& history, std::vector<std::int32_t> part)
    : part_(by_invocation(history, std::move(part))),
      object_(history, part_),
      tried_(words_for(std::count_if(part_.begin(), part_.end(), [&](std::int32_t i) {
        return history.operations[static_cast<std::size_t>(i)].outcome != Outcome::ok;
      }))) {
  for (const StepOperation& step : object_.operations())
    operations_.push_back({step, -1, 0, 0, object_.only_looks(step)});
  sort_moments(history);
  find_alike();
}

void Search::sort_moments(const History& history) {
  const auto at = [&](std::int32_t i) -> const HistoryOperation& {
    return history.operations[static_cast<std::size_t>(part_[static_cast<std::size_t>(i)])];
  };
  const auto count = static_cast<std::int32_t>(part_.size());
  std::int32_t unknown = 0;
  for (std::int32_t i = 0; i < count; ++i) {
    if (at(i).outcome == Outcome::ok) {
      answers_.push_back(i);
    } else {
      operation(i).bit = unknown++;
    }
  }
  std::stable_sort(answers_.begin(), answers_.end(), [&](std::int32_t a, std::int32_t b) {
    return at(a).completed < at(b).completed;
  });
  // An open operation has a bit for itself, which goes to another one after its answer.
  std::vector<std::int32_t> free_bits;
  std::int32_t bits = 0;
  std::int32_t begun = 0;
  for (std::int32_t level = 0; level < levels(); ++level) {
    const std::int32_t answering = answers_[static_cast<std::size_t>(level)];
    operation(answering).level = level;
  }
  for (const std::int32_t answering : answers_) {
    // At one instant invocations come first: operations that touch count as overlapping.
    for (; begun < count && at(begun).invoked <= at(answering).completed; ++begun) {
      if (operation(begun).level < 0) continue;
      if (free_bits.empty()) free_bits.push_back(bits++);
      operation(begun).bit = free_bits.back();
      free_bits.pop_back();
    }
    begun_until_.push_back(begun);
    free_bits.push_back(operation(answering).bit);
  }
  put_.resize(words_for(bits));
  unknown_put_.resize(words_for(unknown));
}

void Search::find_alike() {
  std::map<std::array<std::int64_t, 3>, std::int32_t> known;
  for (Operation& one : operations_) {
    // Where an exchange of unknown outcome is put, it does what a certain one does.
    const StepKind kind = one.step.kind == StepKind::try_write ? StepKind::exchange : one.step.kind;
    one.alike = known
                    .try_emplace({static_cast<std::int64_t>(kind), one.step.a, one.step.b},
                                 static_cast<std::int32_t>(known.size()))
                    .first->second;
  }
  tried_alike_.resize(known.size());
}

// Lets in what begins before the level's answer.
void Search::open_level() {
  if (level_ >= levels()) return;
  const std::int32_t from = level_ == 0 ? 0 : begun_until_[static_cast<std::size_t>(level_) - 1];
  for (std::int32_t i = from; i < begun_until_[static_cast<std::size_t>(level_)]; ++i) {
    if (operation(i).level < 0) {
      open_unknown_.push_back(i);
    } else {
      const auto later = [&](std::int32_t a, std::int32_t b) {
        return operation(a).level > operation(b).level;
      };
      open_.insert(std::upper_bound(open_.begin(), open_.end(), i, later), i);
    }
  }
}

void Search::close_level() {
  if (level_ >= levels()) return;
  const std::int32_t from = level_ == 0 ? 0 : begun_until_[static_cast<std::size_t>(level_) - 1];
  const auto is_new = [&](std::int32_t i) { return i >= from; };
  open_.erase(std::remove_if(open_.begin(), open_.end(), is_new), open_.end());
  while (!open_unknown_.empty() && is_new(open_unknown_.back())) open_unknown_.pop_back();
}

// Requires: the operation that answers next has been put, or does not fit.
void Search::pass_level() {
  if (dropped_ != level_) toggle(put_, operation(open_.back()).bit);
  open_.pop_back();
  ++level_;
  open_level();
}

void Search::unpass_level() {
  close_level();
  --level_;
  const std::int32_t answering = answers_[static_cast<std::size_t>(level_)];
  open_.push_back(answering);
  toggle(put_, operation(answering).bit);
}

void Search::put(std::int32_t i, std::int64_t next) {
  const Operation& one = operation(i);
  toggle(one.level < 0 ? unknown_put_ : put_, one.bit);
  state_ = next;
  path_.push_back(i);
  steps_.push_back({tip_, i});
  tip_ = static_cast<std::int32_t>(steps_.size()) - 1;
}

// Puts what only looks, and passes answers, until neither can be done.
void Search::absorb() {
  while (true) {
    for (std::size_t at = open_.size(); at-- > 0;) {
      const Operation& one = operation(open_[at]);
      if (one.only_looks && !has(put_, one.bit) && object_.step(state_, one.step) != does_not_fit)
        put(open_[at], state_);
    }
    if (level_ >= levels() || !has(put_, operation(open_.back()).bit)) return;
    pass_level();
    path_.push_back(-1);
  }
}

// What can be put next: first what lets the next answer pass, then the others by their answers.
void Search::list_moves() {
  const Operation& answering = operation(open_.back());
  ++listing_;
  late_moves_.clear();
  const auto consider = [&](std::int32_t i) {
    const Operation& one = operation(i);
    std::uint32_t& listed = tried_alike_[static_cast<std::size_t>(one.alike)];
    if (listed == listing_ || is_put(one)) return;
    listed = listing_;
    const std::int64_t next = object_.step(state_, one.step);
    if (next == does_not_fit || (next == state_ && one.level < 0)) return;
    if (frames_.back().unseen && one.step.kind == StepKind::write) return;
    const bool helps = i == open_.back() || object_.step(next, answering.step) != does_not_fit;
    (helps ? moves_ : late_moves_).push_back({i, next});
  };
  for (std::size_t at = open_.size(); at-- > 0;) consider(open_[at]);
  for (const std::int32_t i : open_unknown_) consider(i);
  moves_.insert(moves_.end(), late_moves_.begin(), late_moves_.end());
  // Taken from the back.
  std::reverse(moves_.begin() + static_cast<std::ptrdiff_t>(frames_.back().moves), moves_.end());
}

void Search::undo_to(const Frame& frame) {
  while (path_.size() > frame.path) {
    const std::int32_t i = path_.back();
    path_.pop_back();
    if (i < 0) {
      unpass_level();
    } else {
      toggle(operation(i).level < 0 ? unknown_put_ : put_, operation(i).bit);
    }
  }
  state_ = frame.state;
  tip_ = frame.tip;
  steps_.resize(static_cast<std::size_t>(std::max(kept_steps_, tip_ + 1)));
}

bool Search::is_new(bool unseen) {
  const std::uint64_t place = static_cast<std::uint64_t>(level_) * 2 + (unseen ? 1 : 0);
  std::uint64_t high = mix64(static_cast<std::uint64_t>(state_) + 0x9e3779b97f4a7c15u);
  std::uint64_t low = mix64(static_cast<std::uint64_t>(state_) ^ 0xd1b54a32d192ed03u);
  high = mix64(high ^ place);
  low = mix64(low + place);
  for (const std::uint64_t word : put_) {
    high = mix64(high ^ word);
    low = mix64(low + word);
  }
  return tried_.insert(high, low, unknown_put_);
}

// Keeps the configuration when no other one has come further.
void Search::reach() {
  if (level_ < highest_) return;
  if (level_ > highest_) reached_.clear();
  highest_ = level_;
  reached_.push_back({state_, tip_, put_, unknown_put_});
  kept_steps_ = static_cast<std::int32_t>(steps_.size());
}

bool Search::is_out_of_bounds() {
  if (++configurations_ > limits_.configurations_max) return true;
  if (configurations_ % 256 != 1) return false;
  const std::size_t words = put_.size() + unknown_put_.size();
  const std::size_t bytes = steps_.capacity() * sizeof(Step) *
                                (steps_.size() + steps_.size() / 4 > steps_.capacity() ? 3 : 1) +
                            reached_.capacity() * sizeof(Reached) * 2 +
                            reached_.size() * words * sizeof(std::uint64_t) +
                            frames_.capacity() * sizeof(Frame) + moves_.capacity() * sizeof(Move);
  return static_cast<std::int64_t>(bytes) + tried_.bytes() + object_.bytes() > limits_.bytes_max;
}

// Requires: level_ and the open operations are those of `start`.
Search::End Search::try_from(const Reached& start) {
  state_ = start.state;
  tip_ = start.tip;
  put_ = start.put;
  unknown_put_ = start.unknown_put;
  path_.clear();
  const Frame root{state_, level_, tip_, 0, 0, false};
  frames_.clear();
  moves_.clear();
  if (dropped_ == level_) {
    pass_level();
    path_.push_back(-1);
  }
  // Each round enters a configuration, and leaves those that have no moves left.
  while (true) {
    const std::int32_t level = level_;
    const std::size_t length = path_.size();
    absorb();
    if (level_ >= levels()) return End::ordered;
    const bool unseen = path_.size() == length && length > 0 && path_.back() >= 0 &&
                        operation(path_.back()).level < 0;
    if (is_new(unseen)) {
      if (is_out_of_bounds()) return End::limit;
      if (level_ > level || frames_.empty()) reach();
      frames_.push_back({state_, level_, tip_, path_.size(), moves_.size(), unseen});
      list_moves();
    }
    while (!frames_.empty() && moves_.size() == frames_.back().moves) frames_.pop_back();
    if (frames_.empty()) {
      undo_to(root);
      return End::failed;
    }
    undo_to(frames_.back());
    const Move move = moves_.back();
    moves_.pop_back();
    put(move.operation, move.state);
  }
}

std::vector<std::int32_t> Search::order_of(std::int32_t tip) const {
  std::vector<std::int32_t> order;
  for (; tip >= 0; tip = steps_[static_cast<std::size_t>(tip)].before) {
    order.push_back(
        part_[static_cast<std::size_t>(steps_[static_cast<std::size_t>(tip)].operation)]);
  }
  std::reverse(order.begin(), order.end());
  return order;
}

PartRuling Search::run(const JudgeLimits& limits, std::uint64_t& configurations) {
  limits_ = limits;
  configurations_ = configurations;
  PartRuling ruling;
  std::vector<Reached> starts{{object_.initial(), -1, put_, unknown_put_}};
  open_level();
  while (true) {
    End end = End::failed;
    for (std::size_t i = 0; i < starts.size() && end == End::failed; ++i) end = try_from(starts[i]);
    if (end == End::ordered) {
      ruling.order = order_of(tip_);
      break;
    }
    const std::int32_t stuck = std::max(highest_, level_);
    const std::int32_t next =
        part_[static_cast<std::size_t>(answers_[static_cast<std::size_t>(stuck)])];
    if (end == End::limit) {
      ruling.order = order_of(stuck > highest_ ? tip_ : reached_.front().tip);
      ruling.stopped_at = next;
      break;
    }
    ruling.misfits.push_back(next);
    dropped_ = stuck;
    starts.swap(reached_);
    reached_.clear();
    for (; level_ < stuck; open_level()) {
      open_.pop_back();
      ++level_;
    }
  }
  ruling.ruling = !ruling.misfits.empty()  ? Ruling::not_linearizable
                  : ruling.stopped_at >= 0 ? Ruling::unknown
                                           : Ruling::linearizable;
  configurations = configurations_;
  return ruling;
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
  Judgement judgement;
  judgement.ruling = Ruling::linearizable;
  for (auto& [key, part] : parts) {
    PartRuling ruling = Search(history, std::move(part)).run(limits, judgement.configurations);
    ruling.key = key;
    if (ruling.ruling == Ruling::not_linearizable) judgement.ruling = Ruling::not_linearizable;
    if (ruling.ruling == Ruling::unknown && judgement.ruling == Ruling::linearizable)
      judgement.ruling = Ruling::unknown;
    judgement.parts.push_back(std::move(ruling));
  }
  return judgement;
}

}  // namespace netsplit::check
