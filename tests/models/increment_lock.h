// Threads that each add one to a shared counter, in two steps, under a lock: an example of the
// stateright model checker (increment_lock).
#pragma once

#include <array>
#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct IncrementLock {
  int threads = 2;    // at most 7
  bool locks = true;  // broken twin: goes in without the lock

  struct State {
    std::uint8_t counter = 0;
    std::uint8_t locked = 0;
    std::array<std::uint8_t, 7> read{};  // what each thread last read
    std::array<std::uint8_t, 7> step{};  // 0 outside, 1 inside, 2 has read, 3 has written, 4 done
    friend bool operator==(const State&, const State&) = default;
  };

  template <class Emit>
  void initial(Emit emit) const {
    emit(State{});
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    for (std::size_t i = 0; i < static_cast<std::size_t>(threads); ++i) {
      State t = s;
      ++t.step[i];
      if (s.step[i] == 0) {
        if (locks && s.locked) continue;
        t.locked = 1;
      } else if (s.step[i] == 1) {
        t.read[i] = s.counter;
      } else if (s.step[i] == 2) {
        t.counter = static_cast<std::uint8_t>(s.read[i] + 1);
      } else if (s.step[i] == 3) {
        t.locked = 0;
      } else {
        continue;
      }
      emit(t);
    }
  }

  std::vector<check::Invariant<IncrementLock>> invariants() const {
    return {{"nothing lost", PropertyKind::always,
             [](const IncrementLock&, const State& s) {
               int written = 0;
               for (const std::uint8_t step : s.step) written += step >= 3 ? 1 : 0;
               return written == s.counter;
             }},
            {"exclusion", PropertyKind::always, [](const IncrementLock&, const State& s) {
               int inside = 0;
               for (const std::uint8_t step : s.step) inside += step >= 1 && step <= 3 ? 1 : 0;
               return inside <= 1;
             }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.counter); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace netsplit::models
