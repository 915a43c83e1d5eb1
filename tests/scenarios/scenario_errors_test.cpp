// Each kind of bad file, and the one sentence it gets.
#include <doctest/doctest.h>

#include "core/scenario/registry.h"

namespace netsplit::test::scenario_errors_test {
namespace {

std::string error_of(const std::string& text) {
  const Result<Scenario> scenario = parse_scenario(text, "f.json");
  return scenario.ok() ? "no error" : scenario.error();
}

std::string with_nodes(const std::string& nodes) {
  return R"({"protocol": "lease_lock", "nodes": )" + nodes + "}";
}

std::string with(const std::string& members) {
  return R"({"protocol": "lease_lock", "nodes": [{"name": "alice", "role": "client"},
             {"name": "n", "role": "client", "count": 9},
             {"name": "lock", "role": "lock_service"}], )" +
         members + "}";
}

std::string with_line(const std::string& line) { return with(R"("script": [)" + line + "]"); }

struct Bad {
  std::string text;
  const char* sentence;
};

void check_all(const std::vector<Bad>& table) {
  for (const Bad& bad : table) {
    CAPTURE(bad.text.substr(0, 300));
    CHECK(error_of(bad.text) == "f.json: " + std::string(bad.sentence));
  }
}

}  // namespace

TEST_CASE("scenario: what is not JSON is refused with line and column") {
  check_all({
      {"", "line 1, column 1: not JSON: unexpected end of input; expected '[', '{', or a literal"},
      {"{\"a\": 1,\n  \"b\" 2}",
       "line 2, column 7: not JSON: unexpected number literal; expected ':'"},
      {"{} x", "line 1, column 4: not JSON: invalid literal"},
      {"{\"a\": \"\xff\"}", "line 1, column 8: not JSON: invalid string: ill-formed UTF-8 byte"},
      {"[1", "line 1, column 3: not JSON: unexpected end of input; expected ']'"},
      {R"({"seed": 1e999})", "not JSON: number overflow parsing '1e999'"},
  });
}

