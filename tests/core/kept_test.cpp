// An exploration that was interrupted and gone on with answers as if it had not been; what is
// damaged or of something else is refused.
#include "core/check/kept.h"

#include <doctest/doctest.h>

#include "core/check/check_world.h"
#include "core/scenario/registry.h"
#include "tests/models/two_phase.h"

namespace netsplit::test::kept_test {

using check::CheckOptions;
using check::CheckReport;
using check::Exploration;
using models::TwoPhase;

namespace {

// Keeps what it is given after so many questions.
struct Memo final : check::Keeper {
  int wanted_after = -1;  // -1: never but at the end
  std::string kept;
  std::string fresh;
  std::size_t at = 0;

  std::string where() const override { return "memo"; }
  bool wants_save(bool last) override { return last || wanted_after-- == 0; }
  bool begin_save() override {
    fresh.clear();
    return true;
  }
  bool write(std::string_view bytes) override {
    fresh += bytes;
    return true;
  }
  void end_save(bool whole) override {
    if (whole) kept = fresh;
  }
  std::size_t read(char* into, std::size_t count) override {
    const std::size_t given = std::min(count, kept.size() - at);
    std::copy_n(kept.data() + at, given, into);
    at += given;
    return given;
  }
};

void check_same(const Exploration& a, const Exploration& b) {
  CHECK(a.distinct == b.distinct);
  CHECK(a.generated == b.generated);
  CHECK(a.depth == b.depth);
  CHECK(a.frontier == b.frontier);
  CHECK(a.held_back == b.held_back);
  CHECK(a.bytes == b.bytes);
  CHECK(a.stop == b.stop);
  CHECK(a.collision_ppb == b.collision_ppb);
  REQUIRE(a.findings.size() == b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i) {
    CHECK(a.findings[i].standing == b.findings[i].standing);
    CHECK(a.findings[i].steps == b.findings[i].steps);
  }
}

Exploration gone_on_with(const TwoPhase& model, Memo memo, check::ExploreLimits limits = {}) {
  check::Explorer<TwoPhase> explorer(model, limits);
  check::KeptReader reader(memo);
  REQUIRE(reader.text() == check::kept_begins);
  REQUIRE(reader.word() == 7);
  REQUIRE(explorer.restore(reader));
  return explorer.run();
}

Setup two_writers() {
  Setup setup;
  setup.protocol = "lease_lock";
  for (const auto& [name, role] :
       {std::pair("alice", "client"), std::pair("bob", "client"), std::pair("lock", "lock_service"),
        std::pair("storage", "storage")})
    setup.nodes.push_back({name, role, 1, false, {}});
  Input ask = on_nodes(Action::request, 0, {NodeId{0}, NodeId{1}});
  ask.name = "lock_and_write";
  setup.script = {ask};
  return setup;
}

Result<CheckReport> checked(CheckOptions options, const check::OnProgress& on_progress = {}) {
  options.repeats = 1;
  options.expected_violations = {"no_stale_write", "one_believer"};
  return check::check_world(*find_protocol("lease_lock")->checked, two_writers(), options,
                            check::run_in_order, on_progress);
}

}  // namespace

TEST_CASE("kept: a model's exploration goes on from any batch, or from where a limit ended it") {
  TwoPhase model{6};
  model.changes_its_mind = true;
  check::ExploreLimits limits;
  limits.stop_at_violation = false;
  const Exploration whole = check::Explorer<TwoPhase>(model, limits).run();
  for (const int batch : {0, 3, 11, 17}) {
    CAPTURE(batch);
    Memo memo;
    memo.wanted_after = batch;
    check_same(whole,
               check::Explorer<TwoPhase>(model, limits).run({check::run_in_order}, {}, &memo, 7));
    REQUIRE_FALSE(memo.kept.empty());
    check_same(whole, gone_on_with(model, memo, limits));
  }
  for (const std::uint32_t depth : {1u, 5u, 12u}) {
    Memo memo;
    check::ExploreLimits shallow = limits;
    shallow.depth_max = depth;
    const Exploration part =
        check::Explorer<TwoPhase>(model, shallow).run({check::run_in_order}, {}, &memo, 7);
    CHECK(part.stop == check::Stop::depth);
    check_same(part, gone_on_with(model, memo, shallow));
    check_same(whole, gone_on_with(model, memo, limits));
  }
}

TEST_CASE("kept: a check that is interrupted again and again answers as one that is not") {
  for (const bool symmetry : {false, true}) {
    CheckOptions options;
    options.symmetry = symmetry;
    const CheckReport whole = checked(options).value();
    std::string kept;
    for (int part = 0;; ++part) {
      REQUIRE(part < 20);
      Memo memo;
      memo.kept = kept;
      options.keeper = &memo;
      options.resume = part > 0;
      options.identity = 7;
      int batches = 0;
      const auto report = checked(options, [&](const check::Progress&) { return ++batches < 7; });
      REQUIRE_MESSAGE(report.ok(), report.error());
      kept = memo.kept;
      if (report.value().exploration.stop == check::Stop::cancelled) continue;
      CHECK(part > 2);
      check_same(report.value().exploration, whole.exploration);
      CHECK(report.value().local_states == whole.local_states);
      CHECK(report.value().local_steps == whole.local_steps);
      CHECK(report.value().messages == whole.messages);
      CHECK(report.value().networks == whole.networks);
      CHECK(report.value().histories == whole.histories);
      CHECK(report.value().limits == whole.limits);
      for (std::size_t i = 0; i < whole.properties.size(); ++i) {
        const auto& a = report.value().properties[i];
        const auto& b = whole.properties[i];
        CHECK(a.standing == b.standing);
        CHECK(a.witness.why == b.witness.why);
        REQUIRE(a.way.has_value() == b.way.has_value());
        if (a.way) CHECK(a.way->setup == b.way->setup);
      }
      break;
    }
  }
}

TEST_CASE("kept: what is damaged, cut off or of another check is refused, wherever it was hurt") {
  Memo memo;
  CheckOptions options;
  options.keeper = &memo;
  options.identity = 7;
  options.limits.states_max = 300;
  REQUIRE(checked(options).ok());
  const std::string whole = memo.kept;
  REQUIRE(whole.size() > 10'000);
  options.resume = true;
  const auto refusal = [&](const std::string& kept) {
    Memo hurt;
    hurt.kept = kept;
    options.keeper = &hurt;
    const auto report = checked(options);
    return report.ok() ? std::string() : report.error();
  };
  CHECK(refusal(whole).empty());
  CHECK(refusal("").find("memo: this is no check that was kept") == 0);
  CHECK(refusal("{\"format\": 1}, and then something else").find("no check") != std::string::npos);
  for (std::size_t at = 0; at < whole.size(); at += 997) {
    CAPTURE(at);
    std::string hurt = whole;
    hurt[at] = static_cast<char>(hurt[at] ^ 0x10);
    CHECK_FALSE(refusal(hurt).empty());
    CHECK_FALSE(refusal(whole.substr(0, at)).empty());
  }
  options.identity = 8;
  CHECK(refusal(whole) ==
        "memo: this is of another check; expected the same scenario, parameters and bounds");
}

}  // namespace netsplit::test::kept_test
