// Raft: a replicated log, and a state machine that every server feeds from it.
//
// Time is divided into terms, and each has at most one leader, elected by a majority. All goes
// through it: clients ask it, it appends to its log, the others copy that. An entry that a majority
// has stored is committed: the leader applies it to its state machine and answers. Any two
// majorities share a server, and votes go only to candidates whose log is at least as long and as
// new as the voter's; so whoever leads next has every committed entry.
//
// Two rules are easy to miss. A server must save its term, its vote and its log before it answers,
// or it votes twice (5.1). And a leader counts copies only of entries of its own term: an older one
// may be on a majority and still be overwritten (5.4.2, figure 8).
//
// Source: Ongaro and Ousterhout, "In search of an understandable consensus algorithm" (2014);
// sections are its own, "thesis" is Ongaro, "Consensus: bridging theory and practice" (2014).
// Simplified: the state machine is one register; the servers are always the same; what is committed
// is applied at once; a snapshot is one message. A client's serial number is its operation's.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::raft {

enum class Reads : std::uint8_t { through_log, at_once };

struct Params {
  Time election_low_us = milliseconds(300);
  Time election_high_us = milliseconds(600);
  Time heartbeat_us = milliseconds(100);
  Time sync_us = milliseconds(2);
  bool save_vote = true;
  bool own_term_only = true;
  bool sessions = true;
  Reads reads = Reads::through_log;
  bool pre_vote = false;
  std::int64_t batch = 100;
  std::int64_t snapshot_after = 0;
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(5);
  std::int64_t terms_limit = 1'000;
  std::int64_t log_limit = 1'000'000;
  FIELDS(election_low_us, election_high_us, heartbeat_us, sync_us, save_vote, own_term_only,
         sessions, reads, pre_vote, batch, snapshot_after, retry_us, give_up_us, terms_limit,
         log_limit)
};

using Value = std::optional<std::int64_t>;  // of the register; none until something is written
enum class Kind : std::uint8_t { empty, read, write };

struct Entry {
  Epoch term;
  Value value;
  Kind kind{};
  NodeId client;  // of an empty entry the leader, which begins its term with it
  std::uint32_t serial = 0;
  FIELDS(term, value, kind, client, serial)
};

// The state machine. Of each client it keeps what it last answered, so that a command that comes
// twice, because the client asked again, has its effect once (section 8).
struct Machine {
  struct Session {
    std::uint32_t serial = 0;
    Value result;
    FIELDS(serial, result)
  };
  Value value;
  std::map<NodeId, Session> sessions;
  FIELDS(value, sessions)

  Value apply(const Entry& entry, bool once) {
    if (entry.kind == Kind::empty) return {};
    Session& session = sessions[entry.client];
    if (once && entry.serial <= session.serial) return session.result;
    if (entry.kind == Kind::write) value = entry.value;
    session = {entry.serial, value};
    return value;
  }
};
struct Snapshot {
  Epoch term;  // of the last entry that is in it
  Machine machine;
  FIELDS(term, machine)
};

// clang-format off
// Messages (figure 2 and figure 13). `pre`: would you vote for me? (thesis, 9.6)
struct RequestVote { Epoch term; bool pre = false; LogIndex last; Epoch last_term;
                     FIELDS(term, pre, last, last_term) };
struct Vote { Epoch term; bool pre = false; bool granted = false; FIELDS(term, pre, granted) };
struct AppendEntries { Epoch term; std::vector<Entry> entries; LogIndex previous;
                       Epoch previous_term; LogIndex commit;
                       FIELDS(term, entries, previous, previous_term, commit) };
// How far the logs agree; of a refusal, how far they might.
struct Appended { Epoch term; bool success = false; LogIndex match; FIELDS(term, success, match) };
struct InstallSnapshot { Epoch term; LogIndex last; Snapshot snapshot;
                         FIELDS(term, last, snapshot) };
struct Write { std::int64_t value = 0; std::uint32_t serial = 0; FIELDS(value, serial) };
struct Read { std::uint32_t serial = 0; FIELDS(serial) };
struct Answer { std::uint32_t serial = 0; Value value; FIELDS(serial, value) };
struct NotLeader { std::uint32_t serial = 0; NodeId leader; FIELDS(serial, leader) };
using Message = std::variant<RequestVote, Vote, AppendEntries, Appended, InstallSnapshot, Write,
                             Read, Answer, NotLeader>;

// Timers.
struct ElectionTimeout { FIELDS_NONE };  // nobody leads, as far as one can tell
struct HeartbeatDue { FIELDS_NONE };
struct Retry { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };
using Timer = std::variant<ElectionTimeout, HeartbeatDue, Retry, GiveUp>;

