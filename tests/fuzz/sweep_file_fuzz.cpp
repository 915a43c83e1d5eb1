// The reader of a sweep's file. What it accepts it also writes, and merging it with itself says
// nothing new.
#include "core/scenario/sweep_file.h"

#include "tests/fuzz/fuzz.h"

using namespace netsplit;

namespace {

std::string text_of(const SweepFile& file) {
  std::string text = header_text(file.header);
  for (const check::SweptBlock& block : file.blocks) text += block_text(file.header, block);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Result<SweepFile> file = parse_sweep_file(bytes, "file");
  if (!file) {
    fuzz::check_sentence(file.error());
    return 0;
  }
  NETSPLIT_ASSERT(file.value().sound_bytes <= size);
  const std::string text = text_of(file.value());
  const Result<SweepFile> again = parse_sweep_file(text, "again");
  NETSPLIT_ASSERT(again.ok());
  NETSPLIT_ASSERT(again.value().header == file.value().header);
  NETSPLIT_ASSERT(again.value().blocks == file.value().blocks);
  NETSPLIT_ASSERT(text_of(again.value()) == text);
  const Result<SweepFile> one = merge_sweep_files({file.value()});
  const Result<SweepFile> both = merge_sweep_files({file.value(), again.value()});
  if (one) NETSPLIT_ASSERT(both.ok() && text_of(both.value()) == text_of(one.value()));
  if (!one) fuzz::check_sentence(one.error());
  return 0;
}
