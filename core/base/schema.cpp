#include "core/base/schema.h"

#include <cstring>

#include "core/base/assert.h"

namespace netsplit {
namespace {

template <class Signed, class Unsigned>
std::int64_t read(bool is_signed, const void* value) {
  if (is_signed) {
    Signed number;
    std::memcpy(&number, value, sizeof number);
    return number;
  }
  Unsigned number;
  std::memcpy(&number, value, sizeof number);
  return static_cast<std::int64_t>(number);
}

template <class Unsigned>
void write(void* value, std::int64_t number) {
  const auto narrow = static_cast<Unsigned>(number);
  std::memcpy(value, &narrow, sizeof narrow);
}

}  // namespace

std::int64_t integer_in(const Schema& schema, const void* value) {
  switch (schema.size) {
    case 1:
      return read<std::int8_t, std::uint8_t>(schema.is_signed, value);
    case 2:
      return read<std::int16_t, std::uint16_t>(schema.is_signed, value);
    case 4:
      return read<std::int32_t, std::uint32_t>(schema.is_signed, value);
    default:
      return read<std::int64_t, std::uint64_t>(schema.is_signed, value);
  }
}

void set_integer(const Schema& schema, void* value, std::int64_t number) {
  switch (schema.size) {
    case 1:
      return write<std::uint8_t>(value, number);
    case 2:
      return write<std::uint16_t>(value, number);
    case 4:
      return write<std::uint32_t>(value, number);
    default:
      return write<std::uint64_t>(value, number);
  }
}

std::size_t count_in(const Schema& schema, const void* value) {
  return schema.kind == Schema::Kind::array ? schema.size / schema.element->size
                                            : schema.holder->size(value);
}

void* first_in(const Schema& schema, void* value) {
  return schema.kind == Schema::Kind::array ? value : schema.holder->data(value);
}

std::int64_t bytes_elsewhere(const Schema& schema, const void* value) {
  using Kind = Schema::Kind;
  constexpr std::int64_t tree_entry = 40;  // what a set or a map adds to an entry
  std::int64_t bytes = 0;
  switch (schema.kind) {
    case Kind::flag:
    case Kind::choice:
    case Kind::integer:
      return 0;
    case Kind::text:
      return static_cast<std::int64_t>(static_cast<const std::string*>(value)->size());
    case Kind::hidden:
      return bytes_elsewhere(*schema.element, value);
    case Kind::optional:
    case Kind::variant: {
      const auto held = held_by(schema, value);
      return held.value != nullptr ? bytes_elsewhere(*held.schema, held.value) : 0;
    }
    case Kind::array:
    case Kind::list: {
      const std::size_t count = count_in(schema, value);
      const void* first = first_in(schema, value);
      if (schema.kind == Kind::list)
        bytes = static_cast<std::int64_t>(count) * schema.element->size;
      for (std::size_t i = 0; i < count; ++i)
        bytes += bytes_elsewhere(*schema.element, detail::part(first, i * schema.element->size));
      return bytes;
    }
    case Kind::set:
    case Kind::map:
      schema.holder->each(value, [&](const void* key, const void* element) {
        const Schema& own = element == nullptr ? *schema.element : *schema.key;
        bytes += tree_entry + own.size + bytes_elsewhere(own, key);
        if (element != nullptr)
          bytes += schema.element->size + bytes_elsewhere(*schema.element, element);
      });
      return bytes;
    case Kind::group:
      for (const Member& member : schema.members)
        bytes += bytes_elsewhere(*member.schema, detail::part(value, member.offset));
      return bytes;
  }
  return bytes;
}

std::int32_t alternative_named(const Schema& variant, std::string_view snake_case_name) {
  for (std::size_t i = 0; i < variant.alternatives.size(); ++i) {
    if (snake_case(variant.alternatives[i]->name) == snake_case_name)
      return static_cast<std::int32_t>(i);
  }
  return -1;
}

}  // namespace netsplit