TEST_CASE("scenario: what JSON would allow and no scenario needs is refused with its path") {
  check_all({
      {R"({"seed": 1, "seed": 2})", "the key \"seed\" is given twice"},
      {R"({"nodes": [{"x": 1, "x": 1}]})", "nodes[0]: the key \"x\" is given twice"},
      {R"({"a": [0, {"b": 1.5}]})",
       "a[1].b: expected a whole number of at most 64 bits, found 1.5"},
      {R"({"seed": 99999999999999999999})",
       "seed: expected a whole number of at most 64 bits, found 99999999999999999999"},
      {std::string(17, '[') + std::string(17, ']'),
       "[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested deeper than 16 levels"},
      {"[]", "expected an object, found a list"},
      {"7", "expected an object, found 7"},
      {std::string((1 << 20) + 1, ' '), "longer than 1024 KiB"},
      {with(R"("title": "a\u001b[2Jb")"), "title: the text \"a?[2Jb\" holds control characters"},
      {with(R"("title": "a\nb")"), "title: the text \"a?b\" holds control characters"},
      {with(R"("title": "\u009b2J")"), "title: the text \"?2J\" holds control characters"},
  });
}

TEST_CASE("scenario: a deep file is refused without running out of stack") {
  CHECK(error_of(std::string(1'000'000, '[')).find("nested deeper") != std::string::npos);
}

TEST_CASE("scenario: too many keys are refused before they are looked up") {
  std::string text = "{";
  for (int i = 0; i < 3000; ++i) text += "\"k" + std::to_string(i) + "\": 0,";
  CHECK(error_of(text + "\"z\": 0}") == "f.json: more than 2048 keys in one object");
}

TEST_CASE("scenario: unknown keys and names are refused with the nearest known one") {
  check_all({
      {with(R"("sed": 1)"), "there is no key \"sed\"; did you mean \"seed\"?"},
      {R"({"nodes": []})", "the key \"protocol\" is missing"},
      {R"({"protocol": "lease_lock"})", "the key \"nodes\" is missing"},
      {R"({"protocol": "lease_lok", "nodes": []})",
       "protocol: there is no protocol \"lease_lok\"; did you mean \"lease_lock\"?"},
      {with(R"("netsplit": 2)"),
       "netsplit: this file was made by a later version of Netsplit; this one reads format 1"},
      {with(R"("netsplit": 2, "novelty": 1)"),
       "netsplit: this file was made by a later version of Netsplit; this one reads format 1"},
      {with(R"("parameters": {"leese": "5s"})"),
       "parameters: there is no parameter \"leese\"; did you mean \"lease\"?"},
      {with(R"("parameters": {"lease": 5})"), "parameters.lease: expected text in quotes, found 5"},
      {with(R"("parameters": {"fencing": "tokn"})"),
       "parameters.fencing: parameter \"fencing\": there is no choice \"tokn\"; did you mean "
       "\"token\"?"},
      {with(R"("network": {"latency": {"model": "unifrom", "base": "1ms"}})"),
       "network.latency.model: there is no choice \"unifrom\"; did you mean \"uniform\"?"},
      {with(R"("network": {"los_ppm": 5})"),
       "network: there is no key \"los_ppm\"; did you mean \"loss_ppm\"?"},
      {with(R"("links": [{"between": ["alice", "lok"]}])"),
       "links[0].between[1]: there is no node \"lok\"; did you mean \"lock\"?"},
      {with(R"("lesson": [{"title": "t", "text": "t", "highlight": ["alise"]}])"),
       "lesson[0].highlight[0]: there is no node \"alise\"; did you mean \"alice\"?"},
      {with(R"("positions": {"alise": [1, 2]})"),
       "positions: there is no node \"alise\"; did you mean \"alice\"?"},
  });
}

TEST_CASE("scenario: numbers and times outside their bounds are refused") {
  check_all({
      {with(R"("seed": -1)"),
       "seed: expected a whole number from 0 to 18446744073709551615, found -1"},
      {with(R"("until": "0")"),
       "until: expected a duration from \"1us\" to \"1000000s\", found \"0\""},
      {with(R"("until": 10)"),
       "until: expected a duration in quotes, such as \"120ms\" or \"1.5s\", found 10"},
      {with(R"("until": "never")"),
       "until: expected a duration from \"1us\" to \"1000000s\", found \"never\""},
      {with(R"("until": "10 parsecs")"),
       "until: \"10 parsecs\" is not a duration; expected a number with a unit, such as \"120ms\", "
       "\"1.5s\", \"40us\", \"2min\" or \"25h\""},
      {with(R"("network": {"loss_ppm": 1000001})"),
       "network.loss_ppm: expected a whole number from 0 to 1000000, found 1000001"},
      {with(R"("network": {"fifo": 1})"), "network.fifo: expected true or false, found 1"},
      {with(R"("network": {"latency": "25h"})"),
       "network.latency: expected a duration from \"0\" to \"24h\", found \"25h\""},
      {with(R"("positions": {"alice": [1, 1001]})"),
       "positions.alice[1]: expected a whole number from 0 to 1000, found 1001"},
      {with(R"("speed": "fast")"),
       "speed: expected a speed from \"0.000001x\" to \"1000000x\", found \"fast\""},
      {with(R"("expect": {"x": "maybe"})"),
       "expect.x: expected \"holds\" or \"violated\", found \"maybe\""},
      {with(R"("id": "A b")"), "id: an id holds lower-case letters, digits and hyphens only"},
      {with(R"("links": [{"from": "alice", "to": "alice"}])"),
       "links[0]: a link joins two different nodes"},
      {with(R"("links": [{"between": ["alice", "lock"], "from": "alice"}])"),
       "links[0]: expected either \"between\", or \"from\" and \"to\""},
      {with(R"("lesson": [{"title": "t"}])"), "lesson[0]: the key \"text\" is missing"},
      {with(R"("lesson": [{"title": "t", "text": "t", "question": "q", "answers": ["a"],
                           "reveal": {"property": "p", "at": "1s"}}])"),
       "lesson[0].reveal: a property decides between two answers, when it holds and when it is "
       "violated; found 1"},
      {with(R"("lesson": [{"title": "t", "text": "t", "question": "q", "answers": ["a", "b"],
                           "reveal": {"property": "p", "node": "alice", "at": "1s"}}])"),
       "lesson[0].reveal: there is no key \"node\"; expected one of \"property\", \"at\", "
       "\"values\""},
  });
}

