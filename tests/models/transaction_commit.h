// TCommit: what every atomic commitment must look like from outside, as Gray and Lamport specify it
// ("Consensus on transaction commit", ACM TODS 31(1), 2006; module TCommit of the TLA+ examples).
#pragma once

#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct TransactionCommit {
  int n = 3;  // resource managers, at most 16

  struct State {
    std::uint32_t managers = 0;  // two bits each
    friend bool operator==(const State&, const State&) = default;
  };
  enum Manager : std::uint32_t { working, prepared, committed, aborted };

  static std::uint32_t manager(const State& s, int i) { return s.managers >> (2 * i) & 3; }
  static State with(State s, int i, std::uint32_t value) {
    s.managers = (s.managers & ~(3u << (2 * i))) | value << (2 * i);
    return s;
  }

  template <class Emit>
  void initial(Emit emit) const {
    emit(State{});
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    bool can_commit = true;
    bool none_committed = true;
    for (int i = 0; i < n; ++i) {
      const std::uint32_t own = manager(s, i);
      can_commit = can_commit && (own == prepared || own == committed);
      none_committed = none_committed && own != committed;
    }
    for (int i = 0; i < n; ++i) {
      const std::uint32_t own = manager(s, i);
      if (own == working) emit(with(s, i, prepared));
      if (own == prepared && can_commit) emit(with(s, i, committed));
      if ((own == working || own == prepared) && none_committed) emit(with(s, i, aborted));
    }
  }

  std::vector<check::Invariant<TransactionCommit>> invariants() const {
    return {{"consistent", PropertyKind::always, [](const TransactionCommit& m, const State& s) {
               bool commits = false;
               bool aborts = false;
               for (int i = 0; i < m.n; ++i) {
                 commits = commits || manager(s, i) == committed;
                 aborts = aborts || manager(s, i) == aborted;
               }
               return !(commits && aborts);
             }}};
  }
  std::string describe(const State& s) const {
    std::string text;
    for (int i = 0; i < n; ++i) text += "wpca"[manager(s, i)];
    return text;
  }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace netsplit::models
