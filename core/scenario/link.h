// A run as a link. `#v1.` + base64url(raw deflate of the compact canonical form, with a dictionary
// frozen per version). It stands in the URL's fragment, which no server ever sees.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/scenario/scenario.h"

namespace netsplit {

inline constexpr std::int64_t link_encoded_max = 16 << 10;
inline constexpr std::int64_t link_decoded_max = 64 << 10;

struct Link {
  // A scenario of the library is carried as its id and what was changed; any other one whole.
  Scenario scenario;
  Time cursor_us = 0;                 // where the reader was looking
  std::int64_t cursor_step = -1;      // … exactly, when between steps of one instant
  std::optional<std::uint64_t> hash;  // of the trace at the end of the run
  std::int64_t hash_steps = 0;        // how many steps that run had
  std::int64_t hash_events = 0;       // … and how many events; 0 when the link does not say
  std::string marks = {};             // HashMarks of so many events
  bool unfinished = false;            // that run went on after them
  friend bool operator==(const Link&, const Link&) = default;
};

// Errors: when the result would be longer than link_encoded_max.
Result<std::string> encode_link(const Link& link);

// Accepts "#v1.…", "v1.…", or a whole URL that ends in one.
// Errors: says what is wrong: no link, damaged, cut off, too long, from a later version, or that
// its contents do not fit (with their path). Decompression stops at link_decoded_max.
Result<Link> decode_link(std::string_view text);

}  // namespace netsplit
