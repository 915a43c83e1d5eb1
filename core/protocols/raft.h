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

#include <string>
#include <vector>

#include "core/protocols/raft/client.h"
#include "core/protocols/raft/properties.h"
#include "core/protocols/raft/server.h"
#include "core/sim/oracles.h"

namespace netsplit::raft {

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
            "… and at most; drawn anew each time. Below election_low it counts as that."),
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
        {"election_safety", "In one term at most one server leads.", always,
         election_safety<Protocol>},
        {"log_matching", "Logs with the same entry at an index are the same up to it.", always,
         log_matching<Protocol>},
        {"leader_completeness", "A leader has every entry that was committed before.", always,
         leader_completeness<Protocol>},
        {"state_machine_safety", "No two servers apply different entries at an index.", always,
         state_machine_safety<Protocol>},
        {"has_leader", "In the end a majority follows one leader.", finally, has_leader<Protocol>},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"few_terms", "Not more terms were begun than terms_limit.", budget, few_terms<Protocol>},
        {"short_log", "In the end no log has more entries than log_limit.", budget,
         short_log<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"terms", MeterUnit::count, "The highest term that was begun.", highest_term<Protocol>},
        {"log_entries", MeterUnit::count, "Entries in the longest log.", longest_log<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {{"leaderless", "How long servers knew of no leader.", leaderless<Protocol>}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Server" || b == "Server";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return record.operation.name == "read" ? "read"
                                           : "write " + std::to_string(record.operation.argument);
  }
};

}  // namespace netsplit::raft
