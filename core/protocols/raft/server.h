// A server: elections, replication, the commit rule, snapshots. In the order of the paper.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/raft/messages.h"

namespace netsplit::raft {

struct Server {
  static constexpr Shape shape = Shape::server;
  enum class State : std::uint8_t { follower, pre_candidate, candidate, leader };

  struct Disk {
    Epoch term;
    NodeId voted_for;  // in this term
    Log<Entry> log;
    Snapshot snapshot;  // of the entries that the log has dropped
    FIELDS(term, voted_for, log, snapshot)

    Epoch term_at(LogIndex index) const {
      return log.has(index) ? log[index].term : index == log.dropped ? snapshot.term : Epoch{};
    }
  };
  struct Follower {
    LogIndex match;         // up to here its log is known to be the leader's
    std::int64_t next = 1;  // what it is sent next
    FIELDS(match, next)
  };

  State state{};
  Disk disk;
  LogIndex commit;
  NodeId leader;  // as far as it knows
  Machine machine;
  std::set<NodeId> votes;                // a candidate's
  std::map<NodeId, Follower> followers;  // a leader's

  void start(Ctx& ctx) { wait(ctx); }
  void restart(Ctx& ctx) {
    if (!ctx.params().save_vote) disk.voted_for = nobody;  // the broken twin forgets whom it chose
    machine = disk.snapshot.machine;
    commit = disk.log.dropped;
    wait(ctx);
  }
  void wait(Ctx& ctx) {
    ctx.set_timer(ElectionTimeout{}, ctx.params().election_low_us, ctx.params().election_high_us);
  }
  // Figure 2, "all servers": a higher term makes a follower of anyone.
  void observe(Ctx& ctx, Epoch term) {
    if (term <= disk.term) return;
    disk.term = term;
    disk.voted_for = nobody;
    save(ctx);
    follow(ctx, nobody);
  }
  void follow(Ctx& ctx, NodeId whom) {
    if (state == State::leader) ctx.cancel_timer(HeartbeatDue{});
    if (state == State::leader || whom != nobody) wait(ctx);
    state = State::follower;
    leader = whom;
    votes.clear();
    followers.clear();
  }
  // Before anything is said that depends on it.
  static void save(Ctx& ctx) { ctx.work(ctx.params().sync_us); }

  // Elections (5.2).
  void on(Ctx& ctx, ElectionTimeout) { canvass(ctx, ctx.params().pre_vote); }
  void on(Ctx& ctx, const Campaign&) {
    if (state != State::leader) canvass(ctx, false);
  }
  void canvass(Ctx& ctx, bool pre) {
    state = pre ? State::pre_candidate : State::candidate;
    leader = nobody;
    votes = {ctx.self()};
    wait(ctx);
    if (!pre) {
      disk.term = disk.term.next();
      disk.voted_for = ctx.self();
      save(ctx);
    }
    const Epoch term = pre ? disk.term.next() : disk.term;
    for (const NodeId other : others(ctx))
      ctx.send(other, RequestVote{term, pre, disk.log.last(), disk.term_at(disk.log.last())});
    count_votes(ctx);
  }
  void on(Ctx& ctx, NodeId from, const RequestVote& m) {
    if (!m.pre) observe(ctx, m.term);
    const Epoch own_last = disk.term_at(disk.log.last());
    const bool up_to_date =  // 5.4.1
        m.last_term > own_last || (m.last_term == own_last && m.last >= disk.log.last());
    if (m.pre) {  // nothing is promised: it would vote, since it knows of no leader
      const bool would = m.term > disk.term && leader == nobody && up_to_date;
      return ctx.send(from, Vote{would ? m.term : disk.term, true, would});
    }
    const bool free = disk.voted_for == nobody || disk.voted_for == from;
    const bool granted = m.term == disk.term && free && up_to_date;
    if (granted) {
      disk.voted_for = from;
      save(ctx);
      wait(ctx);
    }
    ctx.send(from, Vote{disk.term, false, granted});
  }
  void on(Ctx& ctx, NodeId from, const Vote& m) {
    if (!m.pre || !m.granted) observe(ctx, m.term);
    const bool of_this_term = m.pre ? state == State::pre_candidate && m.term == disk.term.next()
                                    : state == State::candidate && m.term == disk.term;
    if (!m.granted || !of_this_term) return;
    votes.insert(from);
    count_votes(ctx);
  }
  void count_votes(Ctx& ctx) {
    if (2 * votes.size() <= ctx.all<Server>().size()) return;
    if (state == State::pre_candidate) return canvass(ctx, false);
    state = State::leader;
    leader = ctx.self();
    votes.clear();
    ctx.cancel_timer(ElectionTimeout{});
    for (const NodeId other : others(ctx))
      followers[other] = {LogIndex{}, disk.log.last().value + 1};
    append(ctx, {disk.term, {}, Kind::empty, ctx.self(), 0});  // section 8
  }

