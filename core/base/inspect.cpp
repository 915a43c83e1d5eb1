#include "core/base/inspect.h"

#include <algorithm>
#include <charconv>

namespace netsplit {
namespace {

using Kind = Schema::Kind;
using detail::part;

NodeId node_in(const Schema& schema, const void* value) {
  return NodeId{static_cast<std::int32_t>(integer_in(schema, value))};
}

bool is_time(const Schema& schema, std::string_view name) {
  return schema.kind == Kind::integer && schema.hint == Hint::none && name.ends_with("_us");
}

std::string text_of_integer(const Schema& schema, std::int64_t number) {
  return schema.is_signed ? std::to_string(number)
                          : std::to_string(static_cast<std::uint64_t>(number));
}

std::string_view choice_in(const Schema& schema, const void* value) {
  const auto index = static_cast<std::uint64_t>(integer_in(schema, value));
  return index < schema.choices.size() ? schema.choices[index] : std::string_view("?");
}

Row row_of_integer(std::string_view name, const Schema& schema, const void* value,
                   NodeNames names) {
  Row row;
  row.name = name;
  row.number = integer_in(schema, value);
  if (schema.hint == Hint::node) {
    row.hint = Hint::node;
    row.text = name_of(node_in(schema, value), names);
  } else if (schema.hint != Hint::none) {
    row.hint = schema.hint;
    row.text = row.number == 0 ? "none" : std::to_string(row.number);
  } else {
    row.hint = is_time(schema, name) ? Hint::time : Hint::number;
    row.text = row.hint == Hint::time ? format_time_for_people(row.number)
                                      : text_of_integer(schema, row.number);
  }
  return row;
}

// Of a list, an array or a set.
Row row_of_list(std::string_view name, const Schema& schema, const void* value, NodeNames names) {
  Row row{std::string(name), Hint::list, {}, 0, {}};
  const auto add = [&](const void* element) {
    row.children.push_back(
        inspect("[" + std::to_string(row.number++) + "]", *schema.element, element, names));
  };
  if (schema.kind == Kind::set) {
    schema.holder->each(value, [&](const void* key, const void*) { add(key); });
  } else {
    const void* first = first_in(schema, value);
    for (std::size_t i = 0, count = count_in(schema, value); i < count; ++i)
      add(part(first, i * schema.element->size));
  }
  if (row.number == 0) row.text = "empty";
  return row;
}

Row row_of_map(std::string_view name, const Schema& schema, const void* value, NodeNames names) {
  Row row{std::string(name), Hint::group, {}, 0, {}};
  schema.holder->each(value, [&](const void* key, const void* element) {
    row.children.push_back(
        inspect(inspect({}, *schema.key, key, names).text, *schema.element, element, names));
  });
  if (row.children.empty()) row.text = "empty";
  return row;
}

// Of Lock in core/base/hinted.h: its one field is the owner, if it has one.
Row row_of_lock(std::string_view name, const Schema& schema, const void* value, NodeNames names) {
  const Member& owner = schema.members[0];
  const bool held = count_in(*owner.schema, part(value, owner.offset)) != 0;
  const Row row = inspect(name, *owner.schema, part(value, owner.offset), names);
  return {std::string(name), Hint::lock, held ? brief(row) : "free", held ? 1 : 0, {}};
}

// Of Log in core/base/hinted.h: the entries, and the index of the last that is gone.
std::int64_t last_of_log(const Schema& schema, const void* value) {
  const Member& entries = schema.members[0];
  const Member& dropped = schema.members[1];
  return integer_in(*dropped.schema, part(value, dropped.offset)) +
         static_cast<std::int64_t>(count_in(*entries.schema, part(value, entries.offset)));
}

Row row_of_log(std::string_view name, const Schema& schema, const void* value, NodeNames names) {
  const Member& entries = schema.members[0];
  Row row = inspect(name, *entries.schema, part(value, entries.offset), names);
  row.hint = Hint::log;
  row.number = last_of_log(schema, value);
  std::int64_t index = row.number - static_cast<std::int64_t>(row.children.size());
  for (Row& entry : row.children) entry.name = std::to_string(++index);
  return row;
}

Row row_of_group(std::string_view name, const Schema& schema, const void* value, NodeNames names) {
  if (schema.hint == Hint::lock) return row_of_lock(name, schema, value, names);
  if (schema.hint == Hint::log) return row_of_log(name, schema, value, names);
  Row row{std::string(name), Hint::group, {}, 0, {}};
  for (const Member& member : schema.members) {
    if (member.schema->kind == Kind::hidden) continue;
    row.children.push_back(inspect(member.name, *member.schema, part(value, member.offset), names));
  }
  return row;
}

// As Row::number.
std::optional<std::int64_t> number_of(const Schema& schema, const void* value) {
  switch (schema.kind) {
    case Kind::flag:
    case Kind::choice:
    case Kind::integer:
      return integer_in(schema, value);
    case Kind::optional: {
      const auto held = held_by(schema, value);
      return held.value != nullptr ? number_of(*held.schema, held.value) : std::nullopt;
    }
    case Kind::array:
    case Kind::list:
    case Kind::set:
    case Kind::map:
      return static_cast<std::int64_t>(count_in(schema, value));
    case Kind::group: {
      if (schema.hint == Hint::log) return last_of_log(schema, value);
      if (schema.hint != Hint::lock) return std::nullopt;
      const Member& owner = schema.members[0];
      return static_cast<std::int64_t>(count_in(*owner.schema, part(value, owner.offset)));
    }
    default:
      return std::nullopt;
  }
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

const Member* member_named(const Schema& group, std::string_view name) {
  const auto found = std::find_if(group.members.begin(), group.members.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == group.members.end() ? nullptr : &*found;
}

Error no_such_field(std::string_view field, const Schema& group) {
  std::vector<std::string> known;
  for (const Member& member : group.members) known.emplace_back(member.name);
  return Error{"there is no field " + quoted(field.substr(0, 40)) + "; " +
               expected_names(field, known)};
}

Status assign_choice(std::string_view field, const Schema& schema, void* value,
                     std::string_view text) {
  const auto found = std::find(schema.choices.begin(), schema.choices.end(), text);
  if (found == schema.choices.end()) {
    const std::vector<std::string> known(schema.choices.begin(), schema.choices.end());
    return Error{quoted(field) + " cannot be " + quoted(text) + "; " + expected_names(text, known)};
  }
  set_integer(schema, value, found - schema.choices.begin());
  return Done{};
}

Status assign_node(std::string_view field, const Schema& schema, void* value, std::string_view text,
                   NodeNames names) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    const std::vector<std::string> known(names.begin(), names.end());
    return Error{quoted(field) + ": there is no node " + quoted(text) + "; " +
                 expected_names(text, known)};
  }
  set_integer(schema, value, found - names.begin());
  return Done{};
}

Status assign_integer(std::string_view field, const Schema& schema, void* value,
                      std::string_view text) {
  const bool time = is_time(schema, field);
  if (time && (text.empty() || text.back() < '0' || text.back() > '9')) {
    const Result<Time> duration = parse_duration(text);
    if (!duration) return Error{quoted(field) + ": " + duration.error()};
    if (duration.value() == never_us) return Error{quoted(field) + " is a duration, not \"never\""};
    set_integer(schema, value, duration.value());
    return Done{};
  }
  const int bits = std::min(63, static_cast<int>(8 * schema.size) - (schema.is_signed ? 1 : 0));
  const auto widest = static_cast<std::int64_t>(UINT64_MAX >> (64 - bits));
  // Handlers add times: two of them must never overflow.
  const std::int64_t high = time ? std::min(widest, time_max_us) : widest;
  const std::int64_t low = !schema.is_signed ? 0 : time ? -high : -widest - 1;
  const Result<std::int64_t> number = parse_integer(text, low, high);
  if (!number) return Error{quoted(field) + ": " + number.error()};
  set_integer(schema, value, number.value());
  return Done{};
}

Status assign_value(std::string_view field, const Schema& schema, void* value,
                    std::string_view text, NodeNames names) {
  switch (schema.kind) {
    case Kind::flag:
      if (text != "true" && text != "false")
        return Error{quoted(field) + " is true or false, not " + quoted(text)};
      set_integer(schema, value, text == "true" ? 1 : 0);
      return Done{};
    case Kind::choice:
      return assign_choice(field, schema, value, text);
    case Kind::integer:
      if (schema.hint == Hint::node) return assign_node(field, schema, value, text, names);
      return assign_integer(field, schema, value, text);
    case Kind::text:
      *static_cast<std::string*>(value) = text;
      return Done{};
    default:
      return Error{quoted(field) + " is a list and cannot be set as one value"};
  }
}

}  // namespace

Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return Error{"expected a whole number, found \"" + std::string(text.substr(0, 40)) + "\""};
  }
  if (value < low || value > high) {
    return Error{"expected a number from " + std::to_string(low) + " to " + std::to_string(high) +
                 ", found " + std::to_string(value)};
  }
  return value;
}

