#include "core/sim/hash_marks.h"

namespace netsplit {

void HashMarks::keep(std::uint64_t hash) {
  if (count_ < count_max) {
    bytes_[static_cast<std::size_t>(count_++)] = static_cast<char>(hash & 255);
  } else {
    // This one, the 65th, has an odd place and would go with the others.
    count_ /= 2;
    for (std::int64_t i = 0; i < count_; ++i) {
      bytes_[static_cast<std::size_t>(i)] = bytes_[static_cast<std::size_t>(2 * i + 1)];
    }
    stride_ *= 2;
  }
  next_ = (count_ + 1) * stride_;
}

}  // namespace netsplit
