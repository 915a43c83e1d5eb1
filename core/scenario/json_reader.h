// JSON from outside, read with distrust: whole numbers only, no duplicated key, bounded depth and
// size, and each fault named by where it stands. Nothing here throws.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/names.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace netsplit {

// Keys keep the order in which they were written.
using Json = nlohmann::ordered_json;

inline constexpr std::size_t json_bytes_max = 1 << 20;
inline constexpr int json_depth_max = 16;
// Keys of one object. The library looks keys up one by one, so this also bounds the time.
inline constexpr std::size_t json_keys_max = 2048;

// Text from outside for use in a sentence: in quotes, shortened, nothing a terminal would obey.
std::string in_quotes(std::string_view text);

// Errors: `where`, then line and column of a syntax error, or the path of anything else.
Result<Json> parse_json(std::string_view text, std::string_view where);

// Several lines for people: two spaces a level; what fits into a line stays on one.
std::string pretty_json(const Json& json);
// The same value without any space.
std::string compact_json(const Json& json);

// What is being read, and the first thing that was wrong with it.
struct Fault {
  std::string where;    // a file's name, "link", …
  std::string message;  // empty while all is well
};

// A value with its path. Reading the wrong thing notes a fault and yields an empty value, so that a
// reader can go on and look at the fault once, at the end. The fault and the JSON must outlive it.
class JsonCursor {
 public:
  JsonCursor(const Json& json, std::string path, Fault& fault)
      : json_(&json), path_(std::move(path)), fault_(&fault) {}

  const Json& json() const { return *json_; }
  // Notes "where: path: sentence", unless something was wrong before.
  void fail(std::string_view sentence) const;
  bool failed() const { return !fault_->message.empty(); }

  // An object with no other keys than these.
  void only_keys(std::span<const std::string> known) const;
  // A member; nothing, without a fault, when it is absent.
  std::optional<JsonCursor> find(const char* key) const;
  // A member that must be there.
  std::optional<JsonCursor> require(const char* key) const;
  std::vector<JsonCursor> items(std::size_t count_max) const;
  std::vector<std::pair<std::string, JsonCursor>> members() const;

  // One line of text; with `lines` it may hold line breaks.
  std::string text(std::size_t bytes_max, bool lines = false) const;
  std::int64_t integer(std::int64_t low, std::int64_t high) const;
  std::uint64_t natural() const;
  bool flag() const;
  Time duration(Time low_us, Time high_us) const;

  template <class E>
  E choice() const {
    std::vector<std::string> known;
    for (const std::string_view name : enumerator_names<E>()) known.emplace_back(name);
    return static_cast<E>(choice_among(known));
  }

 private:
  std::size_t choice_among(std::span<const std::string> known) const;
  JsonCursor member(const char* key, const Json& json) const;
  void expected(std::string_view what) const;

  const Json* json_;
  std::string path_;
  Fault* fault_;
};

}  // namespace netsplit