// A person's requests: to a client, which asks `server` first or else the one it asked last; and to
// a server, which stands for election without waiting.
struct WriteValue { std::int64_t value = 1; NodeId server; FIELDS(value, server) };
struct ReadValue { NodeId server; FIELDS(server) };
struct Campaign { FIELDS_NONE };
using Request = std::variant<WriteValue, ReadValue, Campaign>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

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

struct Client {
  static constexpr Shape shape = Shape::client;
  struct Wish {
    Kind kind{};
    std::int64_t value = 0;
    NodeId server;
    FIELDS(kind, value, server)
  };

  std::vector<Wish> wishes;  // the first is being asked for
  std::uint32_t serial = 0;
  NodeId server;      // who is asked
  Hidden<bool> told;  // by someone who did not lead

  void on(Ctx& ctx, const WriteValue& r) { want(ctx, {Kind::write, r.value, r.server}); }
  void on(Ctx& ctx, const ReadValue& r) { want(ctx, {Kind::read, 0, r.server}); }
  void want(Ctx& ctx, const Wish& wish) {
    wishes.push_back(wish);
    if (wishes.size() == 1) begin(ctx);
  }
  void begin(Ctx& ctx) {
    if (wishes.empty()) return;
    const Wish& wish = wishes.front();
    serial =
        wish.kind == Kind::write ? ctx.invoke({"write", 0, wish.value, 0}) : ctx.invoke({"read"});
    if (wish.server != nobody) server = wish.server;
    if (server == nobody) server = ctx.first<Server>();
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
    ask(ctx);
  }
  void ask(Ctx& ctx) {
    const Wish& wish = wishes.front();
    if (wish.kind == Kind::write) ctx.send(server, Write{wish.value, serial});
    if (wish.kind == Kind::read) ctx.send(server, Read{serial});
    ctx.set_timer(Retry{}, ctx.params().retry_us);
  }
  // Not the leader: whoever it names is asked, once, so that two who name each other are not asked
  // for ever; then the next one after a while.
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
    if (wishes.empty() || m.serial != serial) return;
    finish(ctx, Outcome::ok, m.value.value_or(nothing));
  }
  void on(Ctx& ctx, GiveUp) { finish(ctx, Outcome::unknown, 0); }
  void finish(Ctx& ctx, Outcome outcome, std::int64_t result) {
    ctx.complete(serial, outcome, result);
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

// Always: two servers do not lead in the same term (figure 3, as are the next three).
inline Verdict election_safety(const View<Protocol>& view);
// Always: logs that have an entry of the same index and term are the same up to it.
inline Verdict log_matching(const View<Protocol>& view);
// Always: what a server has committed is in the log of every leader of its term or a later one.
inline Verdict leader_completeness(const View<Protocol>& view);
// Always: no two servers apply different entries at the same index.
inline Verdict state_machine_safety(const View<Protocol>& view);
// Finally: a majority follows one leader.
inline Verdict has_leader(const View<Protocol>& view);
// Budgets: what elections cost, and what logs need.
inline Verdict few_terms(const View<Protocol>& view);
inline Verdict short_log(const View<Protocol>& view);

inline std::int64_t highest_term(const View<Protocol>& view);
inline std::int64_t longest_log(const View<Protocol>& view);
inline bool leaderless(const View<Protocol>& view, NodeId node);

struct Protocol {
  using Message = raft::Message;
  using Timer = raft::Timer;
  using Request = raft::Request;
  using Node = std::variant<Client, Server>;
  using Params = raft::Params;
  static constexpr std::string_view name = "raft";
  static constexpr std::string_view title = "Raft";
  static constexpr std::string_view sentence =
      "Servers elect a leader, copy its log and apply what a majority has stored.";
  static constexpr ObjectKind history = ObjectKind::reg;

  static std::vector<Parameter<Params>> parameters() {
    return {
        time_parameter<&Params::election_low_us>(
            "election_low", milliseconds(1), hours(1),
            "How long a server hears of no leader before it stands for election, at least …"),
        time_parameter<&Params::election_high_us>(
            "election_high", milliseconds(1), hours(1),
            "… and at most; the time is drawn anew each time. Less than election_low is that."),
        time_parameter<&Params::heartbeat_us>("heartbeat", milliseconds(1), hours(1),
                                              "How often a leader is heard of."),
        time_parameter<&Params::sync_us>("sync", 0, seconds(10),
                                         "How long a server waits for its disk."),
        flag_parameter<&Params::save_vote>(
            "save_vote", "A server saves whom it voted for. Off, it may vote twice in a term."),
        flag_parameter<&Params::own_term_only>(
            "own_term_only",
            "A leader counts copies only of entries of its own term. Off, it takes for committed "
            "what can still be overwritten."),
        flag_parameter<&Params::sessions>(
            "sessions",
            "The state machine remembers each client's last command. Off, one that is sent again "
            "is done again."),
        choice_parameter<&Params::reads>(
            "reads", "Reads go through the log, or a leader answers them at once."),
        flag_parameter<&Params::pre_vote>(
            "pre_vote", "Before it begins a term a server asks whether it would be elected."),
        count_parameter<&Params::batch>("batch", 1, 10'000,
                                        "How many entries one message carries at most."),
        count_parameter<&Params::snapshot_after>(
            "snapshot_after", 0, 1'000'000,
            "After how many committed entries a server replaces them by a snapshot; 0 is never."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long a client asks the next server."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        count_parameter<&Params::terms_limit>("terms_limit", 1, 1'000'000,
                                              "How many terms are taken for few."),
        count_parameter<&Params::log_limit>("log_limit", 1, 1'000'000,
                                            "How many entries are taken for a short log."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"election_safety", "In one term at most one server leads.", always, election_safety},
        {"log_matching", "Logs with the same entry at an index are the same up to it.", always,
         log_matching},
        {"leader_completeness", "A leader has every entry that was committed before.", always,
         leader_completeness},
        {"state_machine_safety", "No two servers apply different entries at an index.", always,
         state_machine_safety},
        {"has_leader", "In the end a majority follows one leader.", finally, has_leader},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"few_terms", "Not more terms were begun than terms_limit.", budget, few_terms},
        {"short_log", "In the end no log has more entries than log_limit.", budget, short_log},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"terms", MeterUnit::count, "The highest term that was begun.", highest_term},
        {"log_entries", MeterUnit::count, "Entries in the longest log.", longest_log},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {{"leaderless", "How long servers knew of no leader.", leaderless}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Server" || b == "Server";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return record.operation.name == "read" ? "read"
                                           : "write " + std::to_string(record.operation.argument);
  }
};

inline std::string at_index(LogIndex index) { return "index " + std::to_string(index.value); }

inline Verdict election_safety(const View<Protocol>& view) {
  return of_every_two<Server>(view, [](const Server& one, const Server& other) -> std::string {
    const bool both = one.state == Server::State::leader && other.state == Server::State::leader;
    if (!both || one.disk.term != other.disk.term) return {};
    return "both lead in term " + std::to_string(one.disk.term.value) + ".";
  });
}

inline Verdict log_matching(const View<Protocol>& view) {
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

inline Verdict leader_completeness(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Server>([&](NodeId leader, const Server& leading) {
    if (leading.state != Server::State::leader) return;
    view.for_each<Server>([&](NodeId id, const Server& server) {
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

inline Verdict state_machine_safety(const View<Protocol>& view) {
  return of_every_two<Server>(view, [](const Server& one, const Server& other) -> std::string {
    const LogIndex end = std::min(one.commit, other.commit);
    const LogIndex differ = first_difference(one.disk.log, other.disk.log, end);
    if (differ != LogIndex{}) return "have applied different entries at " + at_index(differ) + ".";
    if (one.commit != other.commit || one.machine == other.machine) return {};
    return "are at " + at_index(one.commit) + " with different state.";
  });
}

inline Verdict has_leader(const View<Protocol>& view) {
  std::map<std::pair<Epoch, NodeId>, int> followers;  // by term and leader
  int servers = 0;
  view.for_each<Server>([&](NodeId, const Server& one) {
    ++servers;
    if (one.leader != nobody) ++followers[{one.disk.term, one.leader}];
  });
  for (const auto& [whom, count] : followers)
    if (2 * count > servers) return holds();
  return violated("No leader is followed by a majority.");
}

inline std::int64_t highest_term(const View<Protocol>& view) {
  std::int64_t highest = 0;
  view.for_each<Server>(
      [&](NodeId, const Server& one) { highest = std::max(highest, one.disk.term.value); });
  return highest;
}

inline std::int64_t longest_log(const View<Protocol>& view) {
  std::size_t longest = 0;
  view.for_each<Server>(
      [&](NodeId, const Server& one) { longest = std::max(longest, one.disk.log.entries.size()); });
  return static_cast<std::int64_t>(longest);
}

inline Verdict few_terms(const View<Protocol>& view) {
  const std::int64_t terms = highest_term(view);
  return measured(terms, view.params().terms_limit,
                  std::to_string(terms) + (terms == 1 ? " term was begun." : " terms were begun."));
}

inline Verdict short_log(const View<Protocol>& view) {
  const std::int64_t entries = longest_log(view);
  return measured(
      entries, view.params().log_limit,
      "The longest log has " + std::to_string(entries) + (entries == 1 ? " entry." : " entries."));
}

inline bool leaderless(const View<Protocol>& view, NodeId node) {
  const Server* server = view.as<Server>(node);
  return server != nullptr && view.condition(node) == Condition::up && server->leader == nobody;
}

}  // namespace netsplit::raft
