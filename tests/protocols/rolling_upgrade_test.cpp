// A rolling upgrade: which of eight combinations of tags, kept fields and negotiation let old and
// new services read what was written.
#include "tests/protocols/trial.h"

namespace netsplit::test::rolling_upgrade_test {
namespace {

// Three orders, the third in dollars when the shop is new by then.
Setup small(const Parameters& parameters) {
  Setup setup = setup_with("fallacy-homogeneous-tagged", {{"orders", 3}});
  setup.parameters.insert(setup.parameters.end(), parameters.begin(), parameters.end());
  for (Input& input : setup.script) input.at_us = 0;
  return setup;
}

}  // namespace

TEST_CASE("rolling_upgrade: by position old and new misread each other, with tags they do not") {
  const auto naive = finished(setup_with("fallacy-homogeneous"));
  CHECK(property(*naive, "read_as_written").witness.why ==
        "billing reads order 2048, 0 cents, currency 6912; what was written is order 8, 2700 "
        "cents, currency 1.");
  CHECK(setup_with("fallacy-homogeneous-tagged").script ==
        setup_with("fallacy-homogeneous").script);
  const auto remedy = finished(setup_with("fallacy-homogeneous-tagged"));
  CHECK(standing(*remedy, "read_as_written") == Standing::holds);
  CHECK(remedy->counters().bytes > naive->counters().bytes);  // the price
}

TEST_CASE("rolling_upgrade: all old or all new ones understand each other even by position") {
  Setup setup = setup_with("fallacy-homogeneous");
  setup.script.clear();
  CHECK(standing(*finished(setup), "read_as_written") == Standing::holds);
  setup = setup_with("fallacy-homogeneous");
  for (Input& input : setup.script) input.at_us = 0;
  CHECK(standing(*finished(setup), "read_as_written") == Standing::holds);
}

TEST_CASE("rolling_upgrade: of eight combinations only tags, kept fields and versions together") {
  for (int bits = 0; bits < 8; ++bits) {
    const bool tagged = bits & 1, keeps = bits & 2, negotiates = bits & 4;
    CAPTURE(bits);
    const auto session = finished(
        setup_with("fallacy-homogeneous",
                   {{"encoding", tagged}, {"keep_unknown", keeps}, {"negotiate", negotiates}}));
    CHECK((standing(*session, "read_as_written") == Standing::holds) ==
          (tagged && keeps && negotiates));
  }
}

TEST_CASE("rolling_upgrade: every run of three orders during the upgrades, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 0, 0};
  options.repeats = 3;
  const auto report = explore(small({}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 91'751);
  CHECK(report.exploration.generated == 473'664);
  CHECK(explored(report, "read_as_written").standing == Standing::holds);
}

TEST_CASE("rolling_upgrade: a check finds what each of the three is for, in the fewest steps") {
  const struct {
    Parameters without;
    int depth;
  } twins[] = {{{{"encoding", 0}}, 3}, {{{"keep_unknown", 0}}, 7}, {{{"negotiate", 0}}, 3}};
  for (const auto& twin : twins) {
    CAPTURE(twin.without[0].first);
    check::CheckOptions options;
    options.repeats = 3;
    const auto report = explore(small(twin.without), options);
    const check::CheckedProperty& read = explored(report, "read_as_written");
    REQUIRE(read.standing == Standing::violated);
    CHECK(read.depth == twin.depth);
    check_way_replays(read);
  }
}

TEST_CASE("rolling_upgrade: nothing is misread over 10000 seeds of faults; without any of it is") {
  const Swept swept = sweep(scenario_with("fallacy-homogeneous-tagged"), {"read_as_written"});
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  for (const char* without : {"encoding", "keep_unknown", "negotiate"}) {
    const Swept twin = sweep(scenario_with("fallacy-homogeneous-tagged", {{without, 0}}),
                             {"read_as_written"}, 500);
    CAPTURE(without);
    CHECK(twin.failing > 100);
    CHECK(twin.first.find("#v1.") != std::string::npos);
  }
}

TEST_CASE("rolling_upgrade: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-homogeneous", "fallacy-homogeneous-tagged"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::rolling_upgrade_test
