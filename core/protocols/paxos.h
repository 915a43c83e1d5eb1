// Paxos: agreement on one value, among processes that may crash and a network that may lose,
// delay, double and reorder.
//
// A proposer works in two phases. It first asks the acceptors to promise that they will ignore
// lower ballots; with the promise each tells what it has accepted before. With a majority of
// promises it asks them to accept a value: the one accepted in the highest ballot it was told of,
// its own only when there is none. Two majorities share an acceptor, so a value that a majority has
// accepted is found by every later proposer. Nothing ensures that anybody ever gets through: two
// proposers that answer each refusal with a higher ballot can go on like that for ever, and no
// protocol can exclude it (Fischer, Lynch, Paterson 1985). Waiting for a random time ends it.
//
// Source: Lamport, "Paxos made simple" (2001), sections 2.2 and 2.4. Simplified: one value; the
// proposers are the learners; a refusal is said aloud (section 3 suggests it).
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::paxos {

enum class Backoff : std::uint8_t { none, random };

struct Params {
  Backoff backoff = Backoff::random;
  bool save = true;
  bool adopt = true;
  Time sync_us = milliseconds(20);
  Time patience_us = seconds(1);
  Time backoff_us = milliseconds(200);
  std::int64_t rounds_max = 40;
  FIELDS(backoff, save, adopt, sync_us, patience_us, backoff_us, rounds_max)
};

// clang-format off
// Messages. A vote is what an acceptor accepted last: value 0 stands for none.
struct Prepare { Epoch ballot; FIELDS(ballot) };
struct Promise { Epoch ballot; Epoch voted; std::int64_t value = 0; FIELDS(ballot, voted, value) };
struct Accept { Epoch ballot; std::int64_t value = 0; FIELDS(ballot, value) };
struct Accepted { Epoch ballot; FIELDS(ballot) };
struct Refused { Epoch ballot; Epoch promised; FIELDS(ballot, promised) };
struct Decided { std::int64_t value = 0; FIELDS(value) };
// clang-format on
using Message = std::variant<Prepare, Promise, Accept, Accepted, Refused, Decided>;

// clang-format off
// Timers.
struct NoMajority { FIELDS_NONE };  // the round was not answered by enough
struct TryAgain { FIELDS_NONE };    // the wait after a refusal is over
// clang-format on
using Timer = std::variant<NoMajority, TryAgain>;

// A person's request to a proposer: get this value decided, if no other is.
// clang-format off
struct Propose { std::int64_t value = 1; FIELDS(value) };
// clang-format on
using Request = std::variant<Propose>;

using Ctx = Context<Message, Timer, Params>;

struct Acceptor {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    Epoch promised;  // ignores lower ballots
    Epoch voted;     // the ballot in which it accepted last
    std::int64_t value = 0;
    FIELDS(promised, voted, value)
  } disk;

  void on(Ctx& ctx, NodeId from, const Prepare& m) {
    if (m.ballot < disk.promised) return ctx.send(from, Refused{m.ballot, disk.promised});
    disk.promised = m.ballot;
    ctx.send(from, Promise{m.ballot, disk.voted, disk.value});
  }
  void on(Ctx& ctx, NodeId from, const Accept& m) {
    if (m.ballot < disk.promised) return ctx.send(from, Refused{m.ballot, disk.promised});
    disk = {m.ballot, m.ballot, m.value};
    ctx.send(from, Accepted{m.ballot});
  }
  void restart(Ctx& ctx) {
    if (!ctx.params().save) disk = Disk{};  // the broken twin: it kept its word in memory only
  }

  std::string caption(NodeNames) const {
    if (disk.value != 0) return "accepted " + std::to_string(disk.value);
    return disk.promised == Epoch{} ? "" : "has promised";
  }
  FIELDS(disk)
};

struct Proposer {
  static constexpr Shape shape = Shape::client;
  enum class State : std::uint8_t { idle, preparing, accepting, backing_off, gave_up, decided };

