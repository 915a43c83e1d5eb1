// One node by itself: its state with all that belongs to it, and what one event makes of it. The
// handlers are those of every run, called through the same Context; what they ask for becomes a
// list of outcomes, one for each way their choices can go.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/check/handlers.h"
#include "core/check/renaming.h"
#include "core/sim/context.h"
#include "core/sim/dispatch.h"
#include "core/sim/event.h"

namespace netsplit::check {

// A timer that runs, and the window in which it runs out, counted from when it was set.
template <class Timer>
struct PendingTimer {
  Timer timer;
  Time low_us = 0;
  Time high_us = 0;
  friend bool operator==(const PendingTimer&, const PendingTimer&) = default;
};

// There is no clock, so nothing is known of how long ago a timer was set; only that what was set
// earlier has run for longer. Timers stand in an order in which each may run out before all that
// follow it. One that follows may run out first unless its window begins after the other's ends.
template <class Timer>
bool may_fire(const std::vector<PendingTimer<Timer>>& timers, std::size_t which) {
  for (std::size_t i = 0; i < which; ++i) {
    if (timers[which].low_us > timers[i].high_us) return false;
  }
  return true;
}

// Puts a short list in order, equals as they were. Less code than std::sort has, for each of many
// types.
template <class T, class Less>
void order_short(std::vector<T>& list, Less less) {
  for (auto at = list.begin(); at != list.end(); ++at)
    std::rotate(std::upper_bound(list.begin(), at, *at, less), at, at + 1);
}

// Where windows overlap either may come first and the order says nothing: then it is by content, so
// that equal states look equal. Of others it is kept.
template <class Timer>
void order_timers(std::vector<PendingTimer<Timer>>& timers) {
  if (timers.size() < 2) return;
  const auto apart = [](const auto& a, const auto& b) {
    return a.high_us < b.low_us || b.high_us < a.low_us;
  };
  const auto before = [](const auto& a, const auto& b) {
    return std::tuple(a.high_us, a.low_us, bytes_of(a.timer)) <
           std::tuple(b.high_us, b.low_us, bytes_of(b.timer));
  };
  for (std::size_t place = 0; place < timers.size(); ++place) {
    std::size_t least = place;
    for (std::size_t i = place + 1; i < timers.size(); ++i) {
      bool free = true;
      for (std::size_t j = place; j < i; ++j) free = free && !apart(timers[j], timers[i]);
      if (free && before(timers[i], timers[least])) least = i;
    }
    std::rotate(timers.begin() + static_cast<std::ptrdiff_t>(place),
                timers.begin() + static_cast<std::ptrdiff_t>(least),
                timers.begin() + static_cast<std::ptrdiff_t>(least) + 1);
  }
}

template <class P>
struct Local {
  typename P::Node state;
  std::vector<PendingTimer<typename P::Timer>> timers;
  Condition condition = Condition::up;
  std::uint32_t operations = 0;  // invoked so far
  std::uint32_t lines = 0;       // of the script for this node, that have happened
  // Where that is bounded: how often each timer has run out, by the hash of its content.
  std::vector<std::pair<typename P::Timer, std::uint32_t>> ran_out;

  std::uint64_t hash(NodeId node) const {
    Hasher hasher;
    encode(hasher, node);
    encode(hasher, state);
    encode(hasher, condition);
    encode(hasher, operations);
    encode(hasher, lines);
    hasher.integer(timers.size());
    for (const auto& pending : timers) {
      encode(hasher, pending.timer);
      encode(hasher, pending.low_us);
      encode(hasher, pending.high_us);
    }
    for (const auto& [timer, times] : ran_out) {
      hasher.integer(hash_of(timer));
      hasher.integer(times);
    }
    return hasher.digest();
  }

  void write(ByteWriter& writer) const {
    encode(writer, state);
    encode(writer, condition);
    encode(writer, operations);
    encode(writer, lines);
    writer.integer(timers.size());
    for (const auto& pending : timers) {
      encode(writer, pending.timer);
      encode(writer, pending.low_us);
      encode(writer, pending.high_us);
    }
    writer.integer(ran_out.size());
    for (const auto& [timer, times] : ran_out) {
      encode(writer, timer);
      encode(writer, times);
    }
  }
  // False when that was not written by `write`.
  bool read(ByteReader& reader) {
    if (!decode(reader, state) || !decode(reader, condition) || !decode(reader, operations) ||
        !decode(reader, lines) || condition > Condition::absent)
      return false;
    timers.resize(count_in(reader));
    for (auto& pending : timers) {
      if (!decode(reader, pending.timer) || !decode(reader, pending.low_us) ||
          !decode(reader, pending.high_us))
        return false;
    }
    ran_out.resize(count_in(reader));
    for (auto& [timer, times] : ran_out) {
      if (!decode(reader, timer) || !decode(reader, times)) return false;
    }
    return reader.ok();
  }

  std::int64_t bytes_held() const {
    const std::size_t lists =
        timers.size() * sizeof(timers[0]) + ran_out.size() * sizeof(ran_out[0]);
    return static_cast<std::int64_t>(sizeof(*this) + lists) +
           bytes_elsewhere(schema_of<typename P::Node>, &state);
  }

