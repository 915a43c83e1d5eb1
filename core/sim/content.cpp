#include "core/sim/content.h"

namespace netsplit {

Status assign_all(const Schema& variant, void* value, const Arguments& fields, NodeNames names) {
  const auto held = held_by(variant, value);
  for (const auto& [field, text] : fields) {
    const Status set = assign(*held.schema, held.value, field, text, names);
    if (!set) return set;
  }
  return Done{};
}

Status make_named(const Schema& variant, void* value, std::string_view name,
                  const Arguments& fields, NodeNames names) {
  const std::int32_t index = alternative_named(variant, name);
  if (index < 0) return Error{"there is none of that name"};
  variant.holder->emplace(value, static_cast<std::uint64_t>(index));
  return assign_all(variant, value, fields, names);
}

bool tamper(const Schema& variant, void* value, Rng& rng) {
  const auto held = held_by(variant, value);
  std::vector<const Member*> numbers;
  for (const Member& member : held.schema->members) {
    const Hint hint = member.schema->hint;
    const bool counts = hint == Hint::none || hint == Hint::token || hint == Hint::epoch;
    if (member.schema->kind == Schema::Kind::integer && counts) numbers.push_back(&member);
  }
  if (numbers.empty()) return false;
  const Member& chosen = *numbers[rng.below(static_cast<std::uint32_t>(numbers.size()))];
  void* number = detail::part(held.value, chosen.offset);
  const auto old = static_cast<std::uint64_t>(integer_in(*chosen.schema, number));
  set_integer(*chosen.schema, number, static_cast<std::int64_t>(old + 1 + rng.below(9)));
  return true;
}

}  // namespace netsplit