  // Replication (5.3).
  void append(Ctx& ctx, const Entry& entry) {
    disk.log.append(entry);
    save(ctx);
    on(ctx, HeartbeatDue{});
    advance(ctx);
  }
  void on(Ctx& ctx, HeartbeatDue) {
    for (auto& [other, follower] : followers) send_entries(ctx, other, follower);
    ctx.set_timer(HeartbeatDue{}, ctx.params().heartbeat_us);
  }
  // It takes for granted that they arrive; a refusal takes `next` back.
  void send_entries(Ctx& ctx, NodeId to, Follower& follower) {
    const LogIndex previous{follower.next - 1};
    if (previous < disk.log.dropped) {
      follower.next = disk.log.dropped.value + 1;
      return ctx.send(to, InstallSnapshot{disk.term, disk.log.dropped, disk.snapshot});
    }
    AppendEntries message{disk.term, {}, previous, disk.term_at(previous), commit};
    const LogIndex last{std::min(disk.log.last().value, previous.value + ctx.params().batch)};
    for (; follower.next <= last.value; ++follower.next)
      message.entries.push_back(disk.log[LogIndex{follower.next}]);
    ctx.send(to, std::move(message));
  }
  void on(Ctx& ctx, NodeId from, const AppendEntries& m) {
    observe(ctx, m.term);
    if (m.term < disk.term) return ctx.send(from, Appended{disk.term, false, LogIndex{}});
    follow(ctx, from);
    const Log<Entry>& log = disk.log;
    const bool known = m.previous <= log.last() && m.previous >= log.dropped;
    if (m.previous > log.last() || (known && disk.term_at(m.previous) != m.previous_term)) {
      const LogIndex before = std::min(log.last(), m.previous.previous());
      return ctx.send(from, Appended{disk.term, false, before});
    }
    const LogIndex match = store(ctx, m.previous, m.entries);
    apply(ctx, std::min(m.commit, match));
    ctx.send(from, Appended{disk.term, true, match});
  }
  // An entry that conflicts with a new one goes, and all that follow it; what is there already
  // stays, and what comes after it, since an older message may be late.
  LogIndex store(Ctx& ctx, LogIndex at, const std::vector<Entry>& entries) {
    bool changed = false;
    for (const Entry& entry : entries) {
      at = at.next();
      if (at <= disk.log.dropped) continue;
      if (disk.log.has(at) && disk.log[at].term == entry.term) continue;
      disk.log.cut_after(at.previous());
      disk.log.append(entry);
      changed = true;
    }
    if (changed) save(ctx);
    return at;
  }
  void on(Ctx& ctx, NodeId from, const Appended& m) {
    observe(ctx, m.term);
    if (state != State::leader || m.term != disk.term) return;
    Follower& follower = followers[from];
    if (m.success) follower.match = std::max(follower.match, m.match);
    if (!m.success) follower.next = std::min(follower.next, m.match.value + 1);
    follower.next = std::max(follower.next, follower.match.value + 1);
    if (m.success) advance(ctx);
    if (!m.success || follower.next <= disk.log.last().value) send_entries(ctx, from, follower);
  }

