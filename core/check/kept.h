// An exploration on its way, kept to go on from there another time: a stream of words and texts
// that ends in a check sum. Where it goes is a matter for the caller: the core knows no files.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/rng.h"

namespace netsplit::check {

// What a file begins with: its form, and a word that reads the same only where bytes are stored in
// the same order. Counts up with every change of what is kept.
inline constexpr std::string_view kept_begins = "netsplit check 3";

// The place where it is kept. A save replaces the one before as a whole, or not at all.
class Keeper {
 public:
  virtual ~Keeper() = default;
  virtual std::string where() const = 0;  // for messages
  // Asked after each piece of work: keep what there is now? `last`: a limit ended the exploration.
  virtual bool wants_save(bool last) = 0;
  virtual bool begin_save() = 0;
  virtual bool write(std::string_view bytes) = 0;
  virtual void end_save(bool whole) = 0;  // false: something failed, forget this one
  // What was kept before, from its beginning on. Less than was asked for at the end.
  virtual std::size_t read(char* into, std::size_t count) = 0;
};

class KeptWriter {
 public:
  explicit KeptWriter(Keeper& keeper) : keeper_(keeper) { buffer_.reserve(buffer_bytes); }

  void word(std::uint64_t value) { words(&value, 1); }
  void words(const std::uint64_t* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum_ = mix64(sum_ ^ values[i]);
    bytes(reinterpret_cast<const char*>(values), count * sizeof(std::uint64_t));
  }
  void text(std::string_view value) {
    word(value.size());
    for (std::size_t at = 0; at < value.size(); at += sizeof(std::uint64_t)) {
      std::uint64_t part = 0;
      std::memcpy(&part, value.data() + at, std::min(sizeof(part), value.size() - at));
      word(part);
    }
  }
  // A list of plain values that fill whole words.
  template <class T>
  void list(const T* values, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);
    word(count);
    constexpr std::size_t each = sizeof(T) / sizeof(std::uint64_t);
    std::uint64_t words_of_one[each];
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(words_of_one, &values[i], sizeof(T));
      words(words_of_one, each);
    }
  }
  template <class T>
  void list(const T& values) {
    list(values.data(), values.size());
  }
  bool finish() {
    word(sum_);
    flush();
    return good_;
  }

 private:
  static constexpr std::size_t buffer_bytes = 1 << 16;
  void bytes(const char* from, std::size_t count) {
    buffer_.append(from, count);
    if (buffer_.size() >= buffer_bytes) flush();
  }
  void flush() {
    good_ = good_ && keeper_.write(buffer_);
    buffer_.clear();
  }

  Keeper& keeper_;
  std::string buffer_;
  std::uint64_t sum_ = 0;
  bool good_ = true;
};

// Reads what a KeptWriter wrote. After the first fault every read yields nothing and ok() is false;
// no count is trusted further than there are bytes.
class KeptReader {
 public:
  explicit KeptReader(Keeper& keeper) : keeper_(keeper) {}

  bool ok() const { return ok_; }
  std::uint64_t word() {
    std::uint64_t value = 0;
    words(&value, 1);
    return value;
  }
  void words(std::uint64_t* into, std::size_t count) {
    const std::size_t wanted = count * sizeof(std::uint64_t);
    if (!ok_ || keeper_.read(reinterpret_cast<char*>(into), wanted) != wanted) {
      ok_ = false;
      std::memset(into, 0, wanted);
      return;
    }
    for (std::size_t i = 0; i < count; ++i) sum_ = mix64(sum_ ^ into[i]);
  }
  std::string text(std::uint64_t size_max = UINT64_MAX) {
    std::string value;
    const std::uint64_t size = word();
    if (size > size_max) ok_ = false;
    while (ok_ && value.size() < size) {
      const std::uint64_t part = word();
      const std::uint64_t left = size - value.size();
      value.append(reinterpret_cast<const char*>(&part),
                   static_cast<std::size_t>(std::min<std::uint64_t>(sizeof(part), left)));
    }
    return ok_ ? value : std::string();
  }
  template <class T, class List = std::vector<T>>
  void list(List& values) {
    constexpr std::size_t at_once = 1 << 12;
    values.clear();
    const std::uint64_t count = word();
    while (ok_ && values.size() < count) {
      const std::size_t before = values.size();
      const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(at_once, count - before));
      values.resize(before + more);
      constexpr std::size_t each = sizeof(T) / sizeof(std::uint64_t);
      std::uint64_t words_of_one[each];
      for (std::size_t i = before; ok_ && i < values.size(); ++i) {
        words(words_of_one, each);
        std::memcpy(&values[i], words_of_one, sizeof(T));
      }
    }
    if (!ok_) values.clear();
  }
  // The end: is all of it what was written?
  bool finish() {
    const std::uint64_t sum = sum_;
    return word() == sum && ok_;
  }

 private:
  Keeper& keeper_;
  std::uint64_t sum_ = 0;
  bool ok_ = true;
};

}  // namespace netsplit::check
