// Assertions for programmers' mistakes. They stay in release builds: a simulator that goes on after
// an impossible state would show a run that never happened.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace netsplit {

[[noreturn]] inline void assertion_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
  std::abort();
}

}  // namespace netsplit

#define NETSPLIT_ASSERT(condition) \
  ((condition) ? void(0) : ::netsplit::assertion_failed(#condition, __FILE__, __LINE__))
