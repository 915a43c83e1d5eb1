// The panel of checks, with the work done in threads as on the desktop.
#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "tests/ui/harness.h"
#include "ui/checker.h"
#include "ui/desktop_jobs.h"
#include "ui/strings.h"

namespace netsplit::ui::checker_test {
namespace {

// What a host's event loop is: it sleeps until a job has news, then draws a frame.
class Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    condition_.notify_one();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, std::chrono::seconds(60), [&] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool rung_ = false;
};

struct Checks {
  Bell bell;
  Harness window;

  explicit Checks(float width = 1440, float height = 900)
      : window(width, height, [this](Host& host) {
          host.jobs = jobs_in_threads([this] { bell.ring(); });
          host.folder = "/home/ada/";
        }) {}

  nlohmann::json task(std::string_view kind) const {
    const auto tasks = window.seen()["checker"]["tasks"];
    for (const auto& each : tasks) {
      if (each["kind"] == kind) return each;
    }
    return {};
  }
  // Draws a frame whenever there is news, until the task is over.
  nlohmann::json result(std::string_view kind) {
    window.frames();
    while (task(kind)["running"] == true) {
      bell.wait();
      window.frames();
    }
    return task(kind);
  }
  bool has(std::string_view control) const {
    return !Harness::named(window.seen()["controls"], control).is_null();
  }
  // The stale write can happen once storage does not look at the token.
  void open_unfenced() {
    REQUIRE(window.app->open_scenario("lock-fenced").ok());
    window.app->command("parameter", "fencing=off");
    window.app->command("check_set", "repeats=1");
    window.app->command("check_show", "explore");
    window.frames(2);
  }
};

TEST_CASE("checks: on a phone what came out stands above what could be asked") {
  Checks checks(390, 844);
  checks.open_unfenced();
  const auto y_of = [&](std::string_view name) {
    const auto control = Harness::named(checks.window.seen()["controls"], name);
    REQUIRE(!control.is_null());
    return control["y"].get<double>();
  };
  CHECK(y_of("check.start") > 0);
  checks.window.app->command("check", "explore");
  checks.result("explore");
  checks.window.frames(3);
  CHECK(y_of("check.open.0") < y_of("check.start"));
}

TEST_CASE("checks: long numbers in a sentence are grouped") {
  CHECK(with_grouped_numbers("all 1551796 states, depth 31, in 12.345678 s") ==
        "all 1\xC2\xA0"
        "551\xC2\xA0"
        "796 states, depth 31, in 12.345678 s");
  CHECK(with_grouped_numbers("None of 100 seeds fails") == "None of 100 seeds fails");
  CHECK(with_grouped_numbers("seed 18446744073709551615") == "seed 18446744073709551615");
}

TEST_CASE("checks: exploring finds the stale write, shows it beside the run, and leads back") {
  Checks checks;
  Harness& window = checks.window;
  checks.open_unfenced();
  window.app->command("seek", "3000000");
  window.frames(2);
  const auto before = window.seen();
  REQUIRE(window.press("check.start"));
  CHECK(checks.task("explore")["running"] == true);
  const auto done = checks.result("explore");
  CHECK(done["error"] == "");
  CHECK(done["headline"].get<std::string>().starts_with("no stale write can be violated"));
  CHECK(done["coverage"][0]["label"] == "Explored");
  CHECK(done["findings"][0]["name"] == "no_stale_write");
  CHECK(done["findings"][0]["steps"].size() > 3);
  window.frames(2);
  CHECK(window.press("check.steps.0"));
  CHECK(window.press("check.steps.0"));

  REQUIRE(window.press("check.open.0"));
  window.frames(2);
  const auto found = window.seen();
  CHECK(found["branches"].size() == before["branches"].size() + 1);
  CHECK(found["scenario"]["title"] == "A shortest way to violate no stale write");
  CHECK(found["time_us"] == 0);
  const auto property = Harness::named(found["properties"], "no_stale_write");
  CHECK(property["ahead"] == "violated");
  window.app->command("end");
  window.frames(2);
  CHECK(Harness::named(window.seen()["properties"], "no_stale_write")["standing"] == "violated");
  // What is shown belongs to the run it was found from, and can be asked again.
  CHECK(checks.task("explore")["headline"] == done["headline"]);

  REQUIRE(window.press("check.back"));
  window.frames(2);
  const auto back = window.seen();
  CHECK(back["scenario"] == before["scenario"]);
  CHECK(back["branch"] == before["branch"]);
  CHECK(back["time_us"] == 3'000'000);
  CHECK(back["checker"]["found"] == false);
}

TEST_CASE("checks: what was found is a link, a file, and a command") {
  Checks checks;
  Harness& window = checks.window;
  checks.open_unfenced();
  window.app->command("check", "explore");
  (void)checks.result("explore");
  window.frames(2);
  REQUIRE(window.press("check.share.0"));
  const auto link = decode_link(window.copied);
  REQUIRE(link.ok());
  CHECK(link.value().scenario.setup.manual);
  REQUIRE(window.press("check.save.0"));
  window.frames(2);
  CHECK(window.seen()["overlay"] == "save_file");  // it says where, and lets that be changed
  CHECK(window.files.empty());
  window.key(ImGuiKey_Enter);
  window.frames(2);
  CHECK(window.seen()["overlay"] == "none");
  REQUIRE(window.files.count("/home/ada/lock-fenced-no-stale-write.json") == 1);
  const auto file =
      parse_scenario(window.files["/home/ada/lock-fenced-no-stale-write.json"], "saved");
  REQUIRE(file.ok());
  CHECK(file.value() == link.value().scenario);
  REQUIRE(window.press("check.more.symmetry"));
  REQUIRE(window.press("check.command"));
  CHECK(window.copied == "netsplit check lock-fenced --set fencing=off --repeats 1 --symmetry");
}

TEST_CASE("checks: while work goes on the window draws, and it can be cancelled") {
  Checks checks;
  Harness& window = checks.window;
  window.app->command("check_set", "repeats=4");
  window.app->command("check", "explore");
  window.app->command("check_show", "explore");
  window.frames();
  while (checks.task("explore")["done"] == 0) {
    checks.bell.wait();
    window.frames();
  }
  CHECK(checks.task("explore")["running"] == true);
  CHECK(checks.task("explore")["depth"].get<int>() > 0);
  REQUIRE(window.press("check.cancel"));
  const auto left = checks.task("explore");
  CHECK(left["running"] == false);
  CHECK(left["cancelled"] == true);
  CHECK(left["headline"] == "");
  CHECK(checks.has("check.start"));
  window.frames(600);
  CHECK(!window.app->animating());
}

TEST_CASE("checks: a sweep's failing seed opens, and shrinks from where it stands") {
  Checks checks;
  Harness& window = checks.window;
  checks.open_unfenced();
  window.app->command("check_set", "seeds=1000");
  window.app->command("check_show", "sweep");
  window.frames(2);
  REQUIRE(window.press("check.start"));
  const auto done = checks.result("sweep");
  REQUIRE(!done["findings"].empty());
  CHECK(done["coverage"][0]["text"].get<std::string>().starts_with("1000 of 1000 seeds"));
  window.frames(2);
  REQUIRE(window.press("check.shrink.0"));
  const auto small = checks.result("shrink");
  CHECK(small["error"] == "");
  CHECK(window.seen()["checker"]["shown"] == "shrink");
  window.frames(2);
  REQUIRE(window.press("check.open.0"));
  window.frames(2);
  CHECK(window.seen()["branches"].size() == 3);
  CHECK(window.seen()["checker"]["found"] == true);
  window.app->command("branch", "0");
  window.frames(2);
  CHECK(window.seen()["scenario"]["id"] == "lock-fenced");
}

TEST_CASE("checks: the clients' history is judged, and leads to the moment") {
  Checks checks;
  Harness& window = checks.window;
  window.app->command("check_show", "judge");
  window.frames(2);
  REQUIRE(window.press("check.start"));
  const auto done = checks.result("judge");
  CHECK(done["error"] == "");
  REQUIRE(!done["findings"].empty());
  REQUIRE(window.app->open_scenario("lamport").ok());
  CHECK(checks.task("judge")["headline"] == "");  // of the run that is gone
  window.app->command("check", "judge");
  CHECK(checks.result("judge")["error"].get<std::string>().size() > 10);
}

TEST_CASE("checks: another parameter makes the answer one of an earlier run, and it says so") {
  Checks checks;
  checks.open_unfenced();
  checks.window.app->command("check", "explore");
  (void)checks.result("explore");
  checks.window.frames(2);
  checks.window.app->command("parameter", "fencing=token");
  checks.window.frames(2);
  CHECK(checks.task("explore")["stale"] == true);
  checks.window.app->command("parameter", "fencing=off");
  checks.window.frames(2);
  CHECK(checks.task("explore")["stale"] == false);
}

TEST_CASE("checks: at every width there is a way in, and what is shown stays inside") {
  struct Size {
    float width, height;
    const char* entry;
  };
  for (const Size size : {Size{1440, 900, "check"}, Size{1100, 800, "check"},
                          Size{1024, 768, "check"}, Size{390, 844, "tab.check"}}) {
    CAPTURE(size.width);
    Checks checks(size.width, size.height);
    Harness& window = checks.window;
    REQUIRE(window.press(size.entry));
    window.frames(2);
    CHECK(window.seen()["checker"]["open"] == true);
    for (const char* name : {"check.tab.explore", "check.tab.judge", "check.more.drops"}) {
      CAPTURE(name);
      const auto control = Harness::named(window.seen()["controls"], name);
      REQUIRE(!control.is_null());
      CHECK(control["x"].get<double>() >= 0);
      CHECK(control["x"].get<double>() + control["w"].get<double>() <= size.width + 0.5);
    }
    if (size.width < 700) {
      const auto tab = Harness::named(window.seen()["controls"], "check.tab.explore");
      CHECK(tab["h"].get<double>() >= 44);
    }
    window.key(ImGuiKey_I);
    CHECK(window.seen()["checker"]["open"] == false);
  }
}

TEST_CASE("checks: without anybody to do the work the window says so") {
  Harness window;
  window.app->command("check", "explore");
  window.frames();
  CHECK(window.seen()["toast_tone"] == "bad");
  window.app->command("check", "dance");
  window.frames();
  CHECK(window.seen()["toast_tone"] == "bad");
  window.app->command("check_set", "drops=many");
  window.frames();
  CHECK(window.seen()["toast_tone"] == "bad");
}

}  // namespace
}  // namespace netsplit::ui::checker_test
