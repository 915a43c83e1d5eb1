#include "core/base/encode.h"

namespace netsplit {
namespace {

using Kind = Schema::Kind;

template <class Sink>
void walk(Sink& sink, const Schema& schema, const void* value) {
  switch (schema.kind) {
    case Kind::flag:
    case Kind::choice:
      return sink.integer(static_cast<std::uint64_t>(integer_in(schema, value)));
    case Kind::integer: {
      const std::int64_t number = integer_in(schema, value);
      return sink.integer(schema.is_signed ? zigzag(number) : static_cast<std::uint64_t>(number));
    }
    case Kind::text:
      return sink.text(*static_cast<const std::string*>(value));
    case Kind::hidden:
      return walk(sink, *schema.element, value);
    case Kind::optional: {
      const auto held = held_by(schema, value);
      sink.integer(held.value != nullptr ? 1 : 0);
      if (held.value != nullptr) walk(sink, *held.schema, held.value);
      return;
    }
    case Kind::array:
    case Kind::list: {
      const std::size_t count = count_in(schema, value);
      if (schema.kind == Kind::list) sink.integer(count);
      const void* first = first_in(schema, value);
      for (std::size_t i = 0; i < count; ++i)
        walk(sink, *schema.element, detail::part(first, i * schema.element->size));
      return;
    }
    case Kind::set:
    case Kind::map:
      sink.integer(count_in(schema, value));
      return schema.holder->each(value, [&](const void* key, const void* element) {
        walk(sink, element == nullptr ? *schema.element : *schema.key, key);
        if (element != nullptr) walk(sink, *schema.element, element);
      });
    case Kind::variant: {
      if (schema.alternatives.size() > 1) sink.integer(schema.holder->size(value));
      const auto held = held_by(schema, value);
      return walk(sink, *held.schema, held.value);
    }
    case Kind::group:
      for (const Member& member : schema.members)
        walk(sink, *member.schema, detail::part(value, member.offset));
      return;
  }
}

// A number that the type has room for.
bool decode_integer(ByteReader& reader, const Schema& schema, void* value) {
  const std::uint64_t bits = reader.integer();
  const bool zigzagged = schema.kind == Kind::integer && schema.is_signed;
  const std::int64_t number = zigzagged ? unzigzag(bits) : static_cast<std::int64_t>(bits);
  const bool fits = schema.kind != Kind::flag || bits <= 1;
  set_integer(schema, value, fits ? number : 0);
  return reader.ok() && fits && integer_in(schema, value) == number;
}

bool decode_elements(ByteReader& reader, const Schema& schema, void* value) {
  const std::uint64_t count = reader.integer();
  if (!reader.ok() || count > reader.remaining()) return false;
  schema.holder->clear(value);
  bool ok = true;
  for (std::uint64_t i = 0; ok && i < count; ++i) {
    if (schema.kind == Kind::list) {
      ok = decode(reader, *schema.element, schema.holder->append(value));
      continue;
    }
    const Schema& key = schema.kind == Kind::map ? *schema.key : *schema.element;
    void* element = schema.holder->add(value, [&](void* own) { ok = decode(reader, key, own); });
    if (ok && element != nullptr) ok = decode(reader, *schema.element, element);
  }
  return ok && count_in(schema, value) == count;
}

}  // namespace

void encode(Hasher& hasher, const Schema& schema, const void* value) {
  walk(hasher, schema, value);
}
void encode(ByteWriter& writer, const Schema& schema, const void* value) {
  walk(writer, schema, value);
}

std::uint64_t hash_of(const Schema& schema, const void* value) {
  Hasher hasher;
  encode(hasher, schema, value);
  return hasher.digest();
}

std::string bytes_of(const Schema& schema, const void* value) {
  ByteWriter writer;
  encode(writer, schema, value);
  return std::move(writer.bytes);
}

bool decode(ByteReader& reader, const Schema& schema, void* value) {
  switch (schema.kind) {
    case Kind::flag:
    case Kind::choice:
    case Kind::integer:
      return decode_integer(reader, schema, value);
    case Kind::text:
      *static_cast<std::string*>(value) = reader.text();
      return reader.ok();
    case Kind::hidden:
      return decode(reader, *schema.element, value);
    case Kind::optional: {
      const std::uint64_t present = reader.integer();
      if (!reader.ok() || present > 1) return false;
      if (present == 1) return decode(reader, *schema.element, schema.holder->append(value));
      schema.holder->clear(value);
      return true;
    }
    case Kind::array: {
      bool ok = true;
      for (std::size_t i = 0, count = count_in(schema, value); ok && i < count; ++i)
        ok = decode(reader, *schema.element, detail::part(value, i * schema.element->size));
      return ok;
    }
    case Kind::list:
    case Kind::set:
    case Kind::map:
      return decode_elements(reader, schema, value);
    case Kind::variant: {
      const std::uint64_t index = schema.alternatives.size() > 1 ? reader.integer() : 0;
      if (!reader.ok() || !schema.holder->emplace(value, index)) return false;
      const auto held = held_by(schema, value);
      return decode(reader, *held.schema, held.value);
    }
    case Kind::group: {
      bool ok = true;
      for (const Member& member : schema.members)
        ok = ok && decode(reader, *member.schema, detail::part(value, member.offset));
      return ok;
    }
  }
  return false;
}

}  // namespace netsplit