std::string brief(const Row& row) {
  if (row.children.empty()) return row.text == "none" ? std::string() : row.text;
  const bool in_line = row.hint == Hint::list || row.hint == Hint::log;
  std::string text;
  for (const Row& child : row.children) {
    const std::string part = brief(child);
    if (part.empty()) continue;
    if (!text.empty()) text += in_line ? " " : ", ";
    text += part;
  }
  return in_line ? "[" + text + "]" : text;
}

Row inspect(std::string_view name, const Schema& schema, const void* value, NodeNames names) {
  switch (schema.kind) {
    case Kind::flag: {
      const std::int64_t set = integer_in(schema, value);
      return {std::string(name), Hint::flag, set != 0 ? "yes" : "no", set, {}};
    }
    case Kind::choice:
      return {std::string(name),
              Hint::choice,
              words(choice_in(schema, value)),
              integer_in(schema, value),
              {}};
    case Kind::integer:
      return row_of_integer(name, schema, value, names);
    case Kind::text:
      return {
          std::string(name), Hint::text, quoted(*static_cast<const std::string*>(value)), 0, {}};
    case Kind::hidden:
      return inspect(name, *schema.element, value, names);
    case Kind::optional:
    case Kind::variant: {
      const auto held = held_by(schema, value);
      if (held.value == nullptr) return {std::string(name), Hint::none, "none", 0, {}};
      return inspect(name, *held.schema, held.value, names);
    }
    case Kind::array:
    case Kind::list:
    case Kind::set:
      return row_of_list(name, schema, value, names);
    case Kind::map:
      return row_of_map(name, schema, value, names);
    case Kind::group:
      return row_of_group(name, schema, value, names);
  }
  return {};
}

