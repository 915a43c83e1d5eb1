// Canonical bytes: integers in LEB128 (seven bits a byte, low ones first), text with its length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace netsplit {

struct ByteWriter {
  std::string bytes;

  void integer(std::uint64_t value) {
    while (value >= 0x80) {
      bytes.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    bytes.push_back(static_cast<char>(value));
  }
  void text(std::string_view value) {
    integer(value.size());
    bytes.append(value);
  }
};

// Reads what a ByteWriter wrote. After the first fault every read yields nothing and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t integer() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      // A trailing zero byte would be a second spelling of the same number.
      if (byte < 0x80) return byte == 0 && shift != 0 ? fail() : value;
    }
    return fail();
  }
  std::string_view text() {
    const std::uint64_t length = integer();
    if (length > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view value = rest_.substr(0, static_cast<std::size_t>(length));
    rest_.remove_prefix(static_cast<std::size_t>(length));
    return value;
  }
  bool ok() const { return ok_; }
  std::uint64_t remaining() const { return rest_.size(); }

 private:
  std::uint64_t fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// How many bytes a ByteWriter writes for it.
constexpr std::int64_t size_of_integer(std::uint64_t value) {
  std::int64_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

}  // namespace netsplit
