// PaxosCommit: atomic commitment that outlives the failure of any minority of acceptors (Gray and
// Lamport, "Consensus on transaction commit", ACM TODS 31(1), 2006; module PaxosCommit of the TLA+
// examples). Each resource manager's vote is one instance of Paxos. Two managers, three acceptors,
// ballots 0 and 1. Messages form a set that only grows; an acceptor's state follows from what it
// has sent.
#pragma once

#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct PaxosCommit {
  static constexpr int managers = 2;
  static constexpr int acceptors = 3;
  static constexpr int ballots = 2;
  static constexpr int values = 2;  // prepared, aborted
  bool hasty = false;  // broken twin: in ballot 1 a leader proposes "aborted" whatever it learnt

  enum Manager : std::uint64_t { working, prepared, committed, aborted };
  struct State {
    std::uint64_t manager : 4 = 0;      // two bits each
    std::uint64_t prepared_1a : 2 = 0;  // for ballot 1, by instance
    // Answers to it, two bits for each instance and acceptor: 0 not sent, 1 nothing accepted, else
    // 2 + the value accepted in ballot 0.
    std::uint64_t promised : 12 = 0;
    std::uint64_t proposed : 8 = 0;   // "2a", by instance, ballot and value
    std::uint64_t accepted : 24 = 0;  // "2b", by instance, acceptor, ballot and value
    std::uint64_t outcome : 14 = 0;   // 1: "commit" was sent, 2: "abort" was
    friend bool operator==(const State&, const State&) = default;
  };

  static std::uint64_t manager_of(const State& s, int i) { return s.manager >> (2 * i) & 3; }
  static std::uint64_t promise(const State& s, int i, int a) {
    return s.promised >> (2 * (i * acceptors + a)) & 3;
  }
  static std::uint64_t propose_bit(int i, int b, int v) {
    return std::uint64_t{1} << ((i * ballots + b) * values + v);
  }
  static std::uint64_t accept_bit(int i, int a, int b, int v) {
    return std::uint64_t{1} << (((i * acceptors + a) * ballots + b) * values + v);
  }
  static State with_manager(State s, int i, std::uint64_t value) {
    s.manager = (s.manager & ~(std::uint64_t{3} << (2 * i)) & 15) | value << (2 * i);
    return s;
  }
  // The highest ballot the acceptor took part in, in this instance; all start in ballot 0.
  static int ballot_of(const State& s, int i, int a) {
    const bool second = promise(s, i, a) != 0 ||
                        (s.accepted & (accept_bit(i, a, 1, 0) | accept_bit(i, a, 1, 1))) != 0;
    return second ? 1 : 0;
  }

  template <class Emit>
  void initial(Emit emit) const {
    emit(State{});
  }

  // A guard that some majority or ballot fulfils counts once for each, as TLC does.
  template <class Emit>
  void next(const State& s, Emit emit) const {
    for (int i = 0; i < managers; ++i) {
      if (manager_of(s, i) == working) {
        State t = with_manager(s, i, prepared);
        t.proposed |= propose_bit(i, 0, 0);
        emit(t);
        t = with_manager(s, i, aborted);
        t.proposed |= propose_bit(i, 0, 1);
        emit(t);
      }
      if (s.outcome & 1) emit(with_manager(s, i, committed));
      if (s.outcome & 2) emit(with_manager(s, i, aborted));
      lead(s, i, emit);
    }
    decide(s, emit);
    for (int a = 0; a < acceptors; ++a) {
      for (int i = 0; i < managers; ++i) accept(s, i, a, emit);
    }
  }

  std::vector<check::Invariant<PaxosCommit>> invariants() const {
    return {{"consistent", PropertyKind::always, [](const PaxosCommit&, const State& s) {
               bool commits = false;
               bool aborts = false;
               for (int i = 0; i < managers; ++i) {
                 commits = commits || manager_of(s, i) == committed;
                 aborts = aborts || manager_of(s, i) == aborted;
               }
               return !(commits && aborts);
             }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.outcome); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }

 private:
  // A leader asks in ballot 1 what an instance has accepted, and proposes it, or else "aborted".
  template <class Emit>
  void lead(const State& s, int i, Emit& emit) const {
    State asked = s;
    asked.prepared_1a = (asked.prepared_1a | std::uint64_t{1} << i) & 3;
    emit(asked);
    if (s.proposed & (propose_bit(i, 1, 0) | propose_bit(i, 1, 1))) return;
    for (int out = 0; out < acceptors; ++out) {  // a majority is all but one
      bool complete = true;
      int value = 1;
      for (int a = 0; a < acceptors; ++a) {
        if (a == out) continue;
        complete = complete && promise(s, i, a) != 0;
        if (promise(s, i, a) == 2 && !hasty) value = 0;
      }
      if (!complete) continue;
      State t = s;
      t.proposed |= propose_bit(i, 1, value);
      emit(t);
    }
  }

  template <class Emit>
  void accept(const State& s, int i, int a, Emit& emit) const {
    const int own = ballot_of(s, i, a);
    if ((s.prepared_1a >> i & 1) && own < 1) {
      std::uint64_t known = 1;
      for (int v = 0; v < values; ++v) {
        if (s.accepted & accept_bit(i, a, 0, v)) known = 2 + static_cast<std::uint64_t>(v);
      }
      State t = s;
      t.promised |= known << (2 * (i * acceptors + a));
      emit(t);
    }
    for (int b = own; b < ballots; ++b) {
      for (int v = 0; v < values; ++v) {
        if (!(s.proposed & propose_bit(i, b, v))) continue;
        State t = s;
        t.accepted |= accept_bit(i, a, b, v);
        emit(t);
      }
    }
  }

  // In how many ways an instance has decided on the value: ballots times majorities.
  static int decisions(const State& s, int i, int v) {
    int ways = 0;
    for (int b = 0; b < ballots; ++b) {
      int votes = 0;
      for (int a = 0; a < acceptors; ++a) votes += s.accepted & accept_bit(i, a, b, v) ? 1 : 0;
      ways += votes == 3 ? 3 : votes == 2 ? 1 : 0;
    }
    return ways;
  }

  template <class Emit>
  void decide(const State& s, Emit& emit) const {
    int commits = 1;
    int aborts = 0;
    for (int i = 0; i < managers; ++i) {
      commits *= decisions(s, i, 0);
      aborts += decisions(s, i, 1);
    }
    State t = s;
    t.outcome |= 1;
    for (; commits > 0; --commits) emit(t);
    t = s;
    t.outcome |= 2;
    for (; aborts > 0; --aborts) emit(t);
  }
};

}  // namespace netsplit::models
