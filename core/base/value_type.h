// Values whose type is data: made, copied and compared without knowing it.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "core/base/encode.h"
#include "core/base/schema.h"

namespace netsplit {

// What a value is made of, and what can be done with it. `copy` and `move` write where no value
// stands; what is moved is ended. Of a type whose bytes are the value, these and `end` are null.
struct ValueType {
  const Schema* schema = nullptr;
  std::uint32_t size = 0;
  std::uint32_t alignment = 0;
  void (*make)(void* at) = nullptr;
  void (*copy)(void* to, const void* from) = nullptr;
  void (*move)(void* to, void* from) = nullptr;
  void (*end)(void* at) = nullptr;
};

namespace detail {

template <class T>
constexpr ValueType make_value_type() {
  ValueType type;
  type.schema = &schema_of<T>;
  type.size = sizeof(T);
  type.alignment = alignof(T);
  type.make = [](void* at) { new (at) T(); };
  if constexpr (!std::is_trivially_copyable_v<T>) {
    type.copy = [](void* to, const void* from) { new (to) T(*static_cast<const T*>(from)); };
    type.move = [](void* to, void* from) {
      new (to) T(std::move(*static_cast<T*>(from)));
      static_cast<T*>(from)->~T();
    };
    type.end = [](void* at) { static_cast<T*>(at)->~T(); };
  }
  return type;
}

}  // namespace detail

template <class T>
inline constexpr ValueType value_type = detail::make_value_type<T>();

// As it is made by default; a copy of a value.
std::shared_ptr<void> make_value(const ValueType& type);
std::shared_ptr<void> copy_value(const ValueType& type, const void* value);

// What `encode` wrote; null when the bytes are not such a value.
std::shared_ptr<void> read_value(const ValueType& type, ByteReader& reader);

// Whether two values are the same to the byte.
bool same_value(const ValueType& type, const void* a, const void* b);

}  // namespace netsplit
