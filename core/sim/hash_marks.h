// How a trace's hash came about, in at most 64 bytes: of two runs that end with different hashes
// it tells between which events they parted.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace netsplit {

// The lowest byte of the running hash after every stride-th event. The stride is a power of two; it
// doubles, and every other mark goes, when there would be more than count_max. Runs that parted
// agree in a mark by chance once in 256.
class HashMarks {
 public:
  static constexpr std::int64_t count_max = 64;

  // The stride of a run of so many events: the smallest power of two that needs at most count_max
  // marks.
  static constexpr std::int64_t stride_of(std::int64_t events) {
    std::int64_t stride = 1;
    while (events / stride > count_max) stride *= 2;
    return stride;
  }
  static constexpr std::int64_t count_of(std::int64_t events) { return events / stride_of(events); }

  // After each event, in order; `events` is how many there were with it.
  void note(std::int64_t events, std::uint64_t hash) {
    if (events == next_) keep(hash);
  }

  std::int64_t stride() const { return stride_; }
  // The i-th is that of (i + 1) * stride() events.
  std::string_view bytes() const { return {bytes_.data(), static_cast<std::size_t>(count_)}; }

 private:
  void keep(std::uint64_t hash);

  std::int64_t next_ = 1;
  std::int64_t stride_ = 1;
  std::int64_t count_ = 0;
  std::array<char, count_max> bytes_{};
};

}  // namespace netsplit
