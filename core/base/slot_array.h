// The engine's arrays of nodes, messages and timers: each slot is a record of the engine's with a
// protocol's value behind it, whose type is data. Large arrays lie on large pages (large_array.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "core/base/large_array.h"
#include "core/base/value_type.h"

namespace netsplit {

// How a slot is laid out, in bytes: the record first, the value at `offset`.
struct SlotType {
  std::size_t size = 0;
  std::size_t alignment = 0;
  std::size_t offset = 0;
  const ValueType* value = nullptr;
};

// What does not depend on the record's type.
class SlotArrayBase {
 public:
  std::size_t size() const { return size_; }
  std::int64_t bytes_held() const { return static_cast<std::int64_t>(capacity_ * stride_); }

  // Requires, here and below: at < size().
  [[gnu::always_inline]] void* slot(std::size_t at) { return memory_ + at * stride_; }
  [[gnu::always_inline]] const void* slot(std::size_t at) const { return memory_ + at * stride_; }
  [[gnu::always_inline]] void* value(std::size_t at) {
    return memory_ + at * stride_ + type_->offset;
  }
  [[gnu::always_inline]] const void* value(std::size_t at) const {
    return memory_ + at * stride_ + type_->offset;
  }

 protected:
  using MakeRecord = void (*)(void* at);

  explicit SlotArrayBase(const SlotType& type) : type_(&type), stride_(type.size) {}
  SlotArrayBase(const SlotArrayBase& other);
  SlotArrayBase(SlotArrayBase&& other) noexcept : SlotArrayBase(*other.type_) { swap(other); }
  SlotArrayBase& operator=(const SlotArrayBase& other) {
    SlotArrayBase copy(other);
    swap(copy);
    return *this;
  }
  SlotArrayBase& operator=(SlotArrayBase&& other) noexcept {
    swap(other);
    return *this;
  }
  ~SlotArrayBase();

  void add(MakeRecord make);
  void make(std::size_t count, MakeRecord make);
  void copy_within(std::size_t to, std::size_t from);

 private:
  void swap(SlotArrayBase& other) noexcept {
    std::swap(type_, other.type_);
    std::swap(stride_, other.stride_);
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }
  void end_values();
  void make_slot(std::size_t at, MakeRecord make);
  char* allocate(std::size_t count) const;
  void free_memory();

  const SlotType* type_;
  std::size_t stride_;
  char* memory_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// A value like a vector. `type` must outlive the array and its copies.
template <class Record>
class SlotArray : public SlotArrayBase {
  static_assert(std::is_trivially_copyable_v<Record>);

 public:
  explicit SlotArray(const SlotType& type) : SlotArrayBase(type) {}

  [[gnu::always_inline]] Record& operator[](std::size_t at) {
    return *static_cast<Record*>(slot(at));
  }
  [[gnu::always_inline]] const Record& operator[](std::size_t at) const {
    return *static_cast<const Record*>(slot(at));
  }

  // One more, as it is made by default. Invalidates addresses.
  void add() { SlotArrayBase::add(make_record); }
  // Requires: the array is empty.
  void make(std::size_t count) { SlotArrayBase::make(count, make_record); }
  // The slot at `to` becomes a copy of the one at `from`. Requires: they are not the same.
  void copy_within(std::size_t to, std::size_t from) { SlotArrayBase::copy_within(to, from); }

 private:
  static void make_record(void* at) { new (at) Record(); }
};

}  // namespace netsplit
