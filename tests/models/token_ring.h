// Dijkstra's self-stabilizing ring ("Self-stabilizing systems in spite of distributed control",
// CACM 17(11), 1974; EWD426; module TokenRing of the TLA+ examples): from any state whatever the
// ring comes to have exactly one token.
#pragma once

#include <array>
#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct TokenRing {
  int n = 6;       // machines, at most 8
  int values = 6;  // of each machine's counter, at most 16

  struct State {
    std::array<std::uint8_t, 8> counter{};
    friend bool operator==(const State&, const State&) = default;
  };

  template <class Emit>
  void initial(Emit emit) const {
    State s;
    while (true) {
      emit(s);
      std::size_t at = 0;
      while (at < static_cast<std::size_t>(n) && ++s.counter[at] == values) s.counter[at++] = 0;
      if (at == static_cast<std::size_t>(n)) return;
    }
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    const auto last = static_cast<std::size_t>(n - 1);
    if (s.counter[0] == s.counter[last]) {
      State t = s;
      t.counter[0] = static_cast<std::uint8_t>((s.counter[last] + 1) % values);
      emit(t);
    }
    for (std::size_t i = 1; i <= last; ++i) {
      if (s.counter[i] == s.counter[i - 1]) continue;
      State t = s;
      t.counter[i] = s.counter[i - 1];
      emit(t);
    }
  }

  static int tokens(const TokenRing& m, const State& s) {
    int count = s.counter[0] == s.counter[static_cast<std::size_t>(m.n - 1)] ? 1 : 0;
    for (std::size_t i = 1; i < static_cast<std::size_t>(m.n); ++i) {
      count += s.counter[i] != s.counter[i - 1] ? 1 : 0;
    }
    return count;
  }

  std::vector<check::Invariant<TokenRing>> invariants() const {
    return {{"there is a token", PropertyKind::always,
             [](const TokenRing& m, const State& s) { return tokens(m, s) >= 1; }},
            {"just one", PropertyKind::sometimes,
             [](const TokenRing& m, const State& s) { return tokens(m, s) == 1; }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.counter[0]); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace netsplit::models
