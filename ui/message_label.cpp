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

// "entry" of "entries", "address" of "addresses", "slot" of "slots".
std::string singular(std::string name) {
  if (name.ends_with("ies")) return name.replace(name.size() - 3, 3, "y");
  for (const std::string_view ending : {"sses", "shes", "ches", "xes"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - 2);
  }
  return name.substr(0, name.size() - 1);
}

// A short list in full, a longer one by its number: "3 entries". Of one that is not called in the
// plural (a vector) a number would say nothing.
std::string list_part(const Row& field) {
  constexpr std::size_t full_max = 9;
  if (field.children.empty()) return {};
  const std::string name = words(field.name);
  const std::string full = brief(field);
  if (full.size() <= full_max) return full;
  if (!name.ends_with('s')) return {};
  const std::size_t count = field.children.size();
  return std::to_string(count) + " " + (count == 1 ? singular(name) : name);
}

// A flag that says what came of something ("granted", "serving", "all yes") tells as much when it
// is not so. Any other ("pre", "fresh") is a mark, of which its absence says nothing.
bool is_outcome(std::string_view flag) {
  const std::string_view last = flag.substr(flag.rfind('_') + 1);
  return last.ends_with("ed") || last.ends_with("ing") || last == "done" || last == "success" ||
         last == "yes" || last == "commit";
}

std::string flag_part(const Row& field) {
  const std::string name = words(field.name);
  if (field.number != 0) return name;
  if (name == "yes") return "no";
  if (name == "success" || name == "commit") return "no " + name;
  return is_outcome(field.name) ? "not " + name : std::string();
}

std::string part_of(const Row& field, bool dated);

// Of a group within a message the first thing that it says stands for it, with its name: "value 2"
// of a command, "no value" of an empty one. Of a message `dated` by a term of its own, one within
// tells little. Where all are numbers (a vector clock) each is as telling as the first. The
// message's card tells the rest.
std::string group_part(const Row& field, bool dated) {
  constexpr std::size_t full_max = 14;
  const std::vector<Row>& inner = field.children;
  const bool alike = std::all_of(inner.begin(), inner.end(),
                                 [](const Row& child) { return child.hint == Hint::number; });
  std::string first;
  std::string all;
  for (const Row& child : inner) {
    if (dated && child.hint == Hint::epoch) continue;
    const bool none = first.empty() && child.hint == Hint::none && child.text == "none";
    const std::string part = none ? "no " + words(child.name) : part_of(child, dated);
    if (part.empty()) continue;
    if (first.empty()) first = part;
    all += (all.empty() ? "" : ", ") + part;
  }
  return alike && all.size() <= full_max ? all : first;
}

// What one field adds; nothing when it says nothing: no token, a zero that counts nothing.
std::string part_of(const Row& field, bool dated) {
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
      return flag_part(field);
    case Hint::list:
    case Hint::log:
      return list_part(field);
    case Hint::group:
      return group_part(field, dated);
    case Hint::none:
    case Hint::lock:
      return brief(field);
    default:
      return field.text;
  }
}

}  // namespace

std::string message_label(std::string_view name, const Row& content) {
  // First what two messages of one name differ in most, a yes or no. Places in a log matter less
  // than what is put there, and of a dated message a second term less than the first.
  std::vector<std::string> parts;
  std::size_t telling = 0;  // how many of them are no places
  const auto date = std::find_if(content.children.begin(), content.children.end(),
                                 [](const Row& field) { return field.hint == Hint::epoch; });
  const bool dated = date != content.children.end();
  const auto rank = [&](const Row& field) {
    if (field.hint == Hint::flag) return 0;
    const bool second = field.hint == Hint::epoch && &field != &*date;
    return second || field.hint == Hint::log_index ? 2 : 1;
  };
  for (const int now : {0, 1, 2}) {
    for (const Row& field : content.children) {
      if (rank(field) != now) continue;
      std::string part = part_of(field, dated);
      const bool said = std::find(parts.begin(), parts.end(), part) != parts.end();
      if (!part.empty() && !said) parts.push_back(std::move(part));
    }
    if (now < 2) telling = parts.size();
  }
  std::string label(name);
  std::size_t seen = label.size();  // signs; the dot between two parts is more than one byte
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t more = parts[i].size() + (i == 0 ? 1 : 3);
    if (i == parts_max || seen + more > label_max)
      return i < telling ? label + " \xE2\x80\xA6" : label;
    if (!label.empty()) label += i == 0 ? " " : dot;
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