  State state = State::idle;
  Epoch ballot;
  std::int64_t wanted = 0;      // what it was asked to propose
  std::int64_t proposed = 0;    // what it asks to accept
  std::int64_t value = 0;       // what is decided
  std::vector<NodeId> answers;  // that said yes in this phase
  Epoch voted;                  // the highest vote it was told of, and its value
  std::int64_t voted_value = 0;
  Hidden<Epoch> highest;  // ballot of others that it has heard of
  std::int64_t rounds = 0;
  Hidden<std::uint32_t> operation;

  void on(Ctx& ctx, const Propose& request) {
    const std::uint32_t number = ctx.invoke({"propose", 0, request.value, 0});
    if (state == State::decided) return ctx.complete(number, Outcome::ok, value);
    if (wanted != 0 || request.value == 0) return ctx.complete(number, Outcome::failed);
    operation.value = number;
    wanted = request.value;
    next_round(ctx);
  }

  // Phase 1. A ballot's number is round * nodes + own number, so that no two proposers share one.
  void next_round(Ctx& ctx) {
    if (rounds == ctx.params().rounds_max) return give_up(ctx);
    ++rounds;
    const std::int64_t nodes = ctx.node_count();
    const std::int64_t round = std::max(ballot, highest.value).value / nodes + 1;
    ballot = Epoch{round * nodes + ctx.self().value};
    state = State::preparing;
    answers.clear();
    voted = Epoch{};
    voted_value = 0;
    for (const NodeId acceptor : ctx.all<Acceptor>()) ctx.send(acceptor, Prepare{ballot});
    ctx.set_timer(NoMajority{}, ctx.params().patience_us);
  }
  void on(Ctx& ctx, NodeId from, const Promise& m) {
    if (state != State::preparing || m.ballot != ballot || !is_new(from)) return;
    if (m.value != 0 && (voted_value == 0 || m.voted > voted)) {
      voted = m.voted;
      voted_value = m.value;
    }
    if (!is_majority(ctx)) return;
    // The hard line: what may have been decided must be proposed again. The broken twin does not.
    proposed = voted_value != 0 && ctx.params().adopt ? voted_value : wanted;
    state = State::accepting;
    answers.clear();
    ctx.work(ctx.params().sync_us);  // its ballot goes to its own disk first
    for (const NodeId acceptor : ctx.all<Acceptor>()) ctx.send(acceptor, Accept{ballot, proposed});
  }

  // Phase 2.
  void on(Ctx& ctx, NodeId from, const Accepted& m) {
    if (state != State::accepting || m.ballot != ballot || !is_new(from)) return;
    if (!is_majority(ctx)) return;
    for (const NodeId other : ctx.all<Proposer>()) {
      if (other != ctx.self()) ctx.send(other, Decided{proposed});
    }
    decide(ctx, proposed);
  }
  void on(Ctx& ctx, NodeId, const Decided& m) { decide(ctx, m.value); }
  void decide(Ctx& ctx, std::int64_t what) {
    if (state == State::decided) return;
    const bool waited = wanted != 0 && state != State::gave_up;
    state = State::decided;
    value = what;
    answers.clear();
    ctx.cancel_timer(NoMajority{});
    ctx.cancel_timer(TryAgain{});
    if (waited) ctx.complete(operation.value, Outcome::ok, value);
  }

  void on(Ctx& ctx, NodeId, const Refused& m) {
    highest.value = std::max(highest.value, m.promised);
    const bool running = state == State::preparing || state == State::accepting;
    if (!running || m.ballot != ballot) return;
    ctx.cancel_timer(NoMajority{});
    if (ctx.params().backoff == Backoff::none) return next_round(ctx);
    state = State::backing_off;
    answers.clear();
    ctx.set_timer(TryAgain{}, 0, ctx.params().backoff_us * std::min<std::int64_t>(rounds, 16));
  }
  void on(Ctx& ctx, NoMajority) { next_round(ctx); }
  void on(Ctx& ctx, TryAgain) { next_round(ctx); }
  // What it proposed may be decided all the same, by another who finds it.
  void give_up(Ctx& ctx) {
    state = State::gave_up;
    answers.clear();
    ctx.complete(operation.value, Outcome::unknown);
  }

