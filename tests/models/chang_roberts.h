// Leader election on a one-way ring (Chang and Roberts, CACM 22(5), 1979), as in the TLA+ examples'
// module ChangRoberts: any subset of the nodes begins, the smallest identity wins.
#pragma once

#include <array>
#include <string>

#include "core/check/model.h"

namespace netsplit::models {

template <int n>
struct ChangRoberts {
  static_assert(n >= 1 && n <= 4);
  std::array<int, n> identity;  // a permutation of 0 .. n-1

  enum : std::uint8_t { candidate, lost, won };
  struct State {
    std::array<std::uint8_t, 4> messages{};  // a bit for each identity, at the node it waits for
    std::uint8_t initiators = 0;
    std::uint8_t begun = 0;
    std::uint8_t states = 0;  // two bits each
    std::uint8_t unused = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  static int state_of(const State& s, int i) { return s.states >> (2 * i) & 3; }
  static void set_state(State& s, int i, int value) {
    s.states = static_cast<std::uint8_t>((s.states & ~(3 << (2 * i))) | value << (2 * i));
  }
  static std::uint8_t& messages_of(State& s, int i) {
    return s.messages[static_cast<std::size_t>(i)];
  }
  int id_of(int i) const { return identity[static_cast<std::size_t>(i)]; }

  template <class Emit>
  void initial(Emit emit) const {
    for (int initiators = 0; initiators < 1 << n; ++initiators) {
      State s;
      s.initiators = static_cast<std::uint8_t>(initiators);
      for (int i = 0; i < n; ++i) set_state(s, i, initiators >> i & 1 ? candidate : lost);
      emit(s);
    }
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    for (int i = 0; i < n; ++i) {
      const int after = (i + 1) % n;
      if (!(s.begun >> i & 1)) {
        State t = s;
        t.begun = static_cast<std::uint8_t>(t.begun | 1 << i);
        if (s.initiators >> i & 1)
          messages_of(t, after) |= static_cast<std::uint8_t>(1 << id_of(i));
        emit(t);
        continue;
      }
      for (int id = 0; id < n; ++id) {
        if (!(s.messages[static_cast<std::size_t>(i)] >> id & 1)) continue;
        State t = s;
        messages_of(t, i) &= static_cast<std::uint8_t>(~(1 << id));
        if (state_of(s, i) == lost || id < id_of(i)) {
          set_state(t, i, lost);
          messages_of(t, after) |= static_cast<std::uint8_t>(1 << id);
        } else if (id == id_of(i)) {
          set_state(t, i, won);
        }
        emit(t);
      }
    }
  }

  std::vector<check::Invariant<ChangRoberts>> invariants() const {
    return {{"one_leader", PropertyKind::always,
             [](const ChangRoberts& m, const State& s) {
               for (int i = 0; i < n; ++i) {
                 if (state_of(s, i) != won) continue;
                 if (!(s.initiators >> i & 1)) return false;
                 for (int j = 0; j < n; ++j) {
                   if (j == i) continue;
                   const bool smaller = (s.initiators >> j & 1) && m.id_of(j) < m.id_of(i);
                   if (state_of(s, j) != lost || smaller) return false;
                 }
               }
               return true;
             }},
            {"someone_wins", PropertyKind::sometimes, [](const ChangRoberts&, const State& s) {
               for (int i = 0; i < n; ++i) {
                 if (state_of(s, i) == won) return true;
               }
               return false;
             }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.states); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace netsplit::models