  // The commit rule (5.3, 5.4.2): what a majority has stored, if it is of the leader's own term;
  // then everything before it is committed too. The broken twin counts copies of any term.
  void advance(Ctx& ctx) {
    std::vector<LogIndex> stored{disk.log.last()};
    for (const auto& [other, follower] : followers) stored.push_back(follower.match);
    std::sort(stored.begin(), stored.end(), std::greater<>());
    const LogIndex by_majority = stored[stored.size() / 2];
    const bool own = disk.term_at(by_majority) == disk.term;
    if (own || !ctx.params().own_term_only) apply(ctx, by_majority);
  }
  void apply(Ctx& ctx, LogIndex end) {
    while (commit < end) {
      commit = commit.next();
      const Entry& entry = disk.log[commit];
      const Value result = machine.apply(entry, ctx.params().sessions);
      if (state == State::leader && entry.kind != Kind::empty)
        ctx.send(entry.client, Answer{entry.serial, result});
    }
    const std::int64_t after = ctx.params().snapshot_after;
    if (after == 0 || !disk.log.has(commit) || commit.value - disk.log.dropped.value < after)
      return;
    disk.snapshot = {disk.term_at(commit), machine};  // section 7
    disk.log.drop_through(commit);
    save(ctx);
  }
  void on(Ctx& ctx, NodeId from, const InstallSnapshot& m) {
    observe(ctx, m.term);
    if (m.term < disk.term) return ctx.send(from, Appended{disk.term, false, LogIndex{}});
    follow(ctx, from);
    if (m.last > commit) {
      if (disk.term_at(m.last) != m.snapshot.term) disk.log.cut_after(disk.log.dropped);
      disk.log.drop_through(m.last);
      disk.snapshot = m.snapshot;
      machine = m.snapshot.machine;
      commit = m.last;
      save(ctx);
    }
    ctx.send(from, Appended{disk.term, true, m.last});
  }

  // Clients (section 8). A leader that has been replaced does not know it; only what goes through
  // the log is safe to answer from (thesis, 6.4).
  void on(Ctx& ctx, NodeId from, const Write& m) {
    take(ctx, {disk.term, m.value, Kind::write, from, m.serial});
  }
  void on(Ctx& ctx, NodeId from, const Read& m) {
    if (state == State::leader && ctx.params().reads == Reads::at_once)
      return ctx.send(from, Answer{m.serial, machine.value});
    take(ctx, {disk.term, {}, Kind::read, from, m.serial});
  }
  void take(Ctx& ctx, const Entry& entry) {
    if (state != State::leader) return ctx.send(entry.client, NotLeader{entry.serial, leader});
    if (ctx.params().sessions) {
      const auto session = machine.sessions.find(entry.client);
      if (session != machine.sessions.end() && session->second.serial == entry.serial)
        return ctx.send(entry.client, Answer{entry.serial, session->second.result});
      for (const Entry& known : disk.log.entries)
        if (known.client == entry.client && known.serial == entry.serial) return;  // on its way
    }
    append(ctx, entry);
  }

  static std::vector<NodeId> others(Ctx& ctx) {
    std::vector<NodeId> all = ctx.all<Server>();
    std::erase(all, ctx.self());
    return all;
  }
  std::string caption(NodeNames names) const {
    if (state == State::leader) return "";
    if (state != State::follower)
      return std::to_string(votes.size()) + (votes.size() == 1 ? " vote" : " votes");
    return leader == nobody ? "knows no leader" : "follows " + name_of(leader, names);
  }
  FIELDS(state, disk, commit, leader, machine, votes, followers)
};

}  // namespace netsplit::raft
