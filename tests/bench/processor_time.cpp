#include "tests/bench/processor_time.h"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#else
#include <ctime>
#endif

#ifdef __EMSCRIPTEN__
// Emscripten's clocks all go by the wall. What Node has used includes its compiler's threads.
// Google Benchmark asks here too: see cmake/bench.cmake.
EM_JS(double, netsplit_processor_ms, (), {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e3;
});
#endif

namespace netsplit::bench {

double processor_ms() {
#ifdef __EMSCRIPTEN__
  return netsplit_processor_ms();
#else
  return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC;
#endif
}

}  // namespace netsplit::bench