std::optional<std::int64_t> number_at(const Schema& schema, const void* group,
                                      std::string_view path) {
  const std::size_t dot = path.find('.');
  const Member* member = member_named(schema, path.substr(0, dot));
  if (member == nullptr) return std::nullopt;
  const void* value = part(group, member->offset);
  if (dot == std::string_view::npos) return number_of(*member->schema, value);
  if (member->schema->kind != Kind::group) return std::nullopt;
  return number_at(*member->schema, value, path.substr(dot + 1));
}

Status assign(const Schema& schema, void* group, std::string_view path, std::string_view text,
              NodeNames names) {
  const std::size_t dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  const Member* member = member_named(schema, head);
  if (member == nullptr) return no_such_field(head, schema);
  void* value = part(group, member->offset);
  if (member->schema->kind != Kind::group)
    return assign_value(head, *member->schema, value, text, names);
  if (dot == std::string_view::npos)
    return Error{quoted(path) + " is a group; name one of its fields"};
  return assign(*member->schema, value, path.substr(dot + 1), text, names);
}

std::vector<std::pair<std::string, std::string>> assignments(const Schema& schema,
                                                             const void* group, NodeNames names) {
  std::vector<std::pair<std::string, std::string>> made;
  for (const Member& member : schema.members) {
    const void* value = part(group, member.offset);
    const Schema& own = *member.schema;
    if (own.kind == Kind::flag) {
      made.emplace_back(member.name, integer_in(own, value) != 0 ? "true" : "false");
    } else if (own.kind == Kind::choice) {
      made.emplace_back(member.name, choice_in(own, value));
    } else if (own.kind == Kind::text) {
      made.emplace_back(member.name, *static_cast<const std::string*>(value));
    } else if (own.kind == Kind::integer && own.hint != Hint::node) {
      made.emplace_back(member.name, text_of_integer(own, integer_in(own, value)));
    } else if (own.kind == Kind::integer && node_in(own, value) != nobody) {
      made.emplace_back(member.name, name_of(node_in(own, value), names));
    }
  }
  return made;
}

}  // namespace netsplit
