// Mutual exclusion with logical clocks (Lamport, "Time, clocks, and the ordering of events in a
// distributed system", CACM 21(7), 1978; module LamportMutex of the TLA+ examples). Channels are
// FIFO. Clocks grow without end: states in which one exceeds `clock_max` are not looked at.
#pragma once

#include <algorithm>
#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct LamportMutex {
  static constexpr int n = 3;
  int clock_max = 6;          // at most 6, so that a request fits four bits
  bool ignores_ties = false;  // broken twin: equal clocks let both in

  // Messages take four bits, the first in a channel lowest: 0 none, 1 acknowledge, 2 release,
  // 8 + clock a request.
  enum Message : std::uint32_t { acknowledge = 1, release = 2, request = 8 };
  struct State {
    std::uint16_t channel[n][n] = {};  // from, to
    std::uint8_t requests[n][n] = {};  // what a process knows of another's request; 0: none
    std::uint8_t clock[n] = {1, 1, 1};
    std::uint8_t acknowledged[n] = {};  // sets of processes
    std::uint8_t inside = 0;
    std::uint8_t unused[6] = {};
    friend bool operator==(const State&, const State&) = default;
  };

  static void send(State& s, int from, int to, std::uint32_t message) {
    int at = 0;
    while (s.channel[from][to] >> (4 * at) != 0) ++at;
    NETSPLIT_ASSERT(at < 4);
    s.channel[from][to] = static_cast<std::uint16_t>(s.channel[from][to] | message << (4 * at));
  }
  static void send_to_others(State& s, int from, std::uint32_t message) {
    for (int to = 0; to < n; ++to) {
      if (to != from) send(s, from, to, message);
    }
  }
  bool beats(const State& s, int p, int q) const {
    const int own = s.requests[p][p];
    const int other = s.requests[p][q];
    return other == 0 || own < other || (own == other && (p < q || ignores_ties));
  }

  template <class Emit>
  void initial(Emit emit) const {
    emit(State{});
  }

  bool within(const State& s) const {
    return std::all_of(s.clock, s.clock + n, [&](int clock) { return clock <= clock_max; });
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    for (int p = 0; p < n; ++p) {
      const auto bit = static_cast<std::uint8_t>(1 << p);
      if (s.requests[p][p] == 0) {
        State t = s;
        t.requests[p][p] = s.clock[p];
        t.acknowledged[p] = bit;
        send_to_others(t, p, request + s.clock[p]);
        emit(t);
      }
      bool first = s.acknowledged[p] == (1 << n) - 1;
      for (int q = 0; q < n && first; ++q) first = q == p || beats(s, p, q);
      if (first) {
        State t = s;
        t.inside |= bit;
        emit(t);
      }
      if (s.inside & bit) {
        State t = s;
        t.inside &= static_cast<std::uint8_t>(~bit);
        t.requests[p][p] = 0;
        t.acknowledged[p] = 0;
        send_to_others(t, p, release);
        emit(t);
      }
      for (int q = 0; q < n; ++q) {
        if (q == p || s.channel[q][p] == 0) continue;
        const std::uint32_t message = s.channel[q][p] & 15;
        State t = s;
        t.channel[q][p] = static_cast<std::uint16_t>(t.channel[q][p] >> 4);
        if (message >= request) {
          const auto clock = static_cast<std::uint8_t>(message - request);
          t.requests[p][q] = clock;
          t.clock[p] = static_cast<std::uint8_t>(std::max(clock, s.clock[p]) + 1);
          send(t, p, q, acknowledge);
        } else if (message == acknowledge) {
          t.acknowledged[p] |= static_cast<std::uint8_t>(1 << q);
        } else {
          t.requests[p][q] = 0;
        }
        emit(t);
      }
    }
  }

  std::vector<check::Invariant<LamportMutex>> invariants() const {
    return {{"exclusion", PropertyKind::always,
             [](const LamportMutex&, const State& s) { return (s.inside & (s.inside - 1)) == 0; }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.inside); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace netsplit::models
