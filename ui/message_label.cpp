#include "ui/message_label.h"

#include <algorithm>

namespace netsplit::ui {
namespace {

constexpr std::size_t parts_max = 3;
constexpr std::size_t label_max = 34;  // characters
constexpr std::size_t named_max = 12;  // of a number's name: a longer one is left out
constexpr std::string_view dot = " \xC2\xB7 ";

std::string named(const Row& field) { return words(field.name) + " " + field.text; }

// "5 s" for "5.000 s": in a label no column has to be aligned.
std::string short_time(const std::string& text) {
  const std::size_t unit = text.find(' ');
  if (unit == std::string::npos || text.find('.') >= unit) return text;
  std::size_t end = unit;
  while (text[end - 1] == '0') --end;
  if (text[end - 1] == '.') --end;
  return text.substr(0, end) + text.substr(unit);
}

// A short list in full, a longer one by its number: "3 entries". Of one that is not called in the
// plural (a vector) a number would say nothing.
std::string list_part(const Row& field) {
  constexpr std::size_t full_max = 9;
  if (field.children.empty()) return {};
  const std::string name = words(field.name);
  const std::string full = brief(field);
  if (full.size() <= full_max) return full;
  return name.ends_with('s') ? std::to_string(field.children.size()) + " " + name : std::string();
}

// What one field adds; nothing when it says nothing: no token, a zero that counts nothing.
std::string part_of(const Row& field) {
  switch (field.hint) {
    case Hint::text:
      return field.text.size() > 2 ? field.text.substr(1, field.text.size() - 2) : std::string();
    case Hint::node:
      return field.number < 0 ? std::string() : field.text;
    case Hint::token:
      return field.number == 0 ? std::string() : field.text;
    case Hint::epoch:
    case Hint::log_index:
      return field.number == 0 ? std::string() : named(field);
    case Hint::number:
      if (field.number == 0) return {};
      return field.name.size() <= named_max ? named(field) : field.text;
    case Hint::time:
      return short_time(field.text);
    case Hint::flag:
      return (field.number == 0 ? "not " : "") + words(field.name);
    case Hint::list:
    case Hint::log:
      return list_part(field);
    case Hint::group:
    case Hint::none:
    case Hint::lock:
      return brief(field);
    default:
      return field.text;
  }
}

}  // namespace

std::string message_label(std::string_view name, const Row& content) {
  // Places in a log matter less than what is put there.
  std::vector<std::string> parts;
  std::size_t telling = 0;  // how many of them are no places
  for (const bool places : {false, true}) {
    for (const Row& field : content.children) {
      if ((field.hint == Hint::log_index) != places) continue;
      std::string part = part_of(field);
      if (!part.empty()) parts.push_back(std::move(part));
    }
    if (!places) telling = parts.size();
  }
  std::string label(name);
  std::size_t seen = label.size();  // signs; the dot between two parts is more than one byte
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t more = parts[i].size() + (i == 0 ? 1 : 3);
    if (i == parts_max || seen + more > label_max)
      return i < telling ? label + " \xE2\x80\xA6" : label;
    label += i == 0 ? " " : dot;
    label += parts[i];
    seen += more;
  }
  return label;
}

std::string text_to_assign(const Row& field) {
  switch (field.hint) {
    case Hint::flag:
      return field.number != 0 ? "true" : "false";
    case Hint::choice: {
      std::string text = field.text;
      std::replace(text.begin(), text.end(), ' ', '_');
      return text;
    }
    case Hint::text:
      return field.text.size() >= 2 ? field.text.substr(1, field.text.size() - 2) : field.text;
    case Hint::node:
      return field.text;
    case Hint::number:
    case Hint::token:
    case Hint::epoch:
    case Hint::log_index:
      return std::to_string(field.number);
    case Hint::time:
      return format_duration(field.number);
    default:
      return {};
  }
}

std::vector<FieldShown> fields_of(const Row& content) {
  std::vector<FieldShown> fields;
  const auto walk = [&](const auto& self, const Row& group, const std::string& path) -> void {
    for (const Row& child : group.children) {
      const std::string name = path.empty() ? child.name : path + "." + child.name;
      if (child.hint == Hint::group && !child.children.empty()) {
        self(self, child, name);
      } else {
        fields.push_back({name, child.children.empty() ? child.text : brief(child),
                          text_to_assign(child), child.hint});
      }
    }
  };
  walk(walk, content, {});
  return fields;
}

}  // namespace netsplit::ui
