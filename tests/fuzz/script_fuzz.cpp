// The script's decoder: as scenario_fuzz, for a script alone.
#include "tests/fuzz/fuzz.h"

#include "core/scenario/registry.h"

using namespace netsplit;

namespace {

Setup lock_setup() {
  Setup setup;
  setup.protocol = "lease_lock";
  setup.nodes = {{"alice", "client", 1, false, {}},
                 {"n", "client", 20, false, {}},
                 {"lock", "lock_service", 1, false, {}},
                 {"storage", "storage", 1, false, {}}};
  return setup;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Setup setup = lock_setup();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<std::vector<Input>> script = parse_script(text, "script", setup);
  if (!script) {
    fuzz::check_sentence(script.error());
    return 0;
  }
  const auto again = parse_script(write_script(script.value(), setup), "written", setup);
  NETSPLIT_ASSERT(again.ok() && again.value() == script.value());
  Setup run = setup;
  run.script = script.value();
  const auto session = make_session(run);
  if (!session) {
    fuzz::check_sentence(session.error());
    return 0;
  }
  for (int i = 0; i < 100 && session.value()->step(nullptr); ++i) {
  }
  return 0;
}
