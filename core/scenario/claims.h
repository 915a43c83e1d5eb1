// What the library is to show: every claim, by chapter, with its experiments. The page of coverage
// is made from it (core/scenario/coverage.h).
#pragma once

#include <string_view>

namespace netsplit {

struct Claim {
  std::string_view chapter;
  std::string_view sentence;
  // Ids with spaces between. One that begins with such an id and a hyphen belongs to it as well
  // (fallacy-latency-batched), and else one that compares itself with it.
  std::string_view scenarios;
};

namespace chapters {
inline constexpr std::string_view fallacies = "1 The eight fallacies";
inline constexpr std::string_view partitions = "2 Partitions";
inline constexpr std::string_view idempotency = "3 Idempotency";
inline constexpr std::string_view commit = "4 Atomic commit";
inline constexpr std::string_view fencing = "5 Fencing";
inline constexpr std::string_view clocks = "6 Clocks";
inline constexpr std::string_view consensus = "7 Consensus";
inline constexpr std::string_view eventual = "8 Eventual consistency and ordering";
}  // namespace chapters

inline constexpr Claim claims[] = {
    {chapters::fallacies,
     "The network is not reliable: what must arrive is sent again, and taken once.",
     "fallacy-reliable"},
    {chapters::fallacies,
     "Latency is not zero: calls one after the other each wait for a round trip.",
     "fallacy-latency"},
    {chapters::fallacies,
     "Bandwidth is not infinite: more than the link takes falls behind without end.",
     "fallacy-bandwidth"},
    {chapters::fallacies,
     "The network is not secure: who sits on the path reads, alters and repeats.",
     "fallacy-secure"},
    {chapters::fallacies,
     "Topology changes: an address kept for ever leads to where nobody is any more.",
     "fallacy-topology"},
    {chapters::fallacies,
     "There are several administrators: two changes, right alone, are wrong together.",
     "fallacy-administrator"},
    {chapters::fallacies, "Transport is not free: each copy costs processor time and money.",
     "fallacy-transport-cost"},
    {chapters::fallacies,
     "The network is not homogeneous: versions that differ in format misread each other.",
     "fallacy-homogeneous"},

    {chapters::partitions,
     "A partition looks different from each side; it may be one way, or in part.", "partition"},
    {chapters::partitions,
     "Consistency costs availability: the smaller side refuses until it heals.", "partition-cp"},
    {chapters::partitions,
     "Availability costs consistency: both sides answer, with what they have.",
     "partition-ap partition-feed"},
    {chapters::partitions, "Last write wins loses acknowledged writes where clocks differ.",
     "reconcile-lww"},
    {chapters::partitions, "Version vectors keep both of two concurrent writes.",
     "reconcile-vector"},
    {chapters::partitions, "Some data types merge by construction.", "reconcile-crdt"},
    {chapters::partitions, "A payment is better refused than wrong.", "payment-partition"},

    {chapters::idempotency, "Without an answer nobody knows whether it happened.",
     "idem-ambiguous"},
    {chapters::idempotency, "A POST sent again charges again.", "idem-naive-retry"},
    {chapters::idempotency, "A PUT may be sent again: it names what it makes.", "idem-put"},
    {chapters::idempotency, "A key makes sending again safe, and brings back the first answer.",
     "idem-key"},
    {chapters::idempotency, "The key belongs to what a person wants, not to the attempt.",
     "idem-new-key-per-try"},
    {chapters::idempotency,
     "To look the key up, act, and then store it is a race, and a crash forgets it.",
     "idem-check-then-act"},
    {chapters::idempotency,
     "A key recorded in one step with the effect is safe, also from crashes.", "idem-atomic"},
    {chapters::idempotency, "A key that expires protects nobody who asks later.",
     "idem-expiry idem-retry-window"},
    {chapters::idempotency, "The same key with another request is refused, not answered.",
     "idem-payload-mismatch idem-key-reused"},

    {chapters::commit, "Two-phase commit: all shards commit, or none; one no aborts all.",
     "2pc-commit 2pc-abort"},
    {chapters::commit,
     "While the coordinator is down after the votes, shards stay in doubt and locked.",
     "2pc-blocking"},
    {chapters::commit, "A coordinator that comes back finishes from its log.", "2pc-recovery"},
    {chapters::commit, "Shards that ask each other are helped only where one of them knows.",
     "2pc-cooperative"},
    {chapters::commit, "A shard that crashed after its yes asks when it is back.",
     "2pc-shard-crash"},
    {chapters::commit, "A decision sent before it is logged may be taken again, differently.",
     "2pc-broken-log"},
    {chapters::commit, "A third phase lets shards decide without their coordinator.",
     "3pc-nonblocking"},
    {chapters::commit, "In a partition, three-phase commit decides both ways.",
     "3pc-partition 2pc-partition"},
    {chapters::commit, "A saga undoes what was done by compensations, and holds no locks.",
     "saga-compensate saga-choreographed"},
    {chapters::commit, "Its price: others see what is half done.", "saga-isolation"},
    {chapters::commit, "A compensation that is not idempotent undoes too much.", "saga-broken"},
    {chapters::commit,
     "Ways to commit differ in messages, round trips, locked and blocked time, anomalies.",
     "commit-compare"},
    {chapters::commit, "Consensus on each vote does without the single point of failure.",
     "paxos-commit"},

    {chapters::fencing, "Who was paused past the end of its lease overwrites its successor.",
     "lock-gc-pause"},
    {chapters::fencing, "Storage that refuses lower fencing tokens prevents it.", "lock-fenced"},
    {chapters::fencing, "A conditional write on a version does the same.",
     "lock-conditional-write"},
    {chapters::fencing, "So does an epoch after a change of leader.", "lock-epoch"},
    {chapters::fencing, "A clock that jumps ends a lease early.", "lock-clock-jump"},
    {chapters::fencing, "A late message is as bad as a pause.", "lock-delayed-packet"},

    {chapters::clocks, "Clocks drift, and NTP holds them near each other, not together.",
     "clock-drift clock-ntp"},
    {chapters::clocks, "Of two times a millisecond apart, the lower need not be the first.",
     "clock-order"},
    {chapters::clocks, "Lamport clocks: cause before effect; the converse does not follow.",
     "lamport"},
    {chapters::clocks, "Vector clocks tell exactly what came before what, and what is concurrent.",
     "vector"},
    {chapters::clocks, "Two regions that write at once are a conflict that can be seen.",
     "vector-conflict vector-concurrent-lost"},
    {chapters::clocks, "Hybrid clocks are causal and near to wall time.", "hybrid"},
    {chapters::clocks, "Lamport clocks suffice for mutual exclusion.", "lamport-mutex"},

    {chapters::consensus, "Paxos agrees on one value over lossy links.", "paxos-basic"},
    {chapters::consensus, "Proposers that duel get nowhere without backing off.",
     "paxos-duel paxos-backoff"},
    {chapters::consensus, "An acceptor that forgets its promise breaks the agreement.",
     "paxos-forgets paxos-remembers"},
    {chapters::consensus,
     "A log is many instances of Paxos with one first phase, and gaps to be filled.",
     "multi-paxos"},
    {chapters::consensus, "Terms, votes and drawn timeouts elect one leader.",
     "raft-election raft-split-vote"},
    {chapters::consensus, "A replicated log, with sessions, does each command once.",
     "raft-replication raft-retry-twice"},
    {chapters::consensus,
     "A leader with a minority commits nothing, and must not answer reads alone.",
     "raft-partition raft-stale-read"},
    {chapters::consensus, "A leader counts copies of entries of its own term alone.",
     "raft-figure-8"},
    {chapters::consensus, "A vote that is not saved is given twice.",
     "raft-vote-twice raft-vote-saved"},
    {chapters::consensus, "Who was away deposes the leader, unless it asks first.",
     "raft-pre-vote raft-disruptive"},
    {chapters::consensus, "A snapshot stands for the log's past.",
     "raft-snapshot raft-endless-log"},
    {chapters::consensus, "Consensus in two groups is no transaction over both.",
     "paxos-is-not-transactions paxos-with-commit"},

    {chapters::eventual,
     "Not all know at once; by gossip all know in the end, after a logarithm of rounds.", "gossip"},
    {chapters::eventual, "R + W > N reads the latest completed write; less may not.",
     "quorum-nrw quorum-overlap"},
    {chapters::eventual, "Read repair and hinted handoff bring replicas together sooner.",
     "quorum-read-repair quorum-handoff quorum-no-handoff"},
    {chapters::eventual,
     "What hints and reads leave behind, replicas find by hash trees, and ship little else.",
     "anti-entropy"},
    {chapters::eventual, "R + W > N is not linearizable, unless readers write back what they read.",
     "quorum-not-linearizable quorum-write-back"},
    {chapters::eventual,
     "A partition orders by offset, not by timestamps; nothing before the append.",
     "log-partition-order log-round-robin log-timestamp-order log-before-append"},
    {chapters::eventual, "A consumer's crash redelivers, so that its effect must be idempotent.",
     "log-redelivery log-at-most-once log-delivered-twice"},
};

}  // namespace netsplit
