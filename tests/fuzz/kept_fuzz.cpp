// The reader of a check that was kept. The input is a list of hurts to a sound one, four bytes
// each: three of a place, one that is laid over what stands there; where that is 0 the file ends at
// the place. What was hurt is refused with a sentence, and what was not answers as before.
#include "core/check/kept.h"

#include <algorithm>

#include "core/scenario/registry.h"
#include "tests/fuzz/fuzz.h"

using namespace netsplit;

namespace {

struct Memo final : check::Keeper {
  std::string kept;
  std::size_t at = 0;

  std::string where() const override { return "file"; }
  bool wants_save(bool last) override { return last; }
  bool begin_save() override {
    kept.clear();
    return true;
  }
  bool write(std::string_view bytes) override {
    kept += bytes;
    return true;
  }
  void end_save(bool) override {}
  std::size_t read(char* into, std::size_t count) override {
    const std::size_t given = std::min(count, kept.size() - at);
    std::copy_n(kept.data() + at, given, into);
    at += given;
    return given;
  }
};

Result<check::CheckReport> explore(Memo& memo, bool resume) {
  check::CheckOptions options;
  options.limits.states_max = 100;
  options.keeper = &memo;
  options.resume = resume;
  return explore_setup(find_scenario("lock-gc-pause")->setup, options);
}

const std::string& sound() {
  static const std::string bytes = [] {
    Memo memo;
    NETSPLIT_ASSERT(explore(memo, false).ok());
    return memo.kept;
  }();
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Memo memo;
  memo.kept = sound();
  for (std::size_t i = 0; i + 4 <= size && i < 64; i += 4) {
    const std::size_t place = data[i] | data[i + 1] << 8 | data[i + 2] << 16;
    if (memo.kept.empty()) break;
    if (data[i + 3] == 0) {
      memo.kept.resize(std::min(place, memo.kept.size()));
    } else {
      char& byte = memo.kept[place % memo.kept.size()];
      byte = static_cast<char>(byte ^ data[i + 3]);
    }
  }
  const bool hurt = memo.kept != sound();
  const auto report = explore(memo, true);
  NETSPLIT_ASSERT(report.ok() != hurt);
  if (!report) fuzz::check_sentence(report.error());
  return 0;
}
