// Undo and redo over gestures and edits.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"

namespace netsplit::ui::undo_test {
namespace {

std::string hash_at_end(Harness& window) {
  const std::string at = std::to_string(window.seen()["time_us"].get<std::int64_t>());
  window.app->command("end");
  window.frames(3);
  const std::string hash = window.seen()["trace_hash"];
  window.app->command("seek", at);
  window.frames(3);
  return hash;
}

TEST_CASE("undo: gestures at the far end and in the past, one by one, and back again") {
  Harness window;
  const std::string untouched = hash_at_end(window);
  window.app->command("home");
  window.app->command("seek:3000000");
  window.frames(2);
  window.app->command("cut:bob,storage");
  window.frames(2);
  const std::string cut = hash_at_end(window);
  window.app->command("seek:2000000");
  window.frames(2);
  window.app->command("crash_node:storage");
  window.frames(2);
  const std::string crashed = hash_at_end(window);
  CHECK(untouched != cut);
  CHECK(cut != crashed);

  window.app->command("undo");
  window.frames(2);
  CHECK(window.seen()["time_us"] == 2'000'000);
  CHECK(hash_at_end(window) == cut);
  window.app->command("undo");
  window.frames(2);
  CHECK(window.link("bob", "storage")["state"] == "open");
  CHECK(hash_at_end(window) == untouched);
  const std::size_t branches = window.seen()["branches"].size();
  for (const std::string& expected : {cut, crashed}) {
    window.app->command("redo");
    window.frames(2);
    CHECK(hash_at_end(window) == expected);
  }
  // What is still there is gone back to, not run again.
  CHECK(window.seen()["branches"].size() == branches);
  window.app->command("redo");
  window.frames();
  CHECK(window.seen()["toast"] == "There is nothing to redo.");
}

TEST_CASE("undo: a new change forgets what was undone") {
  Harness window;
  window.app->command("seed:8");
  window.app->command("seed:9");
  window.app->command("undo");
  window.frames();
  CHECK(window.seen()["seed_text"] == "8");
  window.app->command("seed:10");
  window.app->command("redo");
  window.frames();
  CHECK(window.seen()["seed_text"] == "10");
  for (const char* seed : {"8", "7"}) {
    window.app->command("undo");
    window.frames();
    CHECK(window.seen()["seed_text"] == seed);
  }
  window.app->command("undo");
  window.frames();
  CHECK(window.seen()["toast"] == "There is nothing to undo.");
}

TEST_CASE("undo: an experiment that was open comes back with what was done in it") {
  Harness window;
  window.app->command("seek:3000000");
  window.frames(2);
  window.app->command("cut:bob,storage");
  window.frames(2);
  const std::string hash = hash_at_end(window);
  window.app->command("open:lamport");
  window.frames(2);
  CHECK(window.seen()["scenario"]["id"] == "lamport");
  window.app->command("undo");
  window.frames(2);
  CHECK(window.seen()["scenario"]["id"] == "lock-gc-pause");
  CHECK(window.seen()["time_us"] == 3'000'000);
  CHECK(window.link("bob", "storage")["state"] == "cut");
  CHECK(hash_at_end(window) == hash);
  window.app->command("redo");
  window.frames(2);
  CHECK(window.seen()["scenario"]["id"] == "lamport");
}

TEST_CASE("undo: by its keys") {
  Harness window;
  window.app->command("parameter:fencing=token");
  window.frames();
  const auto fencing = [&] {
    return Harness::named(window.seen()["parameters"], "fencing")["value"].get<std::string>();
  };
  CHECK(fencing() == "token");
  window.control_key(ImGuiKey_Z);
  CHECK(fencing() == "off");
  window.control_key(ImGuiKey_Z, true);
  CHECK(fencing() == "token");
  window.control_key(ImGuiKey_Z);
  window.control_key(ImGuiKey_Y);
  CHECK(fencing() == "token");
}

}  // namespace
}  // namespace netsplit::ui::undo_test
