// Detection of termination in a ring (Dijkstra, Feijen and van Gasteren, "Derivation of a
// termination detection algorithm for distributed computations", IPL 16(5), 1983; EWD840; module
// EWD840 of the TLA+ examples).
#pragma once

#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct Ewd840 {
  int n = 3;                 // nodes, at most 8
  bool stays_white = false;  // broken twin: a sender does not remember that it sent

  struct State {
    std::uint8_t active = 0;  // by node
    std::uint8_t black = 0;   // by node
    std::uint8_t token_at = 0;
    std::uint8_t token_black = 1;
    friend bool operator==(const State&, const State&) = default;
  };

  static bool has(std::uint8_t set, int i) { return (set >> i & 1) != 0; }

  template <class Emit>
  void initial(Emit emit) const {
    for (int active = 0; active < 1 << n; ++active) {
      for (int black = 0; black < 1 << n; ++black) {
        for (int at = 0; at < n; ++at) {
          emit(State{static_cast<std::uint8_t>(active), static_cast<std::uint8_t>(black),
                     static_cast<std::uint8_t>(at), 1});
        }
      }
    }
  }

  // A guard that is a disjunction counts once for each part that is true, as TLC does.
  template <class Emit>
  void next(const State& s, Emit emit) const {
    const auto bit = [](int i) { return static_cast<std::uint8_t>(1 << i); };
    if (s.token_at == 0) {
      State t = s;
      t.token_at = static_cast<std::uint8_t>(n - 1);
      t.token_black = 0;
      t.black &= static_cast<std::uint8_t>(~1);
      if (s.token_black) emit(t);
      if (has(s.black, 0)) emit(t);
    } else {
      const int i = s.token_at;
      State t = s;
      t.token_at = static_cast<std::uint8_t>(i - 1);
      if (has(s.black, i)) t.token_black = 1;
      t.black &= static_cast<std::uint8_t>(~bit(i));
      if (!has(s.active, i)) emit(t);
      if (has(s.black, i)) emit(t);
      if (s.token_black) emit(t);
    }
    for (int i = 0; i < n; ++i) {
      if (!has(s.active, i)) continue;
      for (int j = 0; j < n; ++j) {
        if (j == i) continue;
        State t = s;
        t.active |= bit(j);
        if (j > i && !stays_white) t.black |= bit(i);
        emit(t);
      }
      State t = s;
      t.active &= static_cast<std::uint8_t>(~bit(i));
      emit(t);
    }
  }

  std::vector<check::Invariant<Ewd840>> invariants() const {
    return {{"what is detected is true", PropertyKind::always, [](const Ewd840&, const State& s) {
               const bool detected =
                   s.token_at == 0 && !s.token_black && !has(s.black, 0) && !has(s.active, 0);
               return !detected || s.active == 0;
             }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.token_at); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace netsplit::models
