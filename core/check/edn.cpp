#include "core/check/edn.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace netsplit::check {
namespace {

constexpr std::size_t sentence_bytes_max = 400;

}  // namespace

std::string shown(const Datum& datum) {
  switch (datum.kind) {
    case Datum::Kind::nil:
      return "nil";
    case Datum::Kind::boolean:
      return datum.integer != 0 ? "true" : "false";
    case Datum::Kind::integer:
      return std::to_string(datum.integer);
    case Datum::Kind::text:
      return "\"" + datum.text.substr(0, 40) + "\"";
    case Datum::Kind::keyword:
      return ":" + datum.text.substr(0, 40);
    case Datum::Kind::list:
      return "a list";
    case Datum::Kind::map:
      return "a map";
  }
  return {};
}

Error EdnReader::fault(std::int64_t line, std::string what) const {
  for (char& c : what) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (what.size() > sentence_bytes_max) what = what.substr(0, sentence_bytes_max) + " …";
  return Error{std::string(where_) + ":" + std::to_string(line) + ": " + what};
}

bool EdnReader::more() {
  while (!rest_.empty()) {
    const char c = rest_.front();
    if (c == ';') {
      while (!rest_.empty() && rest_.front() != '\n') rest_.remove_prefix(1);
    } else if (c == ' ' || c == '\t' || c == '\r' || c == ',' || c == '\n') {
      take();
    } else {
      return true;
    }
  }
  return false;
}

std::string_view EdnReader::take_line() {
  const std::size_t end = std::min(rest_.find('\n'), rest_.size());
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return line;
}

Result<Datum> EdnReader::datum(int depth) {
  if (depth > 16) return fault("lists and maps are nested more than 16 deep");
  if (!more()) return fault("the file ends in the middle of a value");
  Datum made;
  made.line = line_;
  const char c = rest_.front();
  if (c == '{' || c == '[' || c == '(') return collection(std::move(made), c, depth);
  if (c == '#' && rest_.size() > 1 && rest_[1] == '{') {
    take();
    return collection(std::move(made), '{', depth);
  }
  if (c == '"') return quoted(std::move(made));
  return atom(std::move(made));
}

char EdnReader::take() {
  const char c = rest_.front();
  rest_.remove_prefix(1);
  if (c == '\n') ++line_;
  return c;
}

Result<Datum> EdnReader::collection(Datum made, char open, int depth) {
  const char close = open == '{' ? '}' : open == '[' ? ']' : ')';
  made.kind = open == '{' ? Datum::Kind::map : Datum::Kind::list;
  take();
  while (true) {
    if (!more())
      return fault(made.line,
                   std::string("\"") + open + "\" is never closed; expected \"" + close + "\"");
    if (rest_.front() == close) break;
    Result<Datum> item = datum(depth + 1);
    if (!item) return item;
    made.items.push_back(std::move(item).value());
  }
  take();
  return made;
}

Result<Datum> EdnReader::quoted(Datum made) {
  made.kind = Datum::Kind::text;
  take();
  while (!rest_.empty() && rest_.front() != '"') {
    char c = take();
    if (c == '\\' && !rest_.empty()) {
      c = take();
      if (c == 'n') c = '\n';
      if (c == 't') c = '\t';
    }
    made.text += c;
  }
  if (rest_.empty()) return fault(made.line, "a text is never closed; expected '\"'");
  take();
  return made;
}

Result<Datum> EdnReader::atom(Datum made) {
  constexpr std::string_view ends = " \t\r\n,{}[]()\"";
  const std::size_t end = std::min(rest_.find_first_of(ends), rest_.size());
  const std::string_view word = rest_.substr(0, end);
  if (end == 0)
    return fault(std::string("\"") + rest_.front() + "\" stands where a value was expected");
  rest_.remove_prefix(end);
  if (word == "nil") return made;
  if (word == "true" || word == "false") {
    made.kind = Datum::Kind::boolean;
    made.integer = word == "true" ? 1 : 0;
  } else if (word.front() == ':') {
    made.kind = Datum::Kind::keyword;
    made.text = word.substr(1);
  } else {
    const auto [stop, error] =
        std::from_chars(word.data(), word.data() + word.size(), made.integer);
    if (error == std::errc() && stop == word.data() + word.size()) {
      made.kind = Datum::Kind::integer;
    } else {
      made.kind = Datum::Kind::keyword;
      made.text = word;
    }
  }
  return made;
}

}  // namespace netsplit::check
