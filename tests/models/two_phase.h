// TwoPhase: two-phase commit as Gray and Lamport specify it ("Consensus on transaction commit",
// ACM TODS 31(1), 2006; module TwoPhase of the TLA+ examples). Messages form a set that only grows.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "core/check/model.h"

namespace netsplit::models {

// `n` resource managers, at most 12. Two bits a manager: working, prepared, committed, aborted.
struct TwoPhase {
  int n = 3;
  bool symmetric = false;
  bool changes_its_mind = false;  // broken twin: a prepared manager may still abort by itself

  struct State {
    std::uint32_t managers = 0;       // two bits each
    std::uint16_t prepared_seen = 0;  // by the transaction manager
    // Low 12 bits: "prepared" was sent by manager i; then commit and abort were sent; then the
    // transaction manager's state: init, committed, aborted.
    std::uint16_t sent = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  enum Manager : std::uint32_t { working, prepared, committed, aborted };
  static constexpr std::uint16_t commit_sent = 1 << 12;
  static constexpr std::uint16_t abort_sent = 1 << 13;
  static constexpr std::uint16_t decided = 1 << 14;

  static std::uint32_t manager(const State& s, int i) { return s.managers >> (2 * i) & 3; }
  static void set_manager(State& s, int i, std::uint32_t value) {
    s.managers = (s.managers & ~(3u << (2 * i))) | value << (2 * i);
  }

  template <class Emit>
  void initial(Emit emit) const {
    emit(State{});
  }

  template <class Emit>
  void next(const State& s, Emit emit) const {
    const auto everyone = static_cast<std::uint16_t>((1 << n) - 1);
    if (!(s.sent & decided)) {
      if (s.prepared_seen == everyone) {
        State t = s;
        t.sent |= decided | commit_sent;
        emit(t);
      }
      State t = s;
      t.sent |= decided | abort_sent;
      emit(t);
    }
    for (int i = 0; i < n; ++i) {
      const auto bit = static_cast<std::uint16_t>(1 << i);
      const std::uint32_t own = manager(s, i);
      if (!(s.sent & decided) && (s.sent & bit)) {
        State t = s;
        t.prepared_seen |= bit;
        emit(t);
      }
      if (own == working) {
        State t = s;
        set_manager(t, i, prepared);
        t.sent |= bit;
        emit(t);
      }
      if (own == working || (changes_its_mind && own == prepared)) {
        State t = s;
        set_manager(t, i, aborted);
        emit(t);
      }
      if (s.sent & commit_sent) {
        State t = s;
        set_manager(t, i, committed);
        emit(t);
      }
      if (s.sent & abort_sent) {
        State t = s;
        set_manager(t, i, aborted);
        emit(t);
      }
    }
  }

  // Managers are interchangeable: sort them by all that is known of each.
  State canonical(const State& s) const { return symmetric ? sorted(s) : s; }
  State sorted(const State& s) const {
    std::array<std::uint32_t, 12> all{};
    for (int i = 0; i < n; ++i) {
      all[static_cast<std::size_t>(i)] =
          manager(s, i) << 2 | (s.sent >> i & 1u) << 1 | (s.prepared_seen >> i & 1u);
    }
    std::sort(all.begin(), all.begin() + n);
    State t;
    t.sent = static_cast<std::uint16_t>(s.sent & ~0xfffu);
    for (int i = 0; i < n; ++i) {
      const std::uint32_t own = all[static_cast<std::size_t>(i)];
      set_manager(t, i, own >> 2);
      t.sent = static_cast<std::uint16_t>(t.sent | (own >> 1 & 1) << i);
      t.prepared_seen = static_cast<std::uint16_t>(t.prepared_seen | (own & 1) << i);
    }
    return t;
  }

  std::vector<check::Invariant<TwoPhase>> invariants() const {
    return {{"consistent", PropertyKind::always, [](const TwoPhase& m, const State& s) {
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
