// What a run costs, counted: a protocol lists its meters beside its properties, and the window, the
// comparison of variants and the report show them like the engine's own.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/ids.h"

namespace netsplit {

// What a meter's number counts; money is in billionths of a cent.
enum class MeterUnit : std::uint8_t { count, time_us, bytes, ppm, nanocents };

struct MeterInfo {
  std::string_view name;  // "forced_writes"
  MeterUnit unit{};
  std::string_view sentence;  // what is counted, in one
};

template <class P>
class View;

// `read` is asked at any moment, often: a field that counts is better than a walk through history.
template <class P>
struct Meter {
  std::string_view name;
  MeterUnit unit{};
  std::string_view sentence;
  std::int64_t (*read)(const View<P>&);
};

// A meter of time: for how long something was so, by node and in sum. `runs` is asked of each node
// before time goes on, and its answer stands until the next step.
template <class P>
struct Stopwatch {
  std::string_view name;  // "lock_held"
  std::string_view sentence;
  bool (*runs)(const View<P>&, NodeId);
};

}  // namespace netsplit
