#include "core/check/history_file.h"
#include "core/check/history_of_run.h"

#include <doctest/doctest.h>

#include <string>

namespace netsplit::test::history_file_test {

using namespace netsplit::check;

namespace {

std::string error_of(std::string_view text) {
  const Result<History> history = read_history(text, "h.edn");
  return history.ok() ? std::string("(read)") : history.error();
}

}  // namespace

TEST_CASE("history: log lines of a compare-and-set register are read and judged") {
  constexpr std::string_view log =
      "INFO  jepsen.core - starting\n"
      "INFO  jepsen.util - 0\t:invoke\t:write\t3\n"
      "INFO  jepsen.util - 1\t:invoke\t:read\tnil\n"
      "INFO  jepsen.util - 0\t:ok\t:write\t3\n"
      "INFO  jepsen.util - 1\t:ok\t:read\t3\n"
      "INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n"
      "INFO  jepsen.util - 2\t:invoke\t:cas\t[3 4]\n"
      "INFO  jepsen.util - 2\t:info\t:cas\t:timed-out\n"
      "INFO  jepsen.util - 1\t:invoke\t:read\tnil\n"
      "INFO  jepsen.util - 1\t:ok\t:read\t4\n";
  const Result<History> history = read_history(log, "etcd.log");
  REQUIRE_MESSAGE(history.ok(), (history.ok() ? "" : history.error()));
  CHECK(history.value().object == ObjectKind::cas_register);
  REQUIRE(history.value().operations.size() == 4);
  CHECK(history.value().operations[2].outcome == Outcome::unknown);
  CHECK(history.value().operations[2].line == 7);
  CHECK(judge(history.value()).ruling == Ruling::linearizable);

  std::string stale(log);
  stale.replace(stale.rfind("4"), 1, "9");
  CHECK(judge(read_history(stale, "etcd.log").value()).ruling == Ruling::not_linearizable);
}

TEST_CASE("history: maps with keys are a store, judged key by key") {
  constexpr std::string_view edn =
      "{:process 0, :type :invoke, :f :append, :key \"0\", :value \"x 0 0 y\"}\n"
      "{:process 1, :type :invoke, :f :get, :key \"0\", :value nil}\n"
      "{:process 0, :type :ok, :f :append, :key \"0\", :value \"x 0 0 y\"}\n"
      "{:process 1, :type :ok, :f :get, :key \"0\", :value \"x 0 0 y\"}\n"
      "{:process 1, :type :invoke, :f :get, :key \"1\", :value nil}\n"
      "{:process 1, :type :ok, :f :get, :key \"1\", :value \"x 0 0 y\"}\n";
  const Judgement bad = judge(read_history(edn, "kv.txt").value());
  REQUIRE(bad.parts.size() == 2);
  CHECK(bad.parts[0].ruling == Ruling::linearizable);
  CHECK(bad.parts[1].ruling == Ruling::not_linearizable);
}

TEST_CASE("history: an operation without a key has no place in the history of a store") {
  const std::string keyless = "{:process 0, :type :invoke, :f :write, :value 7}\n";
  const std::string keyed = "{:process 1, :type :invoke, :f :get, :key \"0\", :value nil}\n";
  for (const std::string& text : {keyless + keyed, keyed + keyless}) {
    const Result<History> history = read_history(text, "h");
    REQUIRE_FALSE(history.ok());
    CHECK(history.error().find("needs a :key") != std::string::npos);
  }
  CHECK(read_history(keyless, "h").ok());
  CHECK_FALSE(read_history(keyless, "h", ObjectKind::key_value).ok());
}

TEST_CASE("history: a list of maps with more keys than are needed is read too") {
  constexpr std::string_view edn =
      "[{:type :invoke, :f :acquire, :value nil, :process 0, :time 1, :index 0}\n"
      " {:type :ok, :f :acquire, :value nil, :process 0, :time 2, :index 1} ; granted\n"
      " {:type :invoke, :f :acquire, :value nil, :process 1, :time 3, :index 2}\n"
      " {:type :ok, :f :acquire, :value nil, :process 1, :time 4, :index 3}]\n";
  const Result<History> history = read_history(edn, "lock.edn");
  REQUIRE(history.ok());
  CHECK(history.value().object == ObjectKind::lock);
  CHECK(judge(history.value()).ruling == Ruling::not_linearizable);
}

TEST_CASE("history: a damaged file gets its line and what was expected") {
  CHECK(error_of("") == "h.edn:1: there is no operation in this file");
  CHECK(error_of("{:process 0, :type :invoke, :f :read, :value nil") ==
        "h.edn:1: \"{\" is never closed; expected \"}\"");
  CHECK(error_of("\n{:process 0, :type :invoke, :f :reed, :value nil}") ==
        "h.edn:2: there is no function \":reed\"; did you mean \"read\"?");
  CHECK(error_of("{:process 0, :type :ok, :f :read, :value 1}") ==
        "h.edn:1: process 0 ends an operation that it never began");
  CHECK(error_of("{:process 0, :type :invoke, :f :write, :value 1}\n"
                 "{:process 0, :type :invoke, :f :write, :value 2}") ==
        "h.edn:2: process 0 begins an operation before its last one (line 1) has ended");
  CHECK(error_of("{:process 0, :type :invoke, :f :write, :value \"a\"}") ==
        "h.edn:1: expected a whole number or nil, found \"a\"");
  CHECK(error_of("{:process 0, :type :invoke, :f :cas, :value 3}") ==
        "h.edn:1: a :cas needs the value [old new], found 3");
  CHECK(error_of("{:type :invoke, :f :read}") ==
        "h.edn:1: expected a :process with a whole number");
  CHECK(error_of("x - 0 :invoke :c\x01s 3").find("there is no function \":c?s\"") == 9);
  CHECK(error_of("x - 0 :invoke :" + std::string(5'000, 'q') + " 3").size() < 500);
  CHECK(error_of("hello") ==
        "h.edn:1: expected a map {:process …} or a log line \"… - 0 :invoke :read nil\"");
  CHECK(error_of("{:process 0, :type :invoke, :f :enqueue, :value 1}\n"
                 "{:process 1, :type :invoke, :f :acquire, :value nil}") ==
        "h.edn:1: \"enqueue\" is nothing that a lock can do");
}

TEST_CASE("history: no prefix of a file and no changed byte does any harm") {
  const std::string edn =
      "[{:process 0, :type :invoke, :f :cas, :value [1 2]}\n{:process 0, :type :fail, :f :cas}]\n"
      "x - 3 :invoke :write 4";
  for (std::size_t length = 0; length <= edn.size(); ++length) {
    (void)read_history(std::string_view(edn).substr(0, length), "h").ok();
  }
  for (std::size_t at = 0; at < edn.size(); ++at) {
    for (const char c : {'{', ']', '"', ':', '\0', '\n', '9'}) {
      std::string changed = edn;
      changed[at] = c;
      (void)read_history(changed, "h").ok();
    }
  }
  CHECK(read_history(std::string(5'000, '['), "h").error() ==
        "h:1: lists and maps are nested more than 16 deep");
}

TEST_CASE("history: a keyed register that is exchanged is a store") {
  constexpr std::string_view edn =
      "{:process 7, :type :invoke, :f :write, :value [a 1]}\n"
      "{:process 7, :type :ok, :f :write, :value [a 1]}\n"
      "{:process 9, :type :invoke, :f :cas, :value [a [1 2]]}\n"
      "{:process 9, :type :ok, :f :cas, :value [a [1 2]]}\n"
      "{:process 7, :type :invoke, :f :read, :value [a nil]}\n"
      "{:process 7, :type :ok, :f :read, :value [a 2]}\n";
  const Result<History> history = read_history(edn, "h", ObjectKind::key_value);
  REQUIRE_MESSAGE(history.ok(), (history.ok() ? "" : history.error()));
  CHECK(history.value().keys == std::vector<std::string>{":a"});
  CHECK(history.value().clients == std::vector<std::string>{"process 7", "process 9"});
  CHECK(judge(history.value()).ruling == Ruling::linearizable);
  std::string stale(edn);
  stale.replace(stale.rfind('2'), 1, "1");
  CHECK(judge(read_history(stale, "h", ObjectKind::key_value).value()).ruling ==
        Ruling::not_linearizable);
}

TEST_CASE("history: what the clients of a run recorded is judged by what happened first") {
  const auto record = [](std::int32_t client, std::string_view name, std::int64_t argument,
                         std::int64_t result, EventIndex invoked, EventIndex completed) {
    OperationRecord made;
    made.client = NodeId{client};
    made.operation = {name, 0, argument, 0};
    made.result = result;
    made.outcome = completed < 0 ? Outcome::pending : Outcome::ok;
    made.invoked_event = invoked;
    made.completed_event = completed;
    return made;
  };
  const std::vector<std::string> names{"alice", "bob"};
  std::vector<OperationRecord> records{
      record(0, "write", 4, 0, 1, 2), record(1, "write", 5, 0, 3, -1),
      record(0, "read", 0, 5, 4, 6), record(0, "read", 0, 4, 7, 8)};
  Result<History> history = history_of_run(records, names);
  REQUIRE(history.ok());
  CHECK(history.value().object == ObjectKind::reg);
  const Judgement judgement = judge(history.value());
  CHECK(judgement.ruling == Ruling::not_linearizable);
  CHECK(judgement.parts[0].misfits == std::vector<std::int32_t>{3});
  // As a store, numbers are texts.
  CHECK(judge(history_of_run(records, names, ObjectKind::key_value).value()).ruling ==
        Ruling::not_linearizable);
  records.pop_back();
  CHECK(judge(history_of_run(records, names).value()).ruling == Ruling::linearizable);
  CHECK(history_of_run({}, names).error() == "no client has invoked an operation in this run");
  CHECK(history_of_run(records, names, ObjectKind::lock).error() ==
        "\"write\" is nothing that a lock can do");
  records[0].operation.name = "vote";
  CHECK(history_of_run(records, names).error().find("the run's operation \"vote\"") == 0);
}

}  // namespace netsplit::test::history_file_test
