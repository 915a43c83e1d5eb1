// What Multi-Paxos promises, and what leading costs.
#pragma once

#include <algorithm>
#include <set>
#include <string>

#include "core/protocols/multi_paxos/server.h"
#include "core/sim/oracles.h"
#include "core/sim/view.h"

namespace netsplit::multi_paxos {

// Always: of no instance do two servers know different commands as chosen.
template <class P>
Verdict agreement(const View<P>& view) {
  return of_every_two<Server>(view, [](const Server& one, const Server& other) -> std::string {
    const Log<Slot>& a = one.disk.log;
    const Log<Slot>& b = other.disk.log;
    for (LogIndex i{1}; i <= std::min(a.last(), b.last()); i = i.next()) {
      if (!a[i].chosen.value || !b[i].chosen.value || a[i].command == b[i].command) continue;
      return "know different commands as chosen in instance " + std::to_string(i.value) + ".";
    }
    return {};
  });
}

// Always: only what a client proposed is chosen, or an empty command.
template <class P>
Verdict validity(const View<P>& view) {
  std::set<std::int64_t> proposed;
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i)
    proposed.insert(view.history()[i].operation.argument);
  Verdict verdict = holds();
  view.template for_each<Server>([&](NodeId id, const Server& server) {
    for (const Slot& slot : server.disk.log.entries) {
      if (!slot.chosen.value || !slot.command->value || !verdict.holds) continue;
      if (view.history().first() > 0 || proposed.contains(*slot.command->value)) continue;
      verdict = violated(view.name(id) + " knows " + std::to_string(*slot.command->value) +
                             " as chosen, which nobody proposed.",
                         {id});
    }
  });
  return verdict;
}

// Finally: what is chosen is executed.
template <class P>
Verdict no_gaps(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Server>([&](NodeId id, const Server& server) {
    const Log<Slot>& log = server.disk.log;
    if (view.condition(id) != Condition::up) return;
    for (LogIndex i = server.commit.next(); i <= log.last() && verdict.holds; i = i.next()) {
      if (!log[i].chosen.value) continue;
      verdict = violated(view.name(id) + " knows that instance " + std::to_string(i.value) +
                             " is chosen, and cannot execute it: instance " +
                             std::to_string(server.commit.value + 1) + " is missing.",
                         {id});
    }
  });
  return verdict;
}

// Budget: the slowest answer.
template <class P>
Verdict prompt(const View<P>& view) {
  Time slowest_us = 0;
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    if (record.outcome == Outcome::ok)
      slowest_us = std::max(slowest_us, record.completed_us - record.invoked_us);
  }
  return measured(slowest_us, view.params().answer_limit_us,
                  "The slowest answer took " + format_duration(slowest_us) + ".");
}

template <class P>
std::int64_t first_phases(const View<P>& view) {
  std::int64_t sum = 0;
  view.template for_each<Server>([&](NodeId, const Server& server) { sum += server.first_phases; });
  return sum;
}

}  // namespace netsplit::multi_paxos
