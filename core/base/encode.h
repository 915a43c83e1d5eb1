// One walk over a value made of described structs and plain containers. What it feeds decides what
// comes out: a `Hasher` gives the value's hash, a `ByteWriter` its canonical bytes.
#pragma once

#include <string>
#include <string_view>

#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/base/fields.h"
#include "core/base/hash.h"
#include "core/base/visit.h"

namespace netsplit {

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// `Sink` has integer(std::uint64_t) and text(std::string_view).
template <class Sink, class T>
constexpr void encode(Sink& sink, const T& value) {
  static_assert(!std::is_floating_point_v<T>, "floating point is not the same everywhere");
  static_assert(!std::is_pointer_v<T>, "a pointer is not the same in any two runs");
  if constexpr (std::is_enum_v<T>) {
    sink.integer(static_cast<std::uint64_t>(value));
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    sink.integer(zigzag(value));
  } else if constexpr (std::is_integral_v<T>) {
    sink.integer(static_cast<std::uint64_t>(value));
  } else if constexpr (detail::is_strong_integer<T>) {
    sink.integer(zigzag(value.value));
  } else if constexpr (std::is_same_v<T, std::string>) {
    sink.text(value);
  } else if constexpr (detail::is_hidden<T>::value) {
    encode(sink, value.value);
  } else if constexpr (detail::is_optional<T>::value) {
    sink.integer(value.has_value() ? 1 : 0);
    if (value) encode(sink, *value);
  } else if constexpr (detail::is_array<T>::value) {
    for (const auto& element : value) encode(sink, element);
  } else if constexpr (detail::is_vector<T>::value || detail::is_set<T>::value) {
    // Elements of no bytes could not be read back: a reader trusts no count beyond the bytes left.
    static_assert(!std::is_empty_v<typename T::value_type>, "a list of nothing: count instead");
    sink.integer(value.size());
    for (const auto& element : value) encode(sink, element);
  } else if constexpr (detail::is_map<T>::value) {
    sink.integer(value.size());
    for (const auto& [key, element] : value) {
      encode(sink, key);
      encode(sink, element);
    }
  } else if constexpr (detail::is_variant<T>::value) {
    if constexpr (std::variant_size_v < T >> 1) sink.integer(value.index());
    detail::visit_one(value, [&](const auto& alternative) { encode(sink, alternative); });
  } else if constexpr (Described<T>) {
    for_each_field(value, [&](std::string_view, const auto& member) { encode(sink, member); });
  } else {
    static_assert(detail::always_false<T>, "a field of this type cannot be described");
  }
}

template <class T>
std::uint64_t hash_of(const T& value) {
  Hasher hasher;
  encode(hasher, value);
  return hasher.digest();
}

template <class T>
std::string bytes_of(const T& value) {
  ByteWriter writer;
  encode(writer, value);
  return std::move(writer.bytes);
}

namespace detail {

template <class Variant, std::size_t... i>
bool emplace_alternative(Variant& value, std::uint64_t index, std::index_sequence<i...>) {
  return ((index == i ? (value.template emplace<i>(), true) : false) || ...);
}

}  // namespace detail

// Reads back what `encode` wrote through a ByteWriter. False, and `value` unspecified, when the
// bytes are not such a value; never reads past the end or allocates more than the bytes can fill.
template <class T>
bool decode(ByteReader& reader, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    const std::uint64_t bits = reader.integer();
    value = bits != 0;
    return reader.ok() && bits <= 1;
  } else if constexpr (std::is_enum_v<T>) {
    const std::uint64_t bits = reader.integer();
    value = static_cast<T>(bits);
    return reader.ok() && static_cast<std::uint64_t>(value) == bits;
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    const std::int64_t wide = unzigzag(reader.integer());
    value = static_cast<T>(wide);
    return reader.ok() && value == wide;
  } else if constexpr (std::is_integral_v<T>) {
    const std::uint64_t wide = reader.integer();
    value = static_cast<T>(wide);
    return reader.ok() && value == wide;
  } else if constexpr (detail::is_strong_integer<T>) {
    return decode(reader, value.value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = reader.text();
    return reader.ok();
  } else if constexpr (detail::is_hidden<T>::value) {
    return decode(reader, value.value);
  } else if constexpr (detail::is_optional<T>::value) {
    const std::uint64_t present = reader.integer();
    if (!reader.ok() || present > 1) return false;
    if (present == 0) {
      value.reset();
      return true;
    }
    return decode(reader, value.emplace());
  } else if constexpr (detail::is_array<T>::value) {
    for (auto& element : value) {
      if (!decode(reader, element)) return false;
    }
    return true;
  } else if constexpr (detail::is_vector<T>::value) {
    const std::uint64_t count = reader.integer();
    if (!reader.ok() || count > reader.remaining()) return false;
    value.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!decode(reader, value.emplace_back())) return false;
    }
    return true;
  } else if constexpr (detail::is_set<T>::value) {
    const std::uint64_t count = reader.integer();
    if (!reader.ok() || count > reader.remaining()) return false;
    value.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      typename T::value_type element{};
      if (!decode(reader, element)) return false;
      value.insert(std::move(element));
    }
    return value.size() == count;
  } else if constexpr (detail::is_map<T>::value) {
    const std::uint64_t count = reader.integer();
    if (!reader.ok() || count > reader.remaining()) return false;
    value.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      typename T::key_type key{};
      if (!decode(reader, key) || !decode(reader, value[key])) return false;
    }
    return value.size() == count;
  } else if constexpr (detail::is_variant<T>::value) {
    const std::uint64_t index = std::variant_size_v<T> > 1 ? reader.integer() : 0;
    if (!reader.ok()) return false;
    if (!detail::emplace_alternative(value, index,
                                     std::make_index_sequence<std::variant_size_v<T>>{})) {
      return false;
    }
    return detail::visit_one(value, [&](auto& alternative) { return decode(reader, alternative); });
  } else {
    bool ok = true;
    for_each_field(value,
                   [&](std::string_view, auto& member) { ok = ok && decode(reader, member); });
    return ok;
  }
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
