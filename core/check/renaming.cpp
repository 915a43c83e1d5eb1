#include "core/check/renaming.h"

namespace netsplit::check {
namespace {

using Kind = Schema::Kind;
using netsplit::detail::part;

bool says_nothing_of_nodes(const Schema& schema) {
  const bool number = schema.kind == Kind::integer && schema.hint != Hint::node;
  return number || schema.kind == Kind::flag || schema.kind == Kind::choice ||
         schema.kind == Kind::text;
}

void rename_list(const Schema& schema, void* value, const Renaming& renaming) {
  const std::size_t count = count_in(schema, value);
  if (!says_nothing_of_nodes(*schema.element)) {
    void* first = first_in(schema, value);
    for (std::size_t i = 0; i < count; ++i)
      rename(*schema.element, part(first, i * schema.element->size), renaming);
  }
  if (schema.per_node && count == renaming.to.size()) schema.holder->rearrange(value, renaming.to);
}

}  // namespace

void rename(const Schema& schema, void* value, const Renaming& renaming) {
  if (says_nothing_of_nodes(schema)) return;
  switch (schema.kind) {
    case Kind::integer: {
      const NodeId own{static_cast<std::int32_t>(integer_in(schema, value))};
      return set_integer(schema, value, renaming(own).value);
    }
    case Kind::hidden:
      return rename(*schema.element, value, renaming);
    case Kind::optional:
    case Kind::variant: {
      const auto held = held_by(schema, value);
      if (held.value != nullptr) rename(*held.schema, held.value, renaming);
      return;
    }
    case Kind::array:
    case Kind::list:
      return rename_list(schema, value, renaming);
    case Kind::set:
      return schema.holder->renew(
          value, [&](void* key, void*) { rename(*schema.element, key, renaming); });
    case Kind::map:
      return schema.holder->renew(value, [&](void* key, void* element) {
        rename(*schema.key, key, renaming);
        rename(*schema.element, element, renaming);
      });
    default:
      for (const Member& member : schema.members)
        rename(*member.schema, part(value, member.offset), renaming);
  }
}

}  // namespace netsplit::check
