#include "core/base/value_type.h"

#include <cstring>
#include <new>

namespace netsplit {
namespace {

// Room for a value; `fill(memory)` must put one there.
template <class Fill>
std::shared_ptr<void> new_value(const ValueType& type, Fill fill) {
  const std::align_val_t alignment{type.alignment};
  void* memory = ::operator new(type.size, alignment);
  fill(memory);
  return {memory, [end = type.end, alignment](void* value) {
            if (end != nullptr) end(value);
            ::operator delete(value, alignment);
          }};
}

}  // namespace

std::shared_ptr<void> make_value(const ValueType& type) { return new_value(type, type.make); }

std::shared_ptr<void> copy_value(const ValueType& type, const void* value) {
  return new_value(type, [&](void* memory) {
    if (type.copy != nullptr) return type.copy(memory, value);
    std::memcpy(memory, value, type.size);
  });
}

std::shared_ptr<void> read_value(const ValueType& type, ByteReader& reader) {
  std::shared_ptr<void> value = make_value(type);
  return decode(reader, *type.schema, value.get()) ? value : nullptr;
}

bool same_value(const ValueType& type, const void* a, const void* b) {
  return a == b || bytes_of(*type.schema, a) == bytes_of(*type.schema, b);
}

}  // namespace netsplit