TEST_CASE("scenario: nodes that cannot be told apart, or are too many, are refused") {
  check_all({
      {with_nodes("[]"), "nodes: expected at least one node"},
      {with_nodes(R"([{"name": "a"}])"), "nodes[0]: the key \"role\" is missing"},
      {with_nodes(R"([{"name": "a", "role": "cleint"}])"),
       "nodes[0].role: there is no role \"cleint\"; did you mean \"client\"?"},
      {with_nodes(R"([{"name": "a", "role": "client"}, {"name": "a", "role": "client"}])"),
       "nodes: there are two nodes or groups named \"a\""},
      {with_nodes(
           R"([{"name": "a", "role": "client", "count": 5}, {"name": "a3", "role": "client"}])"),
       "nodes: there are two nodes or groups named \"a3\""},
      {with_nodes(
           R"([{"name": "a", "role": "client", "count": 50},
                {"name": "a2", "role": "client", "count": 2}])"),
       "nodes: there are two nodes or groups named \"a2\""},
      {with_nodes(R"([{"name": "a", "role": "client", "count": 0}])"),
       "nodes[0].count: expected a whole number from 1 to 1000000, found 0"},
      {with_nodes(
           R"([{"name": "a", "role": "client", "count": 600000},
                {"name": "b", "role": "client", "count": 600000}])"),
       "nodes: expected at most 1000000 nodes in all"},
      {with_nodes(R"([{"name": "a..b", "role": "client"}])"),
       "nodes[0].name: a node's name is not empty and holds no \"..\" or outer spaces"},
      {with_nodes(R"([{"name": "a", "role": "client", "clock": {"ntp_interval": "1ms"}}])"),
       "nodes[0].clock.ntp_interval: expected a duration from \"10ms\" to \"24h\", found \"1ms\""},
  });
}

