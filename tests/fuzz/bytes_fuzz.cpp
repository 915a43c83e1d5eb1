// Canonical bytes: what decodes encodes to the same bytes, and nothing reads past the end.
#include "tests/fuzz/fuzz.h"

#include "core/base/encode.h"

using namespace netsplit;

namespace {

enum class Colour : std::uint8_t { red, green };

struct Inner {
  NodeId node;
  Token token;
  bool flag = false;
  FIELDS(node, token, flag)
};

struct Outer {
  std::int64_t number = 0;
  std::uint8_t small = 0;
  std::int32_t middle = 0;
  Colour colour{};
  std::string text;
  std::optional<std::int64_t> maybe;
  std::vector<Inner> list;
  std::map<std::string, Inner> map;
  std::set<std::int64_t> set;
  std::variant<Inner, std::int64_t, std::string> either;
  std::array<std::uint16_t, 3> three{};
  Hidden<std::int64_t> hidden;
  FIELDS(number, small, middle, colour, text, maybe, list, map, set, either, three, hidden)
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ByteReader reader(bytes);
  Outer value;
  if (!decode(reader, value)) return 0;
  const std::string written = bytes_of(value);
  ByteReader again(written);
  Outer copy;
  NETSPLIT_ASSERT(decode(again, copy) && again.remaining() == 0 && copy == value);
  NETSPLIT_ASSERT(hash_of(copy) == hash_of(value));
  return 0;
}
