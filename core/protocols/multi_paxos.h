// Multi-Paxos: a log, each place of which is an instance of Paxos, and one leader for all of them.
//
// The first phase of Paxos does not speak of values. So a leader goes through it once, for all
// instances at once; from then on a command costs one round trip to a majority. With their promises
// the acceptors tell what they have accepted: of each instance the command with the highest ballot
// must be proposed again. Instances are decided independently, so there may be gaps: an instance of
// which nobody told anything, before others. The log is executed in order, so a new leader fills
// gaps with empty commands.
//
// Unlike Raft's, a new leader need not have the newest log: it learns what it lacks with the
// promises. It pays for that with entries whose ballots say nothing of what stands before them.
//
// Source: Lamport, "Paxos made simple" (2001), section 3; van Renesse and Altinbuken, "Paxos made
// moderately complex" (2015). Simplified: every server is proposer, acceptor and learner; commands
// are numbers; nothing is dropped from the log.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::multi_paxos {

struct Params {
  bool keep_ballot = true;
  bool fill_gaps = true;
  bool adopt = true;
  Time sync_us = milliseconds(2);
  Time silence_low_us = milliseconds(600);
  Time silence_high_us = milliseconds(1'200);
  Time heartbeat_us = milliseconds(200);
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(5);
  Time answer_limit_us = seconds(10);
  FIELDS(keep_ballot, fill_gaps, adopt, sync_us, silence_low_us, silence_high_us, heartbeat_us,
         retry_us, give_up_us, answer_limit_us)
};

struct Command {
  std::optional<std::int64_t> value;  // none: an empty command, of the leader that fills a gap
  NodeId client;
  std::uint32_t serial = 0;
  FIELDS(value, client, serial)
};
// One instance as a server knows it: what it accepted last, and whether that is chosen.
struct Slot {
  Epoch ballot;
  std::optional<Command> command;
  Hidden<bool> chosen;
  FIELDS(ballot, command, chosen)
};

// clang-format off
// Messages. `from` is the first instance that a promise speaks of.
struct Prepare { Epoch ballot; LogIndex from; FIELDS(ballot, from) };
struct Promise { Epoch ballot; LogIndex from; std::vector<Slot> slots;
                 FIELDS(ballot, from, slots) };
struct Accept { Epoch ballot; LogIndex at; Command command; FIELDS(ballot, at, command) };
struct Accepted { Epoch ballot; LogIndex at; FIELDS(ballot, at) };
struct Refused { Epoch promised; FIELDS(promised) };
struct Chosen { Epoch ballot; LogIndex at; Command command; FIELDS(ballot, at, command) };
struct Alive { Epoch ballot; LogIndex commit; FIELDS(ballot, commit) };
struct Behind { LogIndex commit; FIELDS(commit) };
struct Propose { std::int64_t value = 0; std::uint32_t serial = 0; FIELDS(value, serial) };
struct Answer { std::uint32_t serial = 0; FIELDS(serial) };
struct NotLeader { std::uint32_t serial = 0; NodeId leader; FIELDS(serial, leader) };
using Message = std::variant<Prepare, Promise, Accept, Accepted, Refused, Chosen, Alive, Behind,
                             Propose, Answer, NotLeader>;

// Timers.
struct Silence { FIELDS_NONE };  // nobody leads, as far as one can tell
struct HeartbeatDue { FIELDS_NONE };
struct Retry { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };
using Timer = std::variant<Silence, HeartbeatDue, Retry, GiveUp>;

// A person's requests: to a client, which asks `server` first or else the one it asked last; and to
// a server, which begins to lead without waiting.
struct ProposeValue { std::int64_t value = 1; NodeId server; FIELDS(value, server) };
struct Lead { FIELDS_NONE };
using Request = std::variant<ProposeValue, Lead>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

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

struct Client {
  static constexpr Shape shape = Shape::client;
  struct Wish {
    std::int64_t value = 0;
    NodeId server;
    FIELDS(value, server)
  };

  std::vector<Wish> wishes;  // the first is being asked for
  std::uint32_t serial = 0;
  NodeId server;      // who is asked
  Hidden<bool> told;  // by someone who did not lead

