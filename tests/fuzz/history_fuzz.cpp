// Recorded histories, as maps and as log lines: any text is refused with a sentence, or is a
// history that is judged within its bounds, drawn, and judged the same when independent lines
// change places.
//
// Two neighbouring lines of different processes are independent when both begin an operation or
// both end one: which operations were over before which others began stays the same.
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <vector>

#include "core/base/rng.h"
#include "core/check/history_file.h"
#include "core/check/history_picture.h"

using namespace netsplit;
using namespace netsplit::check;

namespace {

constexpr JudgeLimits limits{20'000, 16 << 20};

// Lets each line that may change places with the one after it do so when `choose` says yes.
template <class Choose>
History reordered(History history, Choose choose) {
  struct Line {
    std::int64_t* place;
    bool answer;
    std::int32_t client;
  };
  std::vector<Line> lines;
  for (HistoryOperation& operation : history.operations) {
    lines.push_back({&operation.invoked, false, operation.client});
    if (operation.outcome == Outcome::ok)
      lines.push_back({&operation.completed, true, operation.client});
  }
  std::sort(lines.begin(), lines.end(),
            [](const Line& a, const Line& b) { return *a.place < *b.place; });
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (lines[i].answer != lines[i + 1].answer || lines[i].client == lines[i + 1].client) continue;
    if (!choose()) continue;
    std::swap(*lines[i].place, *lines[i + 1].place);
    std::swap(lines[i], lines[i + 1]);
  }
  return history;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<History> read = read_history(text, "file");
  if (!read) {
    fuzz::check_sentence(read.error());
    return 0;
  }
  const History& history = read.value();
  const Judgement judgement = judge(history, limits);
  NETSPLIT_ASSERT(judgement.configurations <= limits.configurations_max + judgement.parts.size());
  if (!judgement.parts.empty()) {
    const std::string picture = history_picture(history, part_to_show(judgement));
    NETSPLIT_ASSERT(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
  }
  std::uint64_t bits = size;
  for (int round = 0; round < 3; ++round) {
    const History other = reordered(history, [&] {
      bits = mix64(bits + 0x9e3779b97f4a7c15u);
      return (bits & 1) != 0;
    });
    const Ruling ruling = judge(other, limits).ruling;
    // Which order meets a limit first may differ.
    const bool known = ruling != Ruling::unknown && judgement.ruling != Ruling::unknown;
    NETSPLIT_ASSERT(!known || ruling == judgement.ruling);
  }
  return 0;
}
