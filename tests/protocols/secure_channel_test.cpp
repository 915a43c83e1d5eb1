// A channel with an attacker on it: every combination of the four defences, and what each buys
// against everything that she may do.
#include "tests/protocols/trial.h"

namespace netsplit::test::secure_channel_test {
namespace {

const std::vector<std::string> safety = {"secrecy", "unaltered", "authorised", "at_most_once"};
const std::vector<std::string> defences = {"encryption", "authentication", "authorisation",
                                           "nonce"};

Parameters all_but(const std::string& one) {
  Parameters parameters;
  for (const std::string& defence : defences) parameters.emplace_back(defence, defence != one);
  return parameters;
}

// Two transfers of Alice's, and an attacker who attacks once, in whatever way.
Setup two_transfers(Parameters parameters) {
  parameters.emplace_back("attacks", 1);
  Setup setup = setup_with("fallacy-secure-channel", parameters);
  const Input pay = setup.script[0];
  setup.script = {pay, pay};
  setup.script[1].at_us += milliseconds(1);
  return setup;
}

std::string verdicts(const Session& session) {
  std::string holding;
  for (const std::string& name : safety)
    holding += standing(session, name) == Standing::holds ? '+' : '-';
  return holding;
}

}  // namespace

TEST_CASE("secure_channel: in clear text she reads, alters, repeats and makes up") {
  const auto session = finished(setup_with("fallacy-secure"));
  CHECK(verdicts(*session) == "----");
  CHECK(property(*session, "unaltered").witness.why ==
        "The bank moved 900 from alice to mallory, but what was written is 40 from alice to bob.");
  CHECK(property(*session, "at_most_once").witness.why ==
        "The bank moved 20 from bob to alice, 2 times for one transfer.");
  CHECK(property(*session, "authorised").witness.why ==
        "The bank moved 500 from alice to mallory, and mallory had it done.");
}

TEST_CASE("secure_channel: all four defences hold against the same attacks, and none less does") {
  for (const char* id : {"fallacy-secure-encrypted", "fallacy-secure-channel"}) {
    CHECK(setup_with(id).script == setup_with("fallacy-secure").script);
    CHECK(setup_with(id).seed == setup_with("fallacy-secure").seed);
  }
  const auto session = finished(setup_with("fallacy-secure-channel"));
  CHECK(verdicts(*session) == "++++");
  CHECK(session->history()[0].outcome == Outcome::ok);
  CHECK(session->history()[1].outcome == Outcome::pending);  // withheld
  CHECK(session->history()[2].outcome == Outcome::ok);
  const auto without = [](const char* one) {
    return verdicts(*finished(setup_with("fallacy-secure-channel", all_but(one))));
  };
  CHECK(without("encryption") == "-+++");
  CHECK(without("authentication") == "+--+");
  CHECK(without("authorisation") == "++-+");
  CHECK(without("nonce") == "+++-");
}

TEST_CASE("secure_channel: what each of the sixteen combinations buys, against any attack") {
  for (int bits = 0; bits < 16; ++bits) {
    const bool encrypted = bits & 1, authentic = bits & 2, authorised = bits & 4, once = bits & 8;
    check::CheckOptions options;
    options.expected_violations = safety;
    const auto report = explore(two_transfers({{"encryption", encrypted},
                                               {"authentication", authentic},
                                               {"authorisation", authorised},
                                               {"nonce", once}}),
                                options);
    CAPTURE(bits);
    REQUIRE(report.exploration.stop == check::Stop::complete);
    const auto holds = [&](const char* name) {
      return explored(report, name).standing == Standing::holds;
    };
    CHECK(holds("secrecy") == encrypted);
    CHECK(holds("unaltered") == authentic);
    // Who may spend is worth asking only of a sender who is known.
    CHECK(holds("authorised") == (authentic && authorised));
    // A number that she can rewrite stops no copy.
    CHECK(holds("at_most_once") == (once && (authentic || encrypted)));
  }
}

TEST_CASE("secure_channel: every run of two transfers and one attack, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 1, 0};
  const auto report = explore(two_transfers({}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 38'443);
  CHECK(report.exploration.generated == 129'287);
  for (const std::string& name : safety) CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("secure_channel: a check finds each attack, and the shortest way to it") {
  const struct {
    const char* missing;
    const char* property;
    int depth;
  } attacks[] = {{"encryption", "secrecy", 2},
                 {"authentication", "unaltered", 3},
                 {"authorisation", "authorised", 3},
                 {"nonce", "at_most_once", 4}};
  for (const auto& attack : attacks) {
    CAPTURE(attack.missing);
    const auto report = explore(two_transfers(all_but(attack.missing)), {});
    const check::CheckedProperty& found = explored(report, attack.property);
    REQUIRE(found.standing == Standing::violated);
    CHECK(found.depth == attack.depth);
    check_way_replays(found);
  }
}

TEST_CASE("secure_channel: four defences hold over 10000 seeds of attacks and faults") {
  const Swept swept = sweep(scenario_with("fallacy-secure-channel", {{"attacks", 5}}), safety);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  const char* buys[] = {"secrecy", "unaltered", "authorised", "at_most_once"};
  for (std::size_t i = 0; i < defences.size(); ++i) {
    Parameters parameters = all_but(defences[i]);
    parameters.emplace_back("attacks", 5);
    const Swept twin = sweep(scenario_with("fallacy-secure-channel", parameters), {buys[i]}, 500);
    CAPTURE(defences[i]);
    CHECK(twin.failing > 50);
    CHECK(twin.first.find("#v1.") != std::string::npos);
  }
}

TEST_CASE("secure_channel: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-secure", "fallacy-secure-channel"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::secure_channel_test
