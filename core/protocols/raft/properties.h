// What Raft promises (figure 3), and what elections and logs cost.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/protocols/raft/server.h"
#include "core/sim/oracles.h"
#include "core/sim/view.h"

namespace netsplit::raft {

inline std::string at_index(LogIndex index) { return "index " + std::to_string(index.value); }

// Always: two servers do not lead in the same term (figure 3, as are the next three).
template <class P>
Verdict election_safety(const View<P>& view) {
  return of_every_two<Server>(view, [](const Server& one, const Server& other) -> std::string {
    const bool both = one.state == Server::State::leader && other.state == Server::State::leader;
    if (!both || one.disk.term != other.disk.term) return {};
    return "both lead in term " + std::to_string(one.disk.term.value) + ".";
  });
}

// Always: logs that have an entry of the same index and term are the same up to it.
template <class P>
Verdict log_matching(const View<P>& view) {
  return of_every_two<Server>(view, [](const Server& one, const Server& other) -> std::string {
    const Log<Entry>& a = one.disk.log;
    const Log<Entry>& b = other.disk.log;
    const LogIndex end = std::min(a.last(), b.last());
    const LogIndex differ = first_difference(a, b, end);
    if (differ == LogIndex{}) return {};
    for (LogIndex i = differ; i <= end; i = i.next()) {
      if (a[i].term != b[i].term) continue;
      return "have the same term at " + at_index(i) + ", and different entries at " +
             at_index(differ) + ".";
    }
    return {};
  });
}

// Always: what a server has committed is in the log of every leader of its term or a later one.
template <class P>
Verdict leader_completeness(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Server>([&](NodeId leader, const Server& leading) {
    if (leading.state != Server::State::leader) return;
    view.template for_each<Server>([&](NodeId id, const Server& server) {
      if (!verdict.holds || server.disk.term > leading.disk.term) return;
      const Log<Entry>& log = leading.disk.log;
      LogIndex lacks = first_difference(log, server.disk.log, server.commit);
      if (lacks == LogIndex{} && log.last() < server.commit) lacks = log.last().next();
      if (lacks == LogIndex{}) return;
      verdict = violated(view.name(leader) + " leads in term " +
                             std::to_string(leading.disk.term.value) + " without the entry at " +
                             at_index(lacks) + ", which " + view.name(id) + " has committed.",
                         {leader, id});
    });
  });
  return verdict;
}

// Always: no two servers apply different entries at the same index.
template <class P>
Verdict state_machine_safety(const View<P>& view) {
  return of_every_two<Server>(view, [](const Server& one, const Server& other) -> std::string {
    const LogIndex end = std::min(one.commit, other.commit);
    const LogIndex differ = first_difference(one.disk.log, other.disk.log, end);
    if (differ != LogIndex{}) return "have applied different entries at " + at_index(differ) + ".";
    if (one.commit != other.commit || one.machine == other.machine) return {};
    return "are at " + at_index(one.commit) + " with different state.";
  });
}

// Finally: a majority follows one leader.
template <class P>
Verdict has_leader(const View<P>& view) {
  std::map<std::pair<Epoch, NodeId>, int> followers;  // by term and leader
  int servers = 0;
  view.template for_each<Server>([&](NodeId, const Server& one) {
    ++servers;
    if (one.leader != nobody) ++followers[{one.disk.term, one.leader}];
  });
  for (const auto& [whom, count] : followers)
    if (2 * count > servers) return holds();
  return violated("No leader is followed by a majority.");
}

template <class P>
std::int64_t highest_term(const View<P>& view) {
  std::int64_t highest = 0;
  view.template for_each<Server>(
      [&](NodeId, const Server& one) { highest = std::max(highest, one.disk.term.value); });
  return highest;
}

template <class P>
std::int64_t longest_log(const View<P>& view) {
  std::size_t longest = 0;
  view.template for_each<Server>(
      [&](NodeId, const Server& one) { longest = std::max(longest, one.disk.log.entries.size()); });
  return static_cast<std::int64_t>(longest);
}

// Budgets: what elections cost, and what logs need.
template <class P>
Verdict few_terms(const View<P>& view) {
  const std::int64_t terms = highest_term(view);
  return measured(terms, view.params().terms_limit,
                  std::to_string(terms) + (terms == 1 ? " term was begun." : " terms were begun."));
}

template <class P>
Verdict short_log(const View<P>& view) {
  const std::int64_t entries = longest_log(view);
  return measured(
      entries, view.params().log_limit,
      "The longest log has " + std::to_string(entries) + (entries == 1 ? " entry." : " entries."));
}

template <class P>
bool leaderless(const View<P>& view, NodeId node) {
  const Server* server = view.template as<Server>(node);
  return server != nullptr && view.condition(node) == Condition::up && server->leader == nobody;
}

}  // namespace netsplit::raft
