// What the benchmarks are held against. Every pair is measured in one run of one program, in turns.
#pragma once

#include <string>

namespace netsplit::bench {

inline constexpr int rounds = 9;

// A measured number and what it should be. `over` names another benchmark, whose number divides
// this one's; "" takes the number as it is.
struct Yardstick {
  std::string sentence;
  std::string unit;  // what follows the number
  std::string benchmark;
  std::string counter;
  std::string over;
  double target;
  bool at_most;
  int digits;
};

}  // namespace netsplit::bench
