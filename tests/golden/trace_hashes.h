// The trace hash of each library scenario at the end of its run, as `netsplit run ID` prints it.
#pragma once

namespace netsplit::test {

struct GoldenHash {
  const char* scenario;
  const char* hash;
};

inline constexpr GoldenHash golden_trace_hashes[] = {
    {"idem-ambiguous", "5c873de22f003772"},
    {"idem-naive-retry", "b26f53366b00f782"},
    {"idem-put", "3eed7b8df9f93604"},
    {"idem-key", "3eed7b8df9f93604"},
    {"idem-new-key-per-try", "de7584903c0b649f"},
    {"idem-check-then-act", "aa9961436f7f5ef9"},
    {"idem-atomic", "11e276f2598ae8c4"},
    {"idem-expiry", "b285182be78f3e1b"},
    {"idem-retry-window", "0eb537048a2adf98"},
    {"idem-key-reused", "e72df551fe6bcf9a"},
    {"idem-payload-mismatch", "8db2325081b4c127"},
    {"2pc-commit", "ab6c4d26a140dca5"},
    {"2pc-abort", "ed788023bd022eaa"},
    {"2pc-blocking", "35640bfeddf26a08"},
    {"2pc-recovery", "d681423772969940"},
    {"2pc-cooperative", "40b4d8bc3cc1b8a9"},
    {"2pc-shard-crash", "14895e39740bd9ca"},
    {"2pc-broken-log", "233dcc9345451f64"},
    {"3pc-nonblocking", "74fec57c18134f9b"},
    {"3pc-partition", "693a1c24c6bc308e"},
    {"2pc-partition", "0b8b21f834b33a29"},
    {"saga-compensate", "97d17f1d590eff18"},
    {"saga-broken", "97d17f1d590eff18"},
    {"saga-isolation", "22b98f830adc2d24"},
    {"saga-choreographed", "06ecc98b68f6b983"},
    {"paxos-commit", "129c29b31c0575e6"},
    {"commit-compare", "331f063481d708cc"},
    {"commit-compare-3pc", "3f6184e8e8f2b13b"},
    {"commit-compare-saga", "a958433c8b1cfacc"},
    {"commit-compare-paxos", "1909a85e2248a37a"},
    {"lock-gc-pause", "dd1092dd5ca92f91"},
    {"lock-fenced", "38d8d9e1f03811e5"},
    {"lock-conditional-write", "84f9c9860ba6dd73"},
    {"lock-epoch", "84f9c9860ba6dd73"},
    {"lock-delayed-packet", "c059e36ee7826201"},
    {"lock-clock-jump", "544f09fa1253f51b"},
    {"clock-drift", "c167dc7cba0f2378"},
    {"clock-ntp", "0d11534ef3a46cc3"},
    {"clock-order", "435c0f3be9935576"},
    {"lamport", "0d6b976efddbec69"},
    {"vector", "372d2dcc9b1d895d"},
    {"vector-concurrent-lost", "caa4cc56f8163e08"},
    {"vector-conflict", "caa4cc56f8163e08"},
    {"hybrid", "5cd40f3a2d7d93f8"},
    {"lamport-mutex-ties", "c81b9e2e92ebb8a0"},
    {"lamport-mutex", "0ff844096344b168"},
    {"paxos-basic", "71c5ed49bf0fda09"},
    {"paxos-duel", "08fc459af1ef6c2f"},
    {"paxos-backoff", "6db45dd97be5ba01"},
    {"paxos-forgets", "59bde021d56d8478"},
    {"paxos-remembers", "64c7d857924e471c"},
};

}  // namespace netsplit::test
