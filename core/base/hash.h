// A 64-bit hash over integers, the same on every machine. Not for enemies: a link's hash tells a
// reader whether a run was reproduced, it does not prove who made it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/rng.h"

namespace netsplit {

class Hasher {
 public:
  constexpr void integer(std::uint64_t value) {
    state_ = (state_ ^ mix64(value + 0x9e3779b97f4a7c15u)) * 0x2545f4914f6cdd1du;
    state_ ^= state_ >> 29;
  }
  constexpr void text(std::string_view value) {
    integer(value.size());
    std::uint64_t word = 0;
    int bytes = 0;
    for (const char c : value) {
      word = word << 8 | static_cast<unsigned char>(c);
      if (++bytes == 8) {
        integer(word);
        word = 0;
        bytes = 0;
      }
    }
    if (bytes != 0) integer(word);
  }
  constexpr std::uint64_t digest() const { return state_; }

 private:
  std::uint64_t state_ = 0x6e657473706c6974u;
};

// Sixteen lower-case hexadecimal digits.
inline std::string format_hash(std::uint64_t hash) {
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, hash >>= 4)
    text[static_cast<std::size_t>(i)] = "0123456789abcdef"[hash & 15];
  return text;
}

}  // namespace netsplit
