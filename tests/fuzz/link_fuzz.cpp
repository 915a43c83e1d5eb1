// The link's decoder, at each of its layers: the text itself, bytes under a right checksum, and
// JSON under a right checksum and a sound deflate.
#include "tests/fuzz/fuzz.h"

#include "core/scenario/link.h"
#include "tests/scenarios/pack_link.h"

using namespace netsplit;

namespace {

void decode(std::string_view text) {
  const Result<Link> link = decode_link(text);
  if (!link) return fuzz::check_sentence(link.error());
  const Result<std::string> again = encode_link(link.value());
  // The canonical form may be longer than what was read; then it is refused, not cut.
  if (!again) return fuzz::check_sentence(again.error());
  NETSPLIT_ASSERT(decode_link(again.value()).value() == link.value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  decode(bytes);
  decode(test::link_around(bytes));
  decode(test::link_of_text(bytes));
  return 0;
}
