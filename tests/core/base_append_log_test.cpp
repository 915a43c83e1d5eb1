// The list that shares its chunks: what one copy appends or drops, another does not see.
#include "core/base/append_log.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>
#include <vector>

namespace netsplit {

TEST_CASE("append log: many at once are the same as one by one, across chunks and copies") {
  using Log = AppendLog<std::int32_t, 8>;
  Log singly;
  Log at_once;
  std::int32_t next = 0;
  for (const std::size_t count : {0, 3, 5, 8, 1, 20, 16, 7}) {
    std::vector<std::int32_t> values(count);
    std::iota(values.begin(), values.end(), next);
    next += static_cast<std::int32_t>(count);
    const Log copy = at_once;
    const std::int64_t before = at_once.size();
    for (const std::int32_t value : values) singly.push_back(value);
    at_once.append(values);
    REQUIRE(copy.size() == before);
    REQUIRE(at_once.size() == singly.size());
    for (std::int64_t i = 0; i < singly.size(); ++i) REQUIRE(at_once[i] == singly[i]);
    for (std::int64_t i = 0; i < copy.size(); ++i) REQUIRE(copy[i] == i);
  }
}

}  // namespace netsplit
