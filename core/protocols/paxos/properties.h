// What is decided, and whether anything is.
#pragma once

#include <string>

#include "core/protocols/paxos/acceptor.h"
#include "core/protocols/paxos/proposer.h"
#include "core/sim/view.h"

namespace netsplit::paxos {

// Always: no two proposers know different values as decided (Lamport 2001, section 2.1).
template <class P>
Verdict agreement(const View<P>& view) {
  NodeId first;
  std::int64_t value = 0;
  Verdict verdict = holds();
  view.template for_each<Proposer>([&](NodeId id, const Proposer& proposer) {
    if (proposer.value == 0) return;
    if (first == nobody) {
      first = id;
      value = proposer.value;
    } else if (proposer.value != value && verdict.holds) {
      verdict =
          violated(view.name(first) + " knows that " + std::to_string(value) + " is decided, " +
                       view.name(id) + " that " + std::to_string(proposer.value) + " is.",
                   {first, id});
    }
  });
  return verdict;
}

// Always: only a value that somebody was asked to propose is decided.
template <class P>
Verdict validity(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Proposer>([&](NodeId id, const Proposer& proposer) {
    if (proposer.value == 0 || !verdict.holds) return;
    for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
      if (view.history()[i].operation.argument == proposer.value) return;
    }
    verdict = violated(view.name(id) + " knows that " + std::to_string(proposer.value) +
                           " is decided, which nobody was asked to propose.",
                       {id});
  });
  return verdict;
}

// Sometimes: a value is decided. No protocol can promise it for every timing.
template <class P>
Verdict decides(const View<P>& view) {
  Verdict verdict = not_seen();
  view.template for_each<Proposer>([&](NodeId id, const Proposer& proposer) {
    if (proposer.value == 0 || verdict.holds) return;
    verdict = seen(view.name(id) + " knows that " + std::to_string(proposer.value) +
                       " is decided, after " + std::to_string(proposer.rounds) +
                       (proposer.rounds == 1 ? " round." : " rounds."),
                   {id});
  });
  return verdict;
}

// Finally: who was asked to propose has an answer.
template <class P>
Verdict all_answered(const View<P>& view) {
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    if (record.outcome != Outcome::pending) continue;
    return violated(view.name(record.client) + " still waits for a decision.", {record.client});
  }
  return holds();
}

}  // namespace netsplit::paxos
