// The trace hash of each library scenario at the end of its run, as `netsplit run ID` prints it.
#pragma once

namespace netsplit::test {

struct GoldenHash {
  const char* scenario;
  const char* hash;
};

inline constexpr GoldenHash golden_trace_hashes[] = {
    {"lock-gc-pause", "dd1092dd5ca92f91"},
    {"lock-fenced", "38d8d9e1f03811e5"},
    {"lock-delayed-packet", "c059e36ee7826201"},
    {"lock-clock-jump", "544f09fa1253f51b"},
    {"clock-drift", "d1494c82d6f76a50"},
    {"lamport", "79043280007ccb83"},
    {"vector", "daaa8e0eaae9c28f"},
    {"paxos-basic", "71c5ed49bf0fda09"},
    {"paxos-duel", "08fc459af1ef6c2f"},
    {"paxos-backoff", "6db45dd97be5ba01"},
    {"paxos-forgets", "59bde021d56d8478"},
    {"paxos-remembers", "64c7d857924e471c"},
};

}  // namespace netsplit::test
