// What a handler may do. Handlers touch their own state and this object, nothing else: the context
// records what is asked for, and the world (or a checker) carries it out when the handler is done.
// So one handler serves timed runs, stepping by hand and exhaustive checking.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/names.h"
#include "core/base/rng.h"
#include "core/base/visit.h"
#include "core/sim/operation.h"
#include "core/sim/topology.h"

namespace netsplit {

// Where choose(n) gets its answers: first those that were laid down, then the node's own stream, or
// 0 where there is none. A checker has what was asked written down, so as to try every answer.
struct Choices {
  std::span<const std::uint32_t> given;
  Rng* rng = nullptr;
  std::vector<std::uint32_t>* asked = nullptr;  // the n of each choose(n)

  std::uint32_t next(std::uint32_t n) {
    if (asked != nullptr) asked->push_back(n);
    if (!given.empty()) {
      const std::uint32_t choice = given.front();
      given = given.subspan(1);
      return choice < n ? choice : n - 1;
    }
    return rng != nullptr ? rng->below(n) : 0;
  }
  // What is neither sure nor impossible is a choice between 0 (no) and 1 (yes), except that a
  // random stream follows the probability.
  bool chance(std::int64_t ppm) {
    const bool open = ppm > 0 && ppm < 1'000'000;
    if (rng == nullptr || !given.empty()) return open ? next(2) == 1 : ppm > 0;
    return static_cast<std::int64_t>(rng->below(1'000'000)) < ppm;
  }
};

// The beginning and the end of a client operation.
struct Invoke {
  std::uint32_t number;
  Operation operation;
};
struct Complete {
  std::uint32_t number;
  Outcome outcome;
  std::int64_t result;
};

// What a client's operation asked for happens.
struct TookEffect {
  NodeId client;
  std::int64_t key;
};

// What a handler asked for, in order. Sends stand by themselves: they are by far the most common,
// and small.
template <class Message, class Timer>
struct Effects {
  struct Send {
    NodeId to;
    std::uint32_t others_before;
    Time work_before_us;  // the message leaves when this much work is done
    Message message;
  };
  struct SetTimer {
    Timer timer;
    Time low_us;
    Time high_us;
  };
  struct CancelTimer {
    Timer timer;
  };
  using Other = std::variant<SetTimer, CancelTimer, Invoke, Complete, TookEffect>;

  std::vector<Send> sends;
  std::vector<Other> others;
  Time work_us = 0;

  // Calls visit(effect) for each, in the order they were asked for.
  template <class Visit>
  NETSPLIT_FLAT void for_each(Visit visit) {
    std::size_t at = 0;
    const auto others_to = [&](std::size_t end) {
      for (; at < end; ++at) detail::visit_one(others[at], visit);
    };
    for (Send& send : sends) {
      others_to(send.others_before);
      visit(send);
    }
    others_to(others.size());
  }
  void clear() {
    sends.clear();
    others.clear();
    work_us = 0;
  }
};

// What happens to a node: the event that it is in the trace, and what comes with it.
struct Happening {
  enum class Kind : std::uint8_t { start, restart, message, timer, request };
  Kind kind{};
  EventIndex event = no_event;
  NodeId from;                    // of a message
  const void* content = nullptr;  // the message, timer or request
};

template <class Message, class Timer, class Params>
class Context {
 public:
  using EffectList = Effects<Message, Timer>;

  struct Surroundings {
    const Topology* topology;
    std::span<const std::string_view> role_types;  // type names of the roles, in order
    const Params* params;
  };

  Context(const Surroundings& around, NodeId self, Time monotonic_us, Time wall_us,
          std::uint32_t& operations, Choices& choices, EffectList& effects)
      : around_(around),
        self_(self),
        monotonic_us_(monotonic_us),
        wall_us_(wall_us),
        operations_(operations),
        choices_(choices),
        effects_(effects) {}

  NodeId self() const { return self_; }
  const Params& params() const { return *around_.params; }
  std::int32_t node_count() const { return around_.topology->node_count(); }

  // The first node of a role, or nobody; all of them, in order.
  template <class Role>
  NodeId first() const {
    return around_.topology->first_of(role_index<Role>());
  }
  template <class Role>
  std::vector<NodeId> all() const {
    return around_.topology->nodes_of(role_index<Role>());
  }

  // To nobody (the first of a role that no node plays) nothing is sent.
  void send(NodeId to, Message message) {
    if (to == nobody) return;
    NETSPLIT_ASSERT(to.value >= 0 && to.value < node_count());
    effects_.sends.push_back({to, static_cast<std::uint32_t>(effects_.others.size()),
                              effects_.work_us, std::move(message)});
  }

  // Runs out `after_us` from now on the node's monotonic clock. A running timer equal to `timer` is
  // replaced. With a window, the moment is drawn from it; a checker lets it be any.
  void set_timer(Timer timer, Time after_us) { set_timer(std::move(timer), after_us, after_us); }
  void set_timer(Timer timer, Time low_us, Time high_us) {
    // What a person or a link asked for may be any number: it must neither abort nor overflow.
    low_us = std::clamp<Time>(low_us, 0, time_max_us);
    high_us = std::clamp<Time>(high_us, low_us, time_max_us);
    effects_.others.push_back(typename EffectList::SetTimer{std::move(timer), low_us, high_us});
  }
  void cancel_timer(Timer timer) {
    effects_.others.push_back(typename EffectList::CancelTimer{std::move(timer)});
  }

  // An explicit choice among 0 .. n-1: drawn in a simulation, enumerated by a checker.
  // Requires: n >= 1.
  std::uint32_t choose(std::uint32_t n) {
    NETSPLIT_ASSERT(n >= 1);
    return choices_.next(n);
  }

  // True with a probability of `ppm` parts in a million; a checker tries both.
  bool chance(std::int64_t ppm) { return choices_.chance(ppm); }

  // A client operation begins; the number names it when it completes.
  std::uint32_t invoke(const Operation& operation) {
    effects_.others.push_back(Invoke{++operations_, operation});
    return operations_;
  }
  void complete(std::uint32_t number, Outcome outcome, std::int64_t result = 0) {
    effects_.others.push_back(Complete{number, outcome, result});
  }

  // In truth: what this client's operation of that key asked for happens here and now, once more.
  // It is written down for whoever watches; no handler can ask about it.
  void took_effect(NodeId client, std::int64_t key) {
    effects_.others.push_back(TookEffect{client, key});
  }

  // The node is busy for this long: what arrives waits, and what is sent after this call leaves
  // when the work is done.
  void work(Time duration_us) {
    effects_.work_us += std::clamp<Time>(duration_us, 0, time_max_us - effects_.work_us);
  }

  Time monotonic() const {
    read_a_clock_ = true;
    return monotonic_us_;
  }
  Time wall_clock() const {
    read_a_clock_ = true;
    return wall_us_;
  }
  // A checker has no time: it must say so where a handler looked.
  bool read_a_clock() const { return read_a_clock_; }

 private:
  template <class Role>
  std::int32_t role_index() const {
    const auto& types = around_.role_types;
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (types[i] == type_name<Role>()) return static_cast<std::int32_t>(i);
    }
    NETSPLIT_ASSERT(!"a type that is no role of this protocol");
    return 0;
  }

  const Surroundings& around_;
  NodeId self_;
  Time monotonic_us_;
  Time wall_us_;
  std::uint32_t& operations_;
  Choices& choices_;
  EffectList& effects_;
  mutable bool read_a_clock_ = false;
};

}  // namespace netsplit
