#include "core/base/slot_array.h"

#include <algorithm>
#include <cstring>

namespace netsplit {

SlotArrayBase::SlotArrayBase(const SlotArrayBase& other) : SlotArrayBase(*other.type_) {
  if (other.size_ == 0) return;
  memory_ = allocate(other.size_);
  capacity_ = size_ = other.size_;
  std::memcpy(memory_, other.memory_, size_ * stride_);
  if (type_->value->copy == nullptr) return;
  for (std::size_t at = 0; at < size_; ++at) type_->value->copy(value(at), other.value(at));
}

SlotArrayBase::~SlotArrayBase() {
  end_values();
  free_memory();
}

void SlotArrayBase::add(MakeRecord make) {
  if (size_ == capacity_) {
    const std::size_t capacity = std::max<std::size_t>(capacity_ * 2, 1);
    char* memory = allocate(capacity);
    if (size_ != 0) std::memcpy(memory, memory_, size_ * stride_);
    if (type_->value->move != nullptr) {
      for (std::size_t at = 0; at < size_; ++at)
        type_->value->move(memory + at * stride_ + type_->offset, value(at));
    }
    free_memory();
    memory_ = memory;
    capacity_ = capacity;
  }
  make_slot(size_, make);
  ++size_;
}

void SlotArrayBase::make(std::size_t count, MakeRecord make) {
  if (count == 0) return;
  memory_ = allocate(count);
  capacity_ = size_ = count;
  for (std::size_t at = 0; at < count; ++at) make_slot(at, make);
}

void SlotArrayBase::copy_within(std::size_t to, std::size_t from) {
  const ValueType& type = *type_->value;
  if (type.end != nullptr) type.end(value(to));
  std::memcpy(slot(to), slot(from), stride_);
  if (type.copy != nullptr) type.copy(value(to), value(from));
}

void SlotArrayBase::make_slot(std::size_t at, MakeRecord make) {
  make(slot(at));
  type_->value->make(value(at));
}

void SlotArrayBase::end_values() {
  if (type_->value->end == nullptr) return;
  for (std::size_t at = 0; at < size_; ++at) type_->value->end(value(at));
}

char* SlotArrayBase::allocate(std::size_t count) const {
  return static_cast<char*>(allocate_large(count * stride_, type_->alignment));
}

void SlotArrayBase::free_memory() {
  if (memory_ != nullptr) free_large(memory_, capacity_ * stride_, type_->alignment);
}

}  // namespace netsplit
