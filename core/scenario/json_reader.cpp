#include "core/scenario/json_reader.h"

#include <set>

namespace netsplit {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Control characters (C0, DEL, C1) would let a file or a link give orders to a terminal.
bool has_control_characters(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n' && lines) continue;
    if (byte < 0x20 || byte == 0x7f) return true;
    const bool is_c1 =
        byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (is_c1) return true;
  }
  return false;
}

std::string shown(const Json& json) {
  if (json.is_string()) return in_quotes(*json.get_ptr<const std::string*>());
  if (json.is_object()) return "an object";
  if (json.is_array()) return "a list";
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Walks the text once, before any value is built, and refuses what the builder would accept.
class Gate : public nlohmann::json_sax<Json> {
 public:
  std::string fault;

  bool null() override { return begin_value(); }
  bool boolean(bool) override { return begin_value(); }
  bool number_integer(number_integer_t) override { return begin_value(); }
  bool number_unsigned(number_unsigned_t) override { return begin_value(); }
  bool number_float(number_float_t, const std::string& text) override {
    begin_value();
    return refuse("expected a whole number of at most 64 bits, found " + text.substr(0, 40));
  }
  bool string(std::string&) override { return begin_value(); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    Level& level = levels_.back();
    level.key = name;
    if (!level.keys.insert(name).second) {
      level.key.clear();
      return refuse("the key " + in_quotes(name) + " is given twice");
    }
    if (level.keys.size() > json_keys_max) {
      level.key.clear();
      return refuse("more than " + std::to_string(json_keys_max) + " keys in one object");
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& e) override {
    // "[id] parse error at line 3, column 5: syntax error while parsing value - unexpected …", or
    // "[id] number overflow parsing '1e999'".
    std::string_view text = e.what();
    text.remove_prefix(std::min(text.find("] ") + 2, text.size()));
    const std::size_t line = text.find("line ");
    if (text.starts_with("parse error") && line != std::string_view::npos) {
      fault = std::string(text.substr(line, text.find(": ") - line)) + ": ";
      text.remove_prefix(std::min(text.find(" - ") + 3, text.size()));
    }
    text = text.substr(0, text.find("; last read"));
    fault += "not JSON: ";
    for (const char c : text) fault += c >= ' ' && c <= '~' ? c : '?';
    return false;
  }

 private:
  struct Level {
    bool is_array = false;
    std::int64_t index = -1;
    std::string key;
    std::set<std::string> keys;
  };

  bool begin_value() {
    if (!levels_.empty() && levels_.back().is_array) ++levels_.back().index;
    return true;
  }
  bool open(bool is_array) {
    begin_value();
    if (levels_.size() == json_depth_max) {
      return refuse("nested deeper than " + std::to_string(json_depth_max) + " levels");
    }
    levels_.push_back(Level{is_array, -1, {}, {}});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }
  bool refuse(const std::string& sentence) {
    std::string path;
    for (const Level& level : levels_) {
      if (level.is_array) {
        path += level.index < 0 ? "" : "[" + std::to_string(level.index) + "]";
      } else if (!level.key.empty()) {
        path += path.empty() ? "" : ".";
        path +=
            level.key.size() <= 40 && !has_control_characters(level.key, false) ? level.key : "?";
      }
    }
    fault = path.empty() ? sentence : path + ": " + sentence;
    return false;
  }

  std::vector<Level> levels_;
};

constexpr std::size_t line_columns_max = 100;

std::string on_one_line(const Json& json) {
  std::string text;
  if (json.is_object()) {
    for (auto member = json.begin(); member != json.end(); ++member) {
      text += text.empty() ? "" : ", ";
      text += compact_json(Json(member.key())) + ": " + on_one_line(member.value());
    }
    return "{" + text + "}";
  }
  if (json.is_array()) {
    for (const Json& item : json) text += (text.empty() ? "" : ", ") + on_one_line(item);
    return "[" + text + "]";
  }
  return compact_json(json);
}

void write_pretty(const Json& json, std::size_t indent, std::size_t column, std::string& out) {
  const bool has_parts = json.is_structured() && !json.empty();
  const bool is_whole_file = indent == 0;
  std::string line = is_whole_file && has_parts ? std::string() : on_one_line(json);
  if (!has_parts || (!is_whole_file && column + line.size() < line_columns_max)) {
    out += line;
    return;
  }
  const std::string margin = "\n" + std::string(indent + 2, ' ');
  out += json.is_object() ? '{' : '[';
  bool first = true;
  for (auto part = json.begin(); part != json.end(); ++part) {
    out += (first ? "" : ",") + margin;
    first = false;
    std::size_t part_column = indent + 2;
    if (json.is_object()) {
      const std::string key = compact_json(Json(part.key())) + ": ";
      out += key;
      part_column += key.size();
    }
    write_pretty(*part, indent + 2, part_column, out);
  }
  out += "\n" + std::string(indent, ' ') + (json.is_object() ? '}' : ']');
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_max = 40;
  std::size_t end = std::min(text.size(), shown_max);
  while (end < text.size() && end > 0 && is_continuation(text[end])) --end;
  std::string clean;
  for (const char c : text.substr(0, end)) {
    clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  // The two bytes of a C1 control become one sign.
  for (std::size_t at = clean.find('\xc2'); at != std::string::npos;
       at = clean.find('\xc2', at + 1)) {
    if (has_control_characters(clean.substr(at, 2), false)) clean.replace(at, 2, "?");
  }
  return "\"" + clean + (end < text.size() ? "…\"" : "\"");
}

Result<Json> parse_json(std::string_view text, std::string_view where) {
  const std::string prefix = std::string(where) + ": ";
  if (text.size() > json_bytes_max) {
    return Error{prefix + "longer than " + std::to_string(json_bytes_max >> 10) + " KiB"};
  }
  Gate gate;
  if (!Json::sax_parse(text.begin(), text.end(), &gate)) return Error{prefix + gate.fault};
  Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) return Error{prefix + "not JSON"};
  return json;
}

std::string compact_json(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pretty_json(const Json& json) {
  std::string text;
  write_pretty(json, 0, 0, text);
  return text + "\n";
}

void JsonCursor::fail(std::string_view sentence) const {
  if (failed()) return;
  fault_->message = fault_->where + ": " + (path_.empty() ? "" : path_ + ": ");
  fault_->message += sentence;
}

void JsonCursor::expected(std::string_view what) const {
  fail("expected " + std::string(what) + ", found " + shown(*json_));
}

JsonCursor JsonCursor::member(const char* key, const Json& json) const {
  return JsonCursor(json, path_.empty() ? key : path_ + "." + key, *fault_);
}

void JsonCursor::only_keys(std::span<const std::string> known) const {
  if (!json_->is_object()) return expected("an object");
  for (auto entry = json_->begin(); entry != json_->end(); ++entry) {
    if (std::find(known.begin(), known.end(), entry.key()) == known.end()) {
      return fail("there is no key " + in_quotes(entry.key()) + "; " +
                  expected_names(entry.key(), known));
    }
  }
}

std::optional<JsonCursor> JsonCursor::find(const char* key) const {
  if (!json_->is_object()) return std::nullopt;
  const auto entry = json_->find(key);
  if (entry == json_->end()) return std::nullopt;
  return member(key, *entry);
}

std::optional<JsonCursor> JsonCursor::require(const char* key) const {
  std::optional<JsonCursor> found = find(key);
  if (!found) fail("the key \"" + std::string(key) + "\" is missing");
  return found;
}

std::vector<JsonCursor> JsonCursor::items(std::size_t count_max) const {
  std::vector<JsonCursor> cursors;
  if (!json_->is_array()) {
    expected("a list");
  } else if (json_->size() > count_max) {
    fail("expected at most " + std::to_string(count_max) + " entries, found " +
         std::to_string(json_->size()));
  } else {
    cursors.reserve(json_->size());
    for (const Json& item : *json_) {
      cursors.emplace_back(item, path_ + "[" + std::to_string(cursors.size()) + "]", *fault_);
    }
  }
  return cursors;
}

std::vector<std::pair<std::string, JsonCursor>> JsonCursor::members() const {
  std::vector<std::pair<std::string, JsonCursor>> entries;
  if (!json_->is_object()) {
    expected("an object");
    return entries;
  }
  for (auto entry = json_->begin(); entry != json_->end(); ++entry) {
    if (entry.key().size() > 80 || has_control_characters(entry.key(), false)) {
      fail("no name is like the key " + in_quotes(entry.key()));
      break;
    }
    entries.emplace_back(entry.key(), member(entry.key().c_str(), entry.value()));
  }
  return entries;
}

std::string JsonCursor::text(std::size_t bytes_max, bool lines) const {
  const auto* value = json_->get_ptr<const std::string*>();
  if (value == nullptr) {
    expected("text in quotes");
  } else if (value->size() > bytes_max) {
    fail("expected at most " + std::to_string(bytes_max) + " bytes of text, found " +
         std::to_string(value->size()));
  } else if (has_control_characters(*value, lines)) {
    fail("the text " + in_quotes(*value) + " holds control characters");
  } else {
    return *value;
  }
  return {};
}

std::int64_t JsonCursor::integer(std::int64_t low, std::int64_t high) const {
  const bool fits = json_->is_number_integer() &&
                    (!json_->is_number_unsigned() || json_->get<std::uint64_t>() <= INT64_MAX);
  const std::int64_t value = fits ? json_->get<std::int64_t>() : 0;
  if (!fits || value < low || value > high) {
    expected("a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return std::max(low, std::int64_t{0});
  }
  return value;
}

std::uint64_t JsonCursor::natural() const {
  if (json_->is_number_unsigned()) return json_->get<std::uint64_t>();
  // A value that was built rather than parsed may be signed.
  if (json_->is_number_integer() && json_->get<std::int64_t>() >= 0) {
    return static_cast<std::uint64_t>(json_->get<std::int64_t>());
  }
  expected("a whole number from 0 to 18446744073709551615");
  return 0;
}

bool JsonCursor::flag() const {
  if (!json_->is_boolean()) {
    expected("true or false");
    return false;
  }
  return json_->get<bool>();
}

Time JsonCursor::duration(Time low_us, Time high_us) const {
  const bool is_zero = json_->is_number_integer() && *json_ == 0;
  if (!is_zero && !json_->is_string()) {
    expected("a duration in quotes, such as \"120ms\" or \"1.5s\"");
    return std::max(low_us, Time{0});
  }
  const Result<Time> time = is_zero ? Result<Time>(Time{0}) : parse_duration(text(80));
  if (!time) {
    fail(time.error());
  } else if (time.value() < low_us || time.value() > high_us) {
    expected("a duration from \"" + format_duration(low_us) + "\" to \"" +
             format_duration(high_us) + "\"");
  } else {
    return time.value();
  }
  return std::max(low_us, Time{0});
}

std::size_t JsonCursor::choice_among(std::span<const std::string> known) const {
  const std::string value = text(80);
  const auto found = std::find(known.begin(), known.end(), value);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  fail("there is no choice " + in_quotes(value) + "; " + expected_names(value, known));
  return 0;
}

}  // namespace netsplit
