// Canonical integers and texts of a value made of described structs and plain containers, by its
// schema. A `Hasher` makes a hash of them, a `ByteWriter` bytes that can be read back.
#pragma once

#include <string>
#include <string_view>

#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/schema.h"

namespace netsplit {

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

void encode(Hasher& hasher, const Schema& schema, const void* value);
void encode(ByteWriter& writer, const Schema& schema, const void* value);

template <class Sink, class T>
void encode(Sink& sink, const T& value) {
  if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) {
    sink.integer(static_cast<std::uint64_t>(value));
  } else if constexpr (std::is_integral_v<T>) {
    sink.integer(zigzag(value));
  } else if constexpr (detail::is_strong_integer<T>) {
    sink.integer(zigzag(value.value));
  } else {
    encode(sink, schema_of<T>, &value);
  }
}

std::uint64_t hash_of(const Schema& schema, const void* value);
template <class T>
std::uint64_t hash_of(const T& value) {
  Hasher hasher;
  encode(hasher, value);
  return hasher.digest();
}

std::string bytes_of(const Schema& schema, const void* value);
template <class T>
std::string bytes_of(const T& value) {
  return bytes_of(schema_of<T>, &value);
}

// How many bytes `bytes_of` would give. Every message that is sent is asked, so this walk is
// compiled for each type.
template <class T>
constexpr std::int64_t size_in_bytes(const T& value) {
  std::int64_t size = 0;
  if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) {
    size = size_of_integer(static_cast<std::uint64_t>(value));
  } else if constexpr (std::is_integral_v<T>) {
    size = size_of_integer(zigzag(value));
  } else if constexpr (detail::is_strong_integer<T>) {
    size = size_of_integer(zigzag(value.value));
  } else if constexpr (std::is_same_v<T, std::string>) {
    size = size_of_integer(value.size()) + static_cast<std::int64_t>(value.size());
  } else if constexpr (detail::is_hidden<T>::value) {
    size = size_in_bytes(value.value);
  } else if constexpr (detail::is_optional<T>::value) {
    size = 1 + (value ? size_in_bytes(*value) : 0);
  } else if constexpr (detail::is_array<T>::value || detail::is_vector<T>::value ||
                       detail::is_set<T>::value) {
    if constexpr (!detail::is_array<T>::value) size = size_of_integer(value.size());
    for (const auto& element : value) size += size_in_bytes(element);
  } else if constexpr (detail::is_map<T>::value) {
    size = size_of_integer(value.size());
    for (const auto& [key, element] : value) size += size_in_bytes(key) + size_in_bytes(element);
  } else if constexpr (detail::is_variant<T>::value) {
    if constexpr (std::variant_size_v < T >> 1) size = size_of_integer(value.index());
    size += detail::visit_one(value,
                              [](const auto& alternative) { return size_in_bytes(alternative); });
  } else {
    std::apply(
        [&](const auto&... member) { size = (std::int64_t{0} + ... + size_in_bytes(member)); },
        value.field_references());
  }
  return size;
}

// Reads back what `encode` wrote through a ByteWriter. False, and `value` unspecified, when the
// bytes are not such a value; never reads past the end or allocates more than the bytes can fill.
bool decode(ByteReader& reader, const Schema& schema, void* value);

template <class T>
bool decode(ByteReader& reader, T& value) {
  return decode(reader, schema_of<T>, &value);
}

// Requires: the bytes came from bytes_of<T>.
template <class T>
T value_of(std::string_view bytes) {
  ByteReader reader(bytes);
  T value{};
  NETSPLIT_ASSERT(decode(reader, value) && reader.remaining() == 0);
  return value;
}

}  // namespace netsplit
