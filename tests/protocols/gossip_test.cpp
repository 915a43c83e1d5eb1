// Gossip: all hear of it in few rounds whatever gets lost; direct mail and rumors leave some out.
#include "trial.h"

namespace netsplit::test::gossip_test {
namespace {

enum Way : std::int64_t { direct_mail, rumor, push, pull, push_pull };

// `count` nodes of which the first publishes; no loss.
Setup crowd(std::int32_t count, std::int64_t way, Time until_us) {
  Setup setup = setup_with("gossip", {{"way", way}});
  setup.nodes[0].count = count;
  setup.network.link.loss_ppm = 0;
  setup.script = {on_nodes(Action::request, milliseconds(500), {NodeId{0}})};
  setup.script[0].name = "publish";
  setup.until_us = until_us;
  return setup;
}

// Three nodes, one of which has news.
Setup three(std::int64_t way) { return crowd(3, way, seconds(9)); }

}  // namespace

TEST_CASE("gossip: the same losses, the same crash: some letters never come, an epidemic does") {
  const auto mail = finished(setup_with("gossip-mail"));
  CHECK(property(*mail, "converged").witness.why ==
        "n5 and 6 more have not heard of version 1 of n1.");
  CHECK(mail->counters().sent == 23);
  const auto rumor_run = finished(setup_with("gossip-rumor"));
  CHECK(standing(*rumor_run, "converged") == Standing::violated);
  const auto remedy = finished(setup_with("gossip"));
  for (const char* name : {"converged", "published", "in_few_rounds"})
    CHECK(standing(*remedy, name) == Standing::holds);
  CHECK(meter(*remedy, "informed") == 24);
  // The price: most contacts tell nothing new.
  CHECK(meter(*remedy, "useless_contacts") > 23 * 10);
  CHECK(setup_with("gossip-mail").script == setup_with("gossip").script);
}

TEST_CASE("gossip: rounds grow with the logarithm of the number of nodes, whichever way") {
  for (const std::int64_t way : {push, pull, push_pull}) {
    std::int64_t before = 0;
    for (const std::int32_t count : {16, 256, 4096}) {
      CAPTURE(way);
      CAPTURE(count);
      const auto session = finished(crowd(count, way, seconds(30)));
      CHECK(standing(*session, "converged") == Standing::holds);
      CHECK(standing(*session, "in_few_rounds") == Standing::holds);
      const std::int64_t rounds = property(*session, "in_few_rounds").witness.measured;
      CHECK(rounds > before);
      CHECK(rounds < before + 14);  // 16 times as many: log2 16 + ln 16 = 6.8 more, by push
      before = rounds;
    }
  }
}

// Demers and others, section 1.4: s = e^-((k + 1)(1 - s)), so that 20 %, 6 % and 2 % never hear.
TEST_CASE("gossip: what a rumor leaves out shrinks with interest as the paper says") {
  constexpr std::int32_t count = 4000;
  const std::int64_t per_mille[] = {203, 60, 20};
  for (std::int64_t interest = 1; interest <= 3; ++interest) {
    CAPTURE(interest);
    Setup setup = crowd(count, rumor, seconds(60));
    setup.parameters.emplace_back("interest", interest);
    const auto session = finished(setup);
    const std::int64_t unaware = count - meter(*session, "informed");
    const std::int64_t expected = per_mille[interest - 1] * count / 1000;
    CHECK(unaware > expected / 2);
    CHECK(unaware < expected * 3 / 2);
  }
}

TEST_CASE("gossip: of two who publish at once one version wins everywhere") {
  Setup setup = crowd(12, push_pull, seconds(15));
  setup.script.push_back(setup.script[0]);
  setup.script[1].groups = {{NodeId{7}}};
  const auto session = finished(setup);
  CHECK(standing(*session, "converged") == Standing::holds);
  const Row row = session->node(NodeId{3}).state;
  CHECK(brief(row).find("n8") != std::string::npos);
}

// Rounds never end, so that a check, which bounds them, cannot say that news never comes: only of
// mail, which is over when it is over.
TEST_CASE("gossip: every run of three, and the shortest way for a letter to leave one out") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto all = explore(three(push_pull), options);
  CHECK(all.exploration.stop == check::Stop::complete);
  CHECK(all.exploration.distinct == 856);
  options.faults.drops = 1;
  const auto lost = explore(three(direct_mail), options);
  CHECK(explored(lost, "converged").standing == Standing::violated);
  CHECK(explored(lost, "converged").depth == 3);
  check_way_replays(explored(lost, "converged"));
}

// Nothing in the protocol can break this: it takes a network that alters what it carries.
TEST_CASE("gossip: a version altered on its way is one that nobody published") {
  Setup setup = three(direct_mail);
  Input alter;
  alter.action = Action::alter;
  alter.at_us = setup.script[0].at_us;
  alter.message.to = NodeId{1};
  alter.name = "known.version";
  alter.arguments = {{"value", "5"}};
  setup.script.insert(setup.script.begin(), alter);
  CHECK(property(*finished(setup), "published").witness.why ==
        "n2 has version 5, which n1 never published.");
}

TEST_CASE("gossip: who is cut off for many rounds hears late") {
  Setup setup = three(push_pull);
  Input cut;
  cut.action = Action::isolate;
  cut.groups = {{NodeId{2}}};
  setup.script.insert(setup.script.begin(), cut);
  Input heal;
  heal.action = Action::heal;
  heal.at_us = seconds(14);
  setup.script.push_back(heal);
  setup.until_us = seconds(30);
  const auto session = finished(setup);
  CHECK(standing(*session, "converged") == Standing::holds);
  CHECK(standing(*session, "in_few_rounds") == Standing::violated);
  CHECK(property(*session, "in_few_rounds").witness.measured > 3 * 2 + 3);
}

TEST_CASE("gossip: ten thousand seeds under all faults, and every twin caught") {
  Scenario scenario = scenario_with("gossip");
  scenario.setup.nodes[0].count = 6;
  scenario.setup.script.resize(2);
  scenario.setup.script.erase(scenario.setup.script.begin());
  const Swept swept = sweep(scenario, {"converged", "published"});
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  CHECK(swept.runs == 10'000);
  for (const std::int64_t way : {direct_mail, rumor}) {
    scenario.setup.parameters = {{"way", way}};
    const Swept twin = sweep(scenario, {"converged"}, 200);
    CHECK(twin.failing > 0);
  }
}

TEST_CASE("gossip: a copy goes on as the original does") {
  check_copy_is_replay(setup_with("gossip"));
  check_copy_is_replay(setup_with("gossip-rumor"));
}

}  // namespace netsplit::test::gossip_test
