// What a run costs, counted: a protocol lists its meters beside its properties, and the window, the
// comparison of variants and the report show them like the engine's own.
#pragma once

#include <cstdint>
#include <string_view>

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

}  // namespace netsplit
