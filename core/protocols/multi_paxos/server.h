// A server, which is proposer, acceptor and learner at once.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/multi_paxos/messages.h"

namespace netsplit::multi_paxos {

// Whether a message may speak of it: one that was altered on its way may name any number.
inline bool is_instance(LogIndex index) { return index.value >= 1 && index.value <= 100'000; }

struct Server {
  static constexpr Shape shape = Shape::server;
  enum class State : std::uint8_t { follower, preparing, leader };

  struct Disk {
    Epoch promised;  // ignores lower ballots
    Log<Slot> log;
    FIELDS(promised, log)

    // Requires: is_instance(index).
    Slot& at(LogIndex index) {
      while (log.last() < index) log.append({});
      return log[index];
    }
  };
  State state{};
  Disk disk;
  LogIndex commit;  // up to here it has executed
  NodeId leader;
  Epoch ballot;                                // its own, while it prepares or leads
  std::set<NodeId> promises;                   // for this ballot
  std::map<LogIndex, std::set<NodeId>> votes;  // for its proposals that are not yet chosen
  std::vector<Command> waiting;                // for a promise
  std::map<NodeId, std::uint32_t> executed;    // each client's last command
  std::int64_t first_phases = 0;

  void start(Ctx& ctx) { wait(ctx); }
  void restart(Ctx& ctx) {
    wait(ctx);
    execute(ctx);
  }
  void wait(Ctx& ctx) {
    ctx.set_timer(Silence{}, ctx.params().silence_low_us, ctx.params().silence_high_us);
  }
  void on(Ctx& ctx, Silence) { prepare(ctx); }
  void on(Ctx& ctx, const Lead&) { prepare(ctx); }

  // Phase 1, for every instance from the first that it has not executed. A ballot's number is
  // round * nodes + own number, so that no two servers share one.
  void prepare(Ctx& ctx) {
    const std::int64_t nodes = ctx.node_count();
    ballot = Epoch{(disk.promised.value / nodes + 1) * nodes + ctx.self().value};
    disk.promised = ballot;
    ctx.work(ctx.params().sync_us);
    ctx.cancel_timer(HeartbeatDue{});
    wait(ctx);
    state = State::preparing;
    leader = nobody;
    ++first_phases;
    votes.clear();
    promises = {ctx.self()};
    for (const NodeId other : others(ctx)) ctx.send(other, Prepare{ballot, commit.next()});
    if (is_majority(ctx, promises)) lead(ctx);
  }
  void on(Ctx& ctx, NodeId from, const Prepare& m) {
    if (!is_instance(m.from) || !promise(ctx, from, m.ballot)) return;
    leader = nobody;
    std::vector<Slot> slots;
    for (LogIndex i = m.from; i <= disk.log.last(); i = i.next()) slots.push_back(disk.log[i]);
    ctx.send(from, Promise{m.ballot, m.from, std::move(slots)});
  }
  // Whether `ballot` is not lower than what was promised; then it is promised.
  bool promise(Ctx& ctx, NodeId from, Epoch other) {
    if (other < disk.promised) {
      ctx.send(from, Refused{disk.promised});
      return false;
    }
    if (other != disk.promised) {
      disk.promised = other;
      ctx.work(ctx.params().sync_us);
      step_down(ctx);
    }
    leader = from;
    wait(ctx);
    return true;
  }
  void step_down(Ctx& ctx) {
    state = State::follower;
    ctx.cancel_timer(HeartbeatDue{});
    wait(ctx);
    promises.clear();
    votes.clear();
    waiting.clear();
  }
  void on(Ctx& ctx, NodeId, const Refused& m) {
    if (m.promised <= disk.promised) return;
    disk.promised = m.promised;
    ctx.work(ctx.params().sync_us);
    leader = nobody;
    step_down(ctx);
  }
  void on(Ctx& ctx, NodeId from, const Promise& m) {
    if (state != State::preparing || m.ballot != ballot || !is_instance(m.from)) return;
    // The hard line: of each instance the command with the highest ballot is proposed again. The
    // broken twin keeps to what it knows itself.
    LogIndex at = m.from;
    for (const Slot& told : m.slots) {
      Slot& own = disk.at(at);
      const bool higher = ctx.params().adopt && told.command && told.ballot > own.ballot;
      if (!own.chosen.value && (higher || told.chosen.value)) own = told;
      at = at.next();
    }
    promises.insert(from);
    if (is_majority(ctx, promises)) lead(ctx);
  }
  void lead(Ctx& ctx) {
    state = State::leader;
    leader = ctx.self();
    promises.clear();
    ctx.cancel_timer(Silence{});
    on(ctx, HeartbeatDue{});
    const LogIndex last = disk.log.last();
    for (LogIndex i = commit.next(); i <= last; i = i.next()) {
      const Slot slot = disk.log[i];
      if (slot.chosen.value) continue;
      if (slot.command) propose(ctx, i, *slot.command);
      if (!slot.command && ctx.params().fill_gaps) propose(ctx, i, {{}, ctx.self(), 0});
    }
    for (const Command& command : std::exchange(waiting, {}))
      propose(ctx, disk.log.last().next(), command);
    execute(ctx);
  }

  // Phase 2.
  void propose(Ctx& ctx, LogIndex at, const Command& command) {
    disk.at(at) = {ballot, command, {}};
    ctx.work(ctx.params().sync_us);
    votes[at] = {ctx.self()};
    for (const NodeId other : others(ctx)) ctx.send(other, Accept{ballot, at, command});
    if (is_majority(ctx, votes[at])) choose(ctx, at);
  }
  void on(Ctx& ctx, NodeId from, const Accept& m) {
    if (!is_instance(m.at) || !promise(ctx, from, m.ballot)) return;
    Slot& slot = disk.at(m.at);
    if (!slot.chosen.value) slot = {m.ballot, m.command, {}};
    ctx.work(ctx.params().sync_us);
    ctx.send(from, Accepted{m.ballot, m.at});
  }
  void on(Ctx& ctx, NodeId from, const Accepted& m) {
    const auto at = votes.find(m.at);
    if (state != State::leader || m.ballot != ballot || at == votes.end()) return;
    at->second.insert(from);
    if (is_majority(ctx, at->second)) choose(ctx, m.at);
  }
  void choose(Ctx& ctx, LogIndex at) {
    votes.erase(at);
    Slot& slot = disk.at(at);
    slot.chosen.value = true;
    for (const NodeId other : others(ctx)) ctx.send(other, Chosen{ballot, at, *slot.command});
    execute(ctx);
  }
  void on(Ctx& ctx, NodeId, const Chosen& m) {
    if (!is_instance(m.at)) return;
    Slot& slot = disk.at(m.at);
    if (!slot.chosen.value) slot = {m.ballot, m.command, {true}};
    execute(ctx);
  }
  // In order, up to the first gap. A command that comes twice is executed once.
  void execute(Ctx& ctx) {
    while (disk.log.has(commit.next()) && disk.log[commit.next()].chosen.value) {
      commit = commit.next();
      const Command& command = *disk.log[commit].command;
      if (!command.value) continue;
      std::uint32_t& last = executed[command.client];
      last = std::max(last, command.serial);
      if (state == State::leader) ctx.send(command.client, Answer{command.serial});
    }
  }

  // What is lost is said again.
  void on(Ctx& ctx, HeartbeatDue) {
    for (const NodeId other : others(ctx)) {
      ctx.send(other, Alive{ballot, commit});
      for (const auto& [at, voters] : votes)
        if (!voters.contains(other)) ctx.send(other, Accept{ballot, at, *disk.log[at].command});
    }
    ctx.set_timer(HeartbeatDue{}, ctx.params().heartbeat_us);
  }
  void on(Ctx& ctx, NodeId from, const Alive& m) {
    if (!promise(ctx, from, m.ballot)) return;
    if (commit < m.commit) ctx.send(from, Behind{commit});
  }
  void on(Ctx& ctx, NodeId from, const Behind& m) {
    if (m.commit.value < 0 || m.commit > commit) return;
    for (LogIndex i = m.commit.next(); i <= commit; i = i.next())
      ctx.send(from, Chosen{disk.log[i].ballot, i, *disk.log[i].command});
  }

  void on(Ctx& ctx, NodeId from, const Propose& m) {
    if (state == State::follower) return ctx.send(from, NotLeader{m.serial, leader});
    const auto done = executed.find(from);
    if (done != executed.end() && done->second >= m.serial) return ctx.send(from, Answer{m.serial});
    const auto same = [&](const Command& known) {
      return known.client == from && known.serial == m.serial;
    };
    if (std::any_of(waiting.begin(), waiting.end(), same)) return;
    for (const Slot& slot : disk.log.entries)
      if (slot.command && same(*slot.command)) return;  // on its way
    const Command command{m.value, from, m.serial};
    if (state == State::leader && ctx.params().keep_ballot)
      return propose(ctx, disk.log.last().next(), command);
    waiting.push_back(command);
    if (state == State::leader) prepare(ctx);
  }

  static std::vector<NodeId> others(Ctx& ctx) {
    std::vector<NodeId> all = ctx.all<Server>();
    std::erase(all, ctx.self());
    return all;
  }
  static bool is_majority(Ctx& ctx, const std::set<NodeId>& some) {
    return 2 * some.size() > ctx.all<Server>().size();
  }
  std::string caption(NodeNames names) const {
    if (state == State::preparing) return "asks for promises";
    if (state == State::leader) return "";
    return leader == nobody ? "knows no leader" : "follows " + name_of(leader, names);
  }
  FIELDS(state, disk, commit, leader, ballot, promises, votes, waiting, executed, first_phases)
};

}  // namespace netsplit::multi_paxos