  std::uint32_t times_ran_out(const typename P::Timer& timer) const {
    for (const auto& [one, times] : ran_out) {
      if (one == timer) return times;
    }
    return 0;
  }
  void count_running_out(const typename P::Timer& timer) {
    for (auto& [one, times] : ran_out) {
      if (one == timer) {
        ++times;
        return;
      }
    }
    ran_out.emplace_back(timer, 1u);
    order_ran_out();
  }
  void order_ran_out() {
    order_short(ran_out,
                [](const auto& a, const auto& b) { return hash_of(a.first) < hash_of(b.first); });
  }

  // The same of the nodes that `renaming` puts in the place of others.
  void rename(const Renaming& renaming) {
    check::rename(state, renaming);
    for (auto& pending : timers) check::rename(pending.timer, renaming);
    for (auto& [timer, times] : ran_out) check::rename(timer, renaming);
    order_timers(timers);
    order_ran_out();
  }
};

// One way an event can go, with the protocol's types.
template <class P>
struct LocalOutcome {
  std::vector<std::uint32_t> choices;  // what choose(n) gave
  Local<P> local;
  std::vector<std::pair<NodeId, typename P::Message>> sends;
  std::vector<HistoryEffect> history;
};

namespace detail {

template <class P>
void apply_effects(Effects<typename P::Message, typename P::Timer>& effects, LocalOutcome<P>& one) {
  using EffectList = Effects<typename P::Message, typename P::Timer>;
  auto& timers = one.local.timers;
  std::vector<PendingTimer<typename P::Timer>> fresh;
  const auto cancel = [&](const typename P::Timer& timer) {
    const auto same = [&](const auto& pending) { return pending.timer == timer; };
    std::erase_if(timers, same);
    std::erase_if(fresh, same);
  };
  for (auto& effect : effects.others) {
    if (auto* set = std::get_if<typename EffectList::SetTimer>(&effect)) {
      cancel(set->timer);
      fresh.push_back({set->timer, set->low_us, set->high_us});
    } else if (auto* off = std::get_if<typename EffectList::CancelTimer>(&effect)) {
      cancel(off->timer);
    } else if (auto* invoke = std::get_if<typename EffectList::Invoke>(&effect)) {
      one.history.push_back(
          {HistoryEffect::Kind::invoke, invoke->number, invoke->operation, Outcome::pending, 0});
    } else if (auto* complete = std::get_if<typename EffectList::Complete>(&effect)) {
      one.history.push_back({HistoryEffect::Kind::complete,
                             complete->number,
                             {},
                             complete->outcome,
                             complete->result});
    }
  }
  // Timers set at the same moment: the one that surely runs out first stands first.
  order_short(fresh, [](const auto& a, const auto& b) {
    return std::pair(a.high_us, a.low_us) < std::pair(b.high_us, b.low_us);
  });
  timers.insert(timers.end(), fresh.begin(), fresh.end());
  order_timers(timers);
  for (auto& send : effects.sends) one.sends.emplace_back(send.to, std::move(send.message));
}

}  // namespace detail

// What a handler does: it is called with the node and the context of one event.
template <class P>
using Handling = std::function<void(
    Local<P>&, Context<typename P::Message, typename P::Timer, typename P::Params>&)>;

// Runs a handler once for every way its choices can go, depth first: what a choose(n) was not told
// it answers with 0, and then the last answer that can be raised is raised. `keep(outcome)` is
// called for each and makes a part of it.
template <class P>
Outcomes outcomes_of(const Local<P>& from, NodeId self, const Topology& topology,
                     const typename P::Params& params, const Handling<P>& handle,
                     const std::function<Outcomes::One(LocalOutcome<P>)>& keep) {
  using Ctx = Context<typename P::Message, typename P::Timer, typename P::Params>;
  const typename Ctx::Surroundings around{
      &topology, netsplit::detail::alternatives<typename P::Node>::names, &params};
  Outcomes made;
  std::vector<std::uint32_t> answers;
  std::vector<std::uint32_t> asked;
  std::vector<std::string> known;  // what each outcome comes to
  typename Ctx::EffectList effects;
  for (std::size_t tried = 1;; ++tried) {
    asked.clear();
    effects.clear();
    LocalOutcome<P> one{{}, from, {}, {}};
    Choices choices{answers, nullptr, &asked};
    Ctx context(around, self, 0, 0, one.local.operations, choices, effects);
    handle(one.local, context);
    made.read_a_clock = made.read_a_clock || context.read_a_clock();
    detail::apply_effects<P>(effects, one);
    answers.resize(asked.size());
    one.choices = answers;
    Outcomes::One kept = keep(std::move(one));
    if (asked.empty()) {
      made.list.push_back(std::move(kept));
      return made;
    }
    std::string same_as = comes_to(kept);
    if (std::find(known.begin(), known.end(), same_as) == known.end()) {
      known.push_back(std::move(same_as));
      made.list.push_back(std::move(kept));
    }
    while (!answers.empty() && answers.back() + 1 >= asked[answers.size() - 1]) answers.pop_back();
    if (answers.empty()) return made;
    ++answers.back();
    if (tried == outcomes_max) {
      made.cut_short = true;
      return made;
    }
  }
}

}  // namespace netsplit::check