TEST_CASE("script: each bad line gets a sentence with its path") {
  check_all({
      {with_line(R"({"at": "1s", "pause": "alise"})"),
       "script[0].pause: there is no node \"alise\"; did you mean \"alice\"?"},
      {with_line(R"({"at": "1s", "pauze": "alice"})"),
       "script[0]: there is no action \"pauze\"; did you mean \"pause\"?"},
      {with_line(R"({"at": "1s"})"),
       "script[0]: the line has no action, such as \"pause\", \"cut\", \"partition\" or "
       "\"request\""},
      {with_line("7"), "script[0]: expected an object, found 7"},
      {with_line(R"({"at": "1s", "pause": "alice", "crash": "lock"})"),
       "script[0]: two actions in one line, \"pause\" and \"crash\""},
      {with_line(R"({"pause": "alice"})"), "script[0]: the key \"at\" is missing"},
      {with_line(R"({"at": "-1s", "pause": "alice"})"),
       "script[0].at: expected a duration from \"0\" to \"1000000000s\", found \"-1s\""},
      {with_line(R"({"at": "1s", "pause": "alice", "by": "1s"})"),
       "script[0]: there is no key \"by\"; expected one of \"at\", \"after_step\", \"by_hand\", "
       "\"choices\", "
       "\"pause\""},
      {with_line(R"({"at": "1s", "pause": []})"), "script[0].pause: expected at least one node"},
      {with_line(R"({"at": "1s", "pause": ["alice", "alice"]})"),
       "script[0].pause: the node \"alice\" is named twice"},
      {with_line(R"({"at": "1s", "cut": ["alice"]})"),
       "script[0].cut: expected two nodes, or two lists of nodes"},
      {with_line(R"({"at": "1s", "cut": "all"})"), "script[0].cut: expected a list, found \"all\""},
      {with_line(R"({"at": "1s", "heal": "alice"})"),
       "script[0].heal: expected \"all\" or two nodes"},
      {with_line(R"({"at": "1s", "partition": [["alice", "n"], ["n3"]]})"),
       "script[0].partition: the node \"n3\" is named twice"},
      {with_line(R"({"at": "1s", "pause": "n3..n2"})"),
       "script[0].pause: the range \"n3..n2\" does not go upwards within one group"},
      {with_line(R"({"at": "1s", "pause": "n3..n10"})"),
       "script[0].pause: there is no node \"n10\"; did you mean \"n1\"?"},
      {with_line(R"({"at": "1s", "delay": 3})"), "script[0]: the key \"by\" is missing"},
      {with_line(R"({"at": "1s", "drop": 0})"),
       "script[0].drop: expected a whole number from 1 to 4611686018427387904, found 0"},
      {with_line(R"({"at": "1s", "drop": {"label": "Grantet"}})"),
       "script[0].drop.label: there is no message \"Grantet\"; did you mean \"Granted\"?"},
      {with_line(R"({"at": "1s", "fire": "lease_ovr", "node": "lock"})"),
       "script[0].fire: there is no timer \"lease_ovr\"; did you mean \"lease_over\"?"},
      {with_line(R"({"at": "1s", "request": "lock_and_write"})"),
       "script[0]: the key \"node\" is missing"},
      {with_line(R"({"at": "1s", "request": "lock_and_wrote", "node": "alice"})"),
       "script[0].request: there is no request \"lock_and_wrote\"; did you mean "
       "\"lock_and_write\"?"},
      {with_line(R"({"at": "1s", "request": "lock_and_write", "node": "lock"})"),
       "script[0]: \"lock\" is a lock service, which does not understand the request "
       "\"lock_and_write\""},
      {with_line(
           R"({"at": "1s", "request": "lock_and_write", "node": "alice",
                "arguments": {"work": "3s"}})"),
       "script[0].arguments: there is no key \"work\"; expected \"work_us\""},
      {with_line(R"({"at": "1s", "clock_drift": "lock", "ppm": 500001})"),
       "script[0].ppm: expected a whole number from -500000 to 500000, found 500001"},
  });
}

TEST_CASE("script: a short file cannot unfold into more nodes than memory holds") {
  std::string text =
      R"({"protocol": "lease_lock", "nodes": [{"name": "n", "role": "client", "count": 1000000}],
           "script": [)";
  for (int i = 0; i < 10; ++i)
    text += std::string(i == 0 ? "" : ",") + R"({"at": "1s", "cut_random": "all", "ppm": 1})";
  for (int i = 0; i < 5; ++i) text += R"(,{"at": "1s", "pause": "n"})";
  CHECK(error_of(text + "]}") ==
        "f.json: script[14].pause: the script names too many nodes in all");
}

TEST_CASE("script: a script alone is refused with its own path") {
  const Setup setup = parse_scenario(with(R"("seed": 1)"), "s").value().setup;
  CHECK(parse_script("{}", "s.json", setup).error() ==
        "s.json: script: expected a list, found an object");
  CHECK(parse_script(R"([{"at": "1s", "pause": "x"}])", "s.json", setup).error() ==
        "s.json: script[0].pause: there is no node \"x\"; expected one of \"alice\", \"n1\", "
        "\"n9\", \"lock\"");
}

namespace {

std::string with_step(const std::string& members) {
  return with(R"("lesson": [{"title": "t", "text": "t", "question": "q", "answers": ["a", "b"], )" +
              members + "}]");
}

}  // namespace

