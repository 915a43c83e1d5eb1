// Reads extensible data notation (EDN), as far as recorded histories use it: nil, booleans, whole
// numbers, texts, keywords, lists and maps. Anything else counts as a keyword.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace netsplit::check {

struct Datum {
  enum class Kind : std::uint8_t {
    nil,
    boolean,
    integer,
    text,
    keyword,
    list,
    map
  } kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text;          // of texts and keywords, these without their colon
  std::vector<Datum> items;  // of lists; of maps, keys and values in turn
  std::int64_t line = 0;

  const Datum* find(std::string_view key) const {
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (items[i].kind == Kind::keyword && items[i].text == key) return &items[i + 1];
    }
    return nullptr;
  }
};

// The value in a few words, for messages.
std::string shown(const Datum& datum);

// `text` must outlive it; `where` is the name of the file, for messages.
class EdnReader {
 public:
  EdnReader(std::string_view text, std::string_view where) : rest_(text), where_(where) {}

  std::int64_t line() const { return line_; }
  // What is quoted from the file may hold anything, at any length.
  Error fault(std::int64_t line, std::string what) const;
  Error fault(const std::string& what) const { return fault(line_, what); }

  // Skips white space, commas and comments; false at the end.
  bool more();
  char peek() const { return rest_.front(); }
  // The rest of the present line, which is taken.
  std::string_view take_line();

  // Errors: start with `where:line:`.
  Result<Datum> datum(int depth = 0);

 private:
  char take();
  Result<Datum> collection(Datum made, char open, int depth);
  Result<Datum> quoted(Datum made);
  Result<Datum> atom(Datum made);

  std::string_view rest_;
  std::string_view where_;
  std::int64_t line_ = 1;
};

}  // namespace netsplit::check
