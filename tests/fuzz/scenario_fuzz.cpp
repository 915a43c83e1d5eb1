// The scenario file's decoder: any text is either refused with a sentence, or is a scenario that is
// written and read back as it was, and that the engine accepts or refuses without falling over.
#include "tests/fuzz/fuzz.h"

#include "core/scenario/registry.h"

using namespace netsplit;

namespace {

// Some steps of a run of a few nodes; a large run would only be slow.
void run_a_little(const Setup& setup) {
  std::int64_t nodes = 0;
  for (const NodeGroup& group : setup.nodes) nodes += group.count;
  if (nodes > 100) return;
  const auto session = make_session(setup);
  if (!session) return fuzz::check_sentence(session.error());
  for (int i = 0; i < 100 && session.value()->step(nullptr); ++i) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Scenario> scenario = parse_scenario(text, "file");
  if (!scenario) {
    fuzz::check_sentence(scenario.error());
    return 0;
  }
  const Result<Scenario> again = parse_scenario(write_scenario(scenario.value()), "written");
  NETSPLIT_ASSERT(again.ok() && again.value() == scenario.value());
  run_a_little(scenario.value().setup);
  return 0;
}
