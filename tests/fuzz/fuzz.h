// What every fuzz target asks of a refusal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace netsplit::fuzz {

// A sentence of sensible length that a terminal may show.
inline void check_sentence(std::string_view sentence) {
  NETSPLIT_ASSERT(!sentence.empty() && sentence.size() < 2000);
  for (const char c : sentence) {
    NETSPLIT_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  }
}

}  // namespace netsplit::fuzz