  bool is_new(NodeId from) {
    if (std::find(answers.begin(), answers.end(), from) != answers.end()) return false;
    answers.insert(std::upper_bound(answers.begin(), answers.end(), from), from);
    return true;
  }
  bool is_majority(Ctx& ctx) const { return 2 * answers.size() > ctx.all<Acceptor>().size(); }

  std::string caption(NodeNames) const {
    switch (state) {
      case State::idle:
        return "";
      case State::preparing:
        return "asks for promises";
      case State::accepting:
        return "asks to accept " + std::to_string(proposed);
      case State::backing_off:
        return "was refused, waits";
      case State::gave_up:
        return "gave up";
      case State::decided:
        return "knows: " + std::to_string(value);
    }
    return "";
  }
  FIELDS(state, ballot, wanted, proposed, value, answers, voted, voted_value, highest, rounds,
         operation)
};

struct Protocol;

// Always: no two proposers know different values as decided (Lamport 2001, section 2.1).
inline Verdict agreement(const View<Protocol>& view);
// Always: only a value that somebody was asked to propose is decided.
inline Verdict validity(const View<Protocol>& view);
// Sometimes: a value is decided. No protocol can promise it for every timing.
inline Verdict decides(const View<Protocol>& view);
// Finally: who was asked to propose has an answer.
inline Verdict all_answered(const View<Protocol>& view);

struct Protocol {
  using Message = paxos::Message;
  using Timer = paxos::Timer;
  using Request = paxos::Request;
  using Node = std::variant<Proposer, Acceptor>;
  using Params = paxos::Params;
  static constexpr std::string_view name = "paxos";
  static constexpr std::string_view title = "Paxos";
  static constexpr std::string_view sentence =
      "Proposers get one value decided by a majority of acceptors, in two phases.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::backoff>(
            "backoff",
            "What a proposer does when it is refused: try at once, or after a random "
            "wait that grows with the rounds."),
        flag_parameter<&Params::save>(
            "save",
            "Acceptors save what they promised and accepted before they answer; without "
            "it a crash makes them forget (a broken twin)."),
        flag_parameter<&Params::adopt>(
            "adopt",
            "A proposer takes over the value accepted in the highest ballot it is told "
            "of; without it it insists on its own (a broken twin)."),
        time_parameter<&Params::sync_us>(
            "sync", 0, seconds(10),
            "How long a proposer saves its ballot before it asks to accept; "
            "usually milliseconds."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "After how long without a majority a proposer begins another round."),
        time_parameter<&Params::backoff_us>(
            "backoff_time", milliseconds(1), hours(1),
            "The longest wait after the first refusal; it grows by as much with each round."),
        count_parameter<&Params::rounds_max>("rounds", 1, 1000,
                                             "After how many rounds a proposer gives up."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"agreement", "No two processes know different values as decided.", PropertyKind::always,
         agreement},
        {"validity", "Only a value that somebody was asked to propose is decided.",
         PropertyKind::always, validity},
        {"decides", "A value is decided.", PropertyKind::sometimes, decides},
        {"all_answered", "Who proposed has an answer, if only that nobody knows.",
         PropertyKind::finally, all_answered},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Proposer" || b == "Proposer";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "propose " + std::to_string(record.operation.argument);
  }
};

inline Verdict agreement(const View<Protocol>& view) {
  NodeId first;
  std::int64_t value = 0;
  Verdict verdict = holds();
  view.for_each<Proposer>([&](NodeId id, const Proposer& proposer) {
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

inline Verdict validity(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Proposer>([&](NodeId id, const Proposer& proposer) {
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

inline Verdict decides(const View<Protocol>& view) {
  Verdict verdict = not_seen();
  view.for_each<Proposer>([&](NodeId id, const Proposer& proposer) {
    if (proposer.value == 0 || verdict.holds) return;
    verdict = seen(view.name(id) + " knows that " + std::to_string(proposer.value) +
                       " is decided, after " + std::to_string(proposer.rounds) +
                       (proposer.rounds == 1 ? " round." : " rounds."),
                   {id});
  });
  return verdict;
}

inline Verdict all_answered(const View<Protocol>& view) {
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    if (record.outcome != Outcome::pending) continue;
    return violated(view.name(record.client) + " still waits for a decision.", {record.client});
  }
  return holds();
}

}  // namespace netsplit::paxos
