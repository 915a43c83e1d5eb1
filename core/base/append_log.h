// A list that only grows, in chunks shared between copies: copying a history of a million entries
// costs a few hundred pointers, and a copy never sees what is appended to another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/base/assert.h"

namespace netsplit {

template <class T, std::int64_t chunk_size = 512>
class AppendLog {
 public:
  std::int64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Requires: first() <= index < size().
  const T& operator[](std::int64_t index) const {
    return (*chunks_[static_cast<std::size_t>(index / chunk_size)])[static_cast<std::size_t>(
        index % chunk_size)];
  }
  const T& back() const { return (*this)[size_ - 1]; }

  template <class Value>
  void push_back(Value&& value) {
    own_last_chunk().push_back(std::forward<Value>(value));
    ++size_;
  }

  T& emplace_back() {
    std::vector<T>& chunk = own_last_chunk();
    ++size_;
    return chunk.emplace_back();
  }

  void append(std::span<const T> values) {
    while (!values.empty()) {
      std::vector<T>& chunk = own_last_chunk();
      const std::size_t count =
          std::min(values.size(), static_cast<std::size_t>(chunk_size) - chunk.size());
      for (const T& value : values.first(count)) chunk.push_back(value);
      size_ += static_cast<std::int64_t>(count);
      values = values.subspan(count);
    }
  }

  // For the rare entry that changes after it was appended. Copies see nothing of it.
  // Requires: first() <= index < size().
  T& edit(std::int64_t index) {
    auto& chunk = chunks_[static_cast<std::size_t>(index / chunk_size)];
    if (chunk.use_count() > 1) chunk = std::make_shared<std::vector<T>>(*chunk);
    return (*chunk)[static_cast<std::size_t>(index % chunk_size)];
  }

  // What a copy costs: the list of chunks, and the last one, which each makes its own.
  std::int64_t bytes_of_copy() const {
    const std::size_t last = chunks_.empty() ? 0 : chunks_.back()->capacity() * sizeof(T);
    return static_cast<std::int64_t>(chunks_.capacity() * sizeof(chunks_[0]) + last);
  }

  // The first entry still kept.
  std::int64_t first() const { return first_; }

  // Lets go of whole chunks before `index`; what was let go must not be read again.
  void release_before(std::int64_t index) {
    const std::int64_t chunk_end = index / chunk_size;
    for (std::int64_t chunk = first_ / chunk_size; chunk < chunk_end; ++chunk) {
      chunks_[static_cast<std::size_t>(chunk)].reset();
    }
    first_ = std::max(first_, chunk_end * chunk_size);
  }

  // Drops everything from `new_size` on. Requires: first() <= new_size <= size().
  void truncate(std::int64_t new_size) {
    NETSPLIT_ASSERT(new_size >= first_ && new_size <= size_);
    chunks_.resize(static_cast<std::size_t>((new_size + chunk_size - 1) / chunk_size));
    size_ = new_size;
    const std::int64_t in_last = size_ % chunk_size;
    if (in_last != 0 && static_cast<std::int64_t>(chunks_.back()->size()) != in_last) {
      chunks_.back() = std::make_shared<std::vector<T>>(chunks_.back()->begin(),
                                                        chunks_.back()->begin() + in_last);
    }
  }

  // Forgets everything; the next entry will be `index`, as if all before it had been let go.
  void restart_at(std::int64_t index) {
    chunks_.assign(static_cast<std::size_t>(index / chunk_size), nullptr);
    const auto in_last = static_cast<std::size_t>(index % chunk_size);
    if (in_last != 0) chunks_.push_back(std::make_shared<std::vector<T>>(in_last));
    size_ = first_ = index;
  }

 private:
  std::vector<T>& own_last_chunk() {
    if (size_ % chunk_size == 0) {
      chunks_.push_back(std::make_shared<std::vector<T>>());
      if (size_ != 0) chunks_.back()->reserve(static_cast<std::size_t>(chunk_size));
    } else if (chunks_.back().use_count() > 1) {
      chunks_.back() = std::make_shared<std::vector<T>>(*chunks_.back());
    }
    return *chunks_.back();
  }

  std::vector<std::shared_ptr<std::vector<T>>> chunks_;
  std::int64_t size_ = 0;
  std::int64_t first_ = 0;
};

}  // namespace netsplit