  void on(Ctx& ctx, const ProposeValue& r) {
    wishes.push_back({r.value, r.server});
    if (wishes.size() == 1) begin(ctx);
  }
  void begin(Ctx& ctx) {
    if (wishes.empty()) return;
    serial = ctx.invoke({"propose", 0, wishes.front().value, 0});
    if (wishes.front().server != nobody) server = wishes.front().server;
    if (server == nobody) server = ctx.first<Server>();
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
    ask(ctx);
  }
  void ask(Ctx& ctx) {
    ctx.send(server, Propose{wishes.front().value, serial});
    ctx.set_timer(Retry{}, ctx.params().retry_us);
  }
  // Whoever it names is asked, once; then the next one after a while.
  void on(Ctx& ctx, NodeId, const NotLeader& m) {
    if (wishes.empty() || m.serial != serial || m.leader == nobody || told.value) return;
    told.value = true;
    server = m.leader;
    ask(ctx);
  }
  void on(Ctx& ctx, Retry) {
    const std::vector<NodeId> all = ctx.all<Server>();
    const auto next = std::upper_bound(all.begin(), all.end(), server);
    server = next == all.end() ? ctx.first<Server>() : *next;
    told.value = false;
    ask(ctx);
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    if (!wishes.empty() && m.serial == serial) finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, GiveUp) { finish(ctx, Outcome::unknown); }
  void finish(Ctx& ctx, Outcome outcome) {
    ctx.complete(serial, outcome);
    ctx.cancel_timer(Retry{});
    ctx.cancel_timer(GiveUp{});
    told.value = false;
    wishes.erase(wishes.begin());
    begin(ctx);
  }
  std::string caption(NodeNames names) const {
    return wishes.empty() ? "" : "asks " + name_of(server, names);
  }
  FIELDS(wishes, serial, server, told)
};

struct Protocol;

// Always: of no instance do two servers know different commands as chosen.
inline Verdict agreement(const View<Protocol>& view);
// Always: only what a client proposed is chosen, or an empty command.
inline Verdict validity(const View<Protocol>& view);
// Finally: what is chosen is executed.
inline Verdict no_gaps(const View<Protocol>& view);
// Budget: the slowest answer.
inline Verdict prompt(const View<Protocol>& view);

inline std::int64_t first_phases(const View<Protocol>& view);

struct Protocol {
  using Message = multi_paxos::Message;
  using Timer = multi_paxos::Timer;
  using Request = multi_paxos::Request;
  using Node = std::variant<Client, Server>;
  using Params = multi_paxos::Params;
  static constexpr std::string_view name = "multi_paxos";
  static constexpr std::string_view title = "Multi-Paxos";
  static constexpr std::string_view sentence =
      "A log of Paxos instances, with one first phase for all of them.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::keep_ballot>(
            "keep_ballot", "A leader asks for promises once. Off, it does for each command."),
        flag_parameter<&Params::fill_gaps>(
            "fill_gaps",
            "A new leader fills gaps with empty commands. Off, nothing behind one is executed."),
        flag_parameter<&Params::adopt>(
            "adopt",
            "A new leader proposes again what it is told was accepted. Off, it may overwrite what "
            "is chosen (a broken twin)."),
        time_parameter<&Params::sync_us>("sync", 0, seconds(10),
                                         "How long a server waits for its disk."),
        time_parameter<&Params::silence_low_us>(
            "silence_low", milliseconds(1), hours(1),
            "How long a server hears of no leader before it begins to lead, at least …"),
        time_parameter<&Params::silence_high_us>(
            "silence_high", milliseconds(1), hours(1),
            "… and at most; the time is drawn anew each time."),
        time_parameter<&Params::heartbeat_us>("heartbeat", milliseconds(1), hours(1),
                                              "How often a leader is heard of."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long a client asks the next server."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::answer_limit_us>("answer_limit", milliseconds(1), hours(10),
                                                 "Which answers are taken for prompt."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"agreement", "No two servers know different commands as chosen in one instance.", always,
         agreement},
        {"validity", "Only what a client proposed is chosen, or an empty command.", always,
         validity},
        {"no_gaps", "In the end everything that is known to be chosen is executed.", finally,
         no_gaps},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"prompt", "No answer takes longer than answer_limit.", budget, prompt},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"first_phases", MeterUnit::count, "How often a server asked for promises.", first_phases}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Server" || b == "Server";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "propose " + std::to_string(record.operation.argument);
  }
};

inline Verdict agreement(const View<Protocol>& view) {
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

inline Verdict validity(const View<Protocol>& view) {
  std::set<std::int64_t> proposed;
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i)
    proposed.insert(view.history()[i].operation.argument);
  Verdict verdict = holds();
  view.for_each<Server>([&](NodeId id, const Server& server) {
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

inline Verdict no_gaps(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Server>([&](NodeId id, const Server& server) {
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

inline Verdict prompt(const View<Protocol>& view) {
  Time slowest_us = 0;
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    if (record.outcome == Outcome::ok)
      slowest_us = std::max(slowest_us, record.completed_us - record.invoked_us);
  }
  return measured(slowest_us, view.params().answer_limit_us,
                  "The slowest answer took " + format_duration(slowest_us) + ".");
}

inline std::int64_t first_phases(const View<Protocol>& view) {
  std::int64_t sum = 0;
  view.for_each<Server>([&](NodeId, const Server& server) { sum += server.first_phases; });
  return sum;
}

}  // namespace netsplit::multi_paxos
