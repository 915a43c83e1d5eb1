// Readers and writers served in the order of a queue, as in the TLA+ examples' module
// ReadersWriters.
#pragma once

#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct ReadersWriters {
  int n = 3;  // actors, at most 5

  struct State {
    std::uint8_t readers = 0;
    std::uint8_t writers = 0;
    std::uint16_t length = 0;
    std::uint32_t unused = 0;
    std::uint64_t waiting = 0;  // six bits each, the first lowest: the actor, and 32 to write
    friend bool operator==(const State&, const State&) = default;
  };

  bool waits(const State& s, std::uint64_t request) const {
    for (int i = 0; i < s.length; ++i) {
      if ((s.waiting >> (6 * i) & 63) == request) return true;
    }
    return false;
  }

  template <class Emit>
  void initial(Emit emit) const {
    emit(State{});
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    for (const std::uint64_t to_write : {0u, 32u}) {
      for (int actor = 0; actor < n; ++actor) {
        const std::uint64_t request = to_write | static_cast<std::uint64_t>(actor);
        if (waits(s, request)) continue;
        State t = s;
        t.waiting |= request << (6 * s.length);
        ++t.length;
        emit(t);
      }
    }
    if (s.length > 0 && s.writers == 0) {
      const bool to_write = s.waiting >> 5 & 1;
      const auto bit = static_cast<std::uint8_t>(1 << (s.waiting & 31));
      State t = s;
      t.waiting >>= 6;
      --t.length;
      if (!to_write) {
        t.readers |= bit;
        emit(t);
      } else if (s.readers == 0) {
        t.writers |= bit;
        emit(t);
      }
    }
    for (int actor = 0; actor < n; ++actor) {
      const auto bit = static_cast<std::uint8_t>(1 << actor);
      if (!((s.readers | s.writers) & bit)) continue;
      State t = s;
      (s.readers & bit ? t.readers : t.writers) &= static_cast<std::uint8_t>(~bit);
      emit(t);
    }
  }

  std::vector<check::Invariant<ReadersWriters>> invariants() const {
    return {{"exclusion", PropertyKind::always, [](const ReadersWriters&, const State& s) {
               return (s.readers == 0 || s.writers == 0) && (s.writers & (s.writers - 1)) == 0;
             }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.waiting); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace netsplit::models