TEST_CASE("scenario: what a lesson cannot mean is refused") {
  check_all({
      {with_step(R"("wen": {})"), "lesson[0]: there is no key \"wen\"; did you mean \"when\"?"},
      {with_step(R"("when": {})"),
       "lesson[0].when: expected either a \"property\" or an \"event\""},
      {with_step(R"("when": {"event": "delver"})"),
       "lesson[0].when.event: there is no choice \"delver\"; did you mean \"deliver\"?"},
      {with_step(R"("when": {"event": "deliver", "label": "Writ"})"),
       "lesson[0].when.label: there is no label \"Writ\"; did you mean \"Write\"?"},
      {with_step(R"("when": {"event": "pause", "label": "x"})"),
       "lesson[0].when.label: events of this kind have no label"},
      {with_step(R"("when": {"event": "deliver", "node": "lok"})"),
       "lesson[0].when.node: there is no node \"lok\"; did you mean \"lock\"?"},
      {with_step(R"("when": {"property": "p", "node": "lock"})"),
       "lesson[0].when: a property has no node, peer or label"},
      {with_step(R"("when": {"property": "p", "standing": "open"})"),
       "lesson[0].when.standing: there is no standing \"open\"; expected one of \"holds\", "
       "\"violated\""},
      {with_step(R"("highlight": [{"pannel": "price"}])"),
       "lesson[0].highlight[0]: there is no key \"pannel\"; did you mean \"panel\"?"},
      {with_step(R"("highlight": [{"panel": "prize"}])"),
       "lesson[0].highlight[0].panel: there is no panel \"prize\"; did you mean \"price\"?"},
      {with_step(R"("highlight": [{"field": "token"}])"),
       "lesson[0].highlight[0]: the key \"node\" is missing"},
      {with_step(R"("highlight": [{"link": ["alice"]}])"),
       "lesson[0].highlight[0].link: expected two nodes"},
      {with_step(R"("reveal": {"at": "1s"})"),
       "lesson[0].reveal: expected one of \"field\", \"property\", \"event\", \"meter\", "
       "\"messages\", \"operation\" or \"result\""},
      {with_step(R"("reveal": {"meter": "lost", "messages": "all", "at": "1s"})"),
       "lesson[0].reveal: expected either \"meter\" or \"messages\""},
      {with_step(R"("reveal": {"messages": {"lable": "Write"}, "at": "1s"})"),
       "lesson[0].reveal.messages: there is no key \"lable\"; did you mean \"label\"?"},
      {with_step(R"("reveal": {"meter": "lost", "at": "1s", "values": ["1"]})"),
       "lesson[0].reveal.values: expected one for each of the 2 answers, found 1"},
      {with_step(R"("reveal": {"property": "p", "at": "1s", "values": ["a", "b"]})"),
       "lesson[0].reveal.values: the two answers stand for yes and no; values have no meaning "
       "here"},
      {with_step(R"("wait": {"cut": ["alice", "lock"], "at": "1s"})"),
       "lesson[0].wait: there is no key \"at\"; expected one of \"choices\", \"cut\", "
       "\"one_way\""},
      {with_step(R"("wait": {"cutt": ["alice", "lock"]})"),
       "lesson[0].wait: there is no action \"cutt\"; did you mean \"cut\"?"},
      {with_step(R"("wait": {"parameter": "leese", "value": "1s"})"),
       "lesson[0].wait.parameter: there is no parameter \"leese\"; did you mean \"lease\"?"},
      {with(R"("stagings": [{"title": "t"}])"), "stagings[0]: the key \"at\" is missing"},
      {with(R"("stagings": [{"title": "t", "at": "1s", "then": [{"crash": "lok"}]}])"),
       "stagings[0].then[0].crash: there is no node \"lok\"; did you mean \"lock\"?"},
  });
}

}  // namespace netsplit::test::scenario_errors_test
