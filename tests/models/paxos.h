// Single-decree Paxos as Lamport specifies it ("Paxos made simple", 2001; module Paxos of the TLA+
// examples): three acceptors, two values, messages in a set that only grows. What an acceptor knows
// (its highest ballot, what it accepted last) follows from what it has sent, so that the messages
// are the whole state.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "core/check/model.h"

namespace netsplit::models {

struct Paxos {
  static constexpr int acceptors = 3;
  static constexpr int values = 2;
  static constexpr int ballots_max = 3;
  int ballots = 2;
  bool symmetric = false;
  bool forgets = false;  // broken twin: a proposer ignores what was accepted before

  struct State {
    std::uint32_t promised = 0;       // "1b", three bits for each acceptor and ballot; see below
    std::uint32_t accepted : 18 = 0;  // "2b", by acceptor, ballot and value
    std::uint32_t proposed : 6 = 0;   // "2a", by ballot and value
    std::uint32_t prepared : 8 = 0;   // "1a", by ballot
    friend bool operator==(const State&, const State&) = default;
  };
  // In a promise: 0 not sent, 1 nothing accepted before, else 2 + ballot * values + value.
  static int promise(const State& s, int a, int b) {
    return static_cast<int>(s.promised >> (3 * (a * ballots_max + b)) & 7);
  }
  static std::uint32_t accept_bit(int a, int b, int v) {
    return 1u << ((a * ballots_max + b) * values + v);
  }
  static std::uint32_t propose_bit(int b, int v) { return 1u << (b * values + v); }

  // What the acceptor accepted last, as in a promise.
  int last_accepted(const State& s, int a) const {
    for (int b = ballots - 1; b >= 0; --b) {
      for (int v = 0; v < values; ++v) {
        if (s.accepted & accept_bit(a, b, v)) return 2 + b * values + v;
      }
    }
    return 1;
  }
  // The highest ballot the acceptor took part in, or -1.
  int highest(const State& s, int a) const {
    for (int b = ballots - 1; b >= 0; --b) {
      if (promise(s, a, b) != 0) return b;
      for (int v = 0; v < values; ++v) {
        if (s.accepted & accept_bit(a, b, v)) return b;
      }
    }
    return -1;
  }

  template <class Emit>
  void initial(Emit emit) const {
    emit(State{});
  }

  // A guard that some quorum or message fulfils counts once for each, as TLC does.
  template <class Emit>
  void next(const State& s, Emit emit) const {
    for (int b = 0; b < ballots; ++b) {
      State t = s;
      t.prepared = static_cast<std::uint8_t>(t.prepared | 1u << b);
      emit(t);
      if (s.proposed & (propose_bit(b, 0) | propose_bit(b, 1))) continue;
      for (int v = 0; v < values; ++v) {
        State proposal = s;
        proposal.proposed = (proposal.proposed | propose_bit(b, v)) & 63u;
        for (int out = 0; out < acceptors; ++out) {  // a quorum is all but one
          int highest_ballot = -1;
          bool complete = true;
          for (int a = 0; a < acceptors; ++a) {
            if (a == out) continue;
            complete = complete && promise(s, a, b) != 0;
            if (promise(s, a, b) > 1) {
              highest_ballot = std::max(highest_ballot, (promise(s, a, b) - 2) / values);
            }
          }
          if (!complete) continue;
          if (highest_ballot < 0 || forgets) {
            emit(proposal);
            continue;
          }
          for (int a = 0; a < acceptors; ++a) {
            if (a != out && promise(s, a, b) == 2 + highest_ballot * values + v) emit(proposal);
          }
        }
      }
    }
    for (int a = 0; a < acceptors; ++a) {
      const int own = highest(s, a);
      for (int b = 0; b < ballots; ++b) {
        if ((s.prepared >> b & 1) && b > own) {
          State t = s;
          t.promised |= static_cast<std::uint32_t>(last_accepted(s, a))
                        << (3 * (a * ballots_max + b));
          emit(t);
        }
        for (int v = 0; v < values; ++v) {
          if (!(s.proposed & propose_bit(b, v)) || b < own) continue;
          State t = s;
          t.accepted = (t.accepted | accept_bit(a, b, v)) & 0x3ffffu;
          emit(t);
        }
      }
    }
  }

  // Acceptors are interchangeable, and so are values: the least of all ways to name them.
  State canonical(const State& s) const {
    if (!symmetric) return s;
    State least = s;
    std::array<int, acceptors> names{0, 1, 2};
    do {
      for (int flip = 0; flip < values; ++flip) {
        const State t = renamed(s, names, flip);
        if (key(t) < key(least)) least = t;
      }
    } while (std::next_permutation(names.begin(), names.end()));
    return least;
  }

  std::vector<check::Invariant<Paxos>> invariants() const {
    return {{"one value is chosen", PropertyKind::always,
             [](const Paxos& m, const State& s) { return !(chosen(m, s, 0) && chosen(m, s, 1)); }},
            {"a value can be chosen", PropertyKind::sometimes,
             [](const Paxos& m, const State& s) { return chosen(m, s, 0); }}};
  }
  std::string describe(const State& s) const { return std::to_string(s.promised); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }

 private:
  static bool chosen(const Paxos& m, const State& s, int v) {
    for (int b = 0; b < m.ballots; ++b) {
      int votes = 0;
      for (int a = 0; a < acceptors; ++a) votes += s.accepted & accept_bit(a, b, v) ? 1 : 0;
      if (votes >= 2) return true;
    }
    return false;
  }
  static std::uint64_t key(const State& s) {
    return std::uint64_t{s.promised} << 32 | std::uint64_t{s.accepted} << 14 |
           std::uint64_t{s.proposed} << 8 | std::uint64_t{s.prepared};
  }
  State renamed(const State& s, const std::array<int, acceptors>& names, int flip) const {
    State t;
    t.prepared = s.prepared;
    for (int b = 0; b < ballots; ++b) {
      for (int v = 0; v < values; ++v) {
        if (s.proposed & propose_bit(b, v))
          t.proposed = (t.proposed | propose_bit(b, v ^ flip)) & 63u;
      }
      for (int a = 0; a < acceptors; ++a) {
        const int name = names[static_cast<std::size_t>(a)];
        const int sent = promise(s, a, b);
        t.promised |= static_cast<std::uint32_t>(sent > 1 ? 2 + ((sent - 2) ^ flip) : sent)
                      << (3 * (name * ballots_max + b));
        for (int v = 0; v < values; ++v) {
          if (s.accepted & accept_bit(a, b, v)) {
            t.accepted = (t.accepted | accept_bit(name, b, v ^ flip)) & 0x3ffffu;
          }
        }
      }
    }
    return t;
  }
};

}  // namespace netsplit::models
