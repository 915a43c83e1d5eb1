// What fields say by their hints, labels of messages, and who is cut off from whom.
#include <doctest/doctest.h>

#include "core/scenario/registry.h"
#include "ui/islands.h"
#include "ui/message_label.h"
#include "ui/node_reading.h"

namespace netsplit::ui::node_reading_test {
namespace {

struct Entry {
  Epoch term;
  std::string value;
  FIELDS(term, value)
};
enum class State : std::uint8_t { follower, leader };
struct Replica {
  struct Disk {
    Epoch term{3};
    Log<Entry> log;
    FIELDS(term, log)
  } disk;
  State state = State::leader;
  LogIndex commit_index;
  LogIndex applied;
  std::map<std::string, Lock<NodeId>> locks;
  FIELDS(disk, state, commit_index, applied, locks)
};

struct Dated {
  Epoch term{4};
  Epoch previous_term{3};
  std::vector<Entry> entries;
  FIELDS(term, previous_term, entries)
};

const std::vector<std::string> names{"alice", "bob", "carol"};

template <class T>
NodeShown shown(const T& state) {
  NodeView view;
  view.state = inspect("state", state, names);
  NodeShown node;
  read_node(view, node);
  return node;
}

template <class T>
std::string label(std::string_view name, const T& content) {
  return message_label(name, inspect("message", content, names));
}

}  // namespace

TEST_CASE("node: a replica shows its term, its state, and the end of its log") {
  Replica replica;
  for (int i = 1; i <= 11; ++i)
    replica.disk.log.append({Epoch{i < 9 ? 2 : 3}, "v" + std::to_string(i)});
  replica.commit_index = LogIndex{9};
  replica.applied = LogIndex{8};
  const NodeShown node = shown(replica);
  REQUIRE(node.epoch.has_value());
  CHECK(node.epoch->number == 3);
  CHECK_FALSE(node.token.has_value());
  CHECK(node.inside == "leader");
  REQUIRE(node.log.has_value());
  CHECK(node.log->last == 11);
  CHECK(node.log->committed == 9);
  REQUIRE(node.log->marks.size() == 1);
  CHECK(node.log->marks[0].first == "applied");
  CHECK(node.log->marks[0].second == 8);
  REQUIRE(node.log->cells.size() == static_cast<std::size_t>(log_cells_max));
  CHECK(node.log->cells.front().index == 4);
  CHECK(node.log->cells.back().index == 11);
  CHECK(node.log->cells.back().text == "v11");
  CHECK(node.log->cells.back().epoch == 3);
  CHECK(node.log->cells.front().epoch == 2);
}

TEST_CASE("node: one that is down says nothing of what it believed") {
  NodeView view;
  view.state = inspect("state", Replica{}, names);
  view.caption = "knows no leader";
  NodeShown node;
  for (const Condition condition :
       {Condition::up, Condition::down, Condition::paused, Condition::absent}) {
    view.condition = condition;
    read_node(view, node);
    const bool believes = condition == Condition::up || condition == Condition::paused;
    CHECK(node.caption.empty() != believes);
    CHECK(node.below.empty() != believes);
  }
}

TEST_CASE("node: long words of a log are shortened after a consonant, numbers never") {
  CHECK(short_word("committed") == "comm.");
  CHECK(short_word("prepared") == "prep.");
  CHECK(short_word("decided") == "decid.");
  CHECK(short_word("begun") == "begun");
  CHECK(short_word("12345678") == "12345678");
  CHECK(short_word("").empty());
}

TEST_CASE("node: of locks by key it shows how many are held, and whose the first is") {
  Replica replica;
  CHECK_FALSE(shown(replica).lock.has_value());
  replica.locks["a"] = {};
  replica.locks["b"].take(NodeId{1});
  replica.locks["c"].take(NodeId{2});
  const NodeShown node = shown(replica);
  REQUIRE(node.lock.has_value());
  CHECK(node.lock->held);
  CHECK(node.lock->owner == "bob");
  CHECK(node.lock->held_count == 2);
  CHECK(node.lock->count == 3);
}

struct Write {
  NodeId value;
  Token token;
  std::int64_t version = 0;
  FIELDS(value, token, version)
};
struct Vote {
  Epoch term;
  bool pre = false;
  bool granted = false;
  FIELDS(term, pre, granted)
};
struct Command {
  std::optional<std::int64_t> value;
  NodeId client;
  FIELDS(value, client)
};
struct Accept {
  Epoch ballot;
  LogIndex at;
  Command command;
  FIELDS(ballot, at, command)
};
struct Append {
  Epoch term;
  LogIndex previous;
  std::vector<std::int64_t> entries;
  std::int64_t a_very_long_name_of_a_number = 0;
  FIELDS(term, previous, entries, a_very_long_name_of_a_number)
};

struct Granted {
  Token token;
  Time lease_us = 0;
  FIELDS(token, lease_us)
};
struct Long {
  std::string text = "a sentence that goes on and on and on";
  FIELDS(text)
};

TEST_CASE("label: a message says what it carries, and leaves out what says nothing") {
  CHECK(label("Write", Write{NodeId{0}, Token{1}, 0}) == "Write alice \u00b7 1");
  CHECK(label("Write", Write{nobody, Token{0}, 4}) == "Write version 4");
  CHECK(label("Write", Write{NodeId{0}, Token{0}, 2}) == "Write alice \u00b7 version 2");
  CHECK(label("Append", Append{Epoch{2}, LogIndex{0}, {7, 8}, 5}) ==
        "Append term 2 \u00b7 [7 8] \u00b7 5");
  CHECK(label("Append", Append{Epoch{2}, LogIndex{0}, {70, 80, 90}, 0}) ==
        "Append term 2 \u00b7 3 entries");
  CHECK(label("Append", Append{Epoch{2}, LogIndex{4}, {7, 8}, 0}) ==
        "Append term 2 \u00b7 [7 8] \u00b7 previous 4");
  CHECK(label("Append", Append{}) == "Append");
  CHECK(label("Granted", Granted{Token{1}, seconds(5)}) == "Granted 1 \u00b7 5 s");
  CHECK(label("Granted", Granted{Token{1}, milliseconds(1'250)}) == "Granted 1 \u00b7 1.25 s");
  CHECK(label("Say", Long{}) == "Say \u2026");
}

TEST_CASE("label: a yes or no comes first, and a mark that is not there is left out") {
  CHECK(label("Vote", Vote{Epoch{2}, false, false}) == "Vote not granted \u00b7 term 2");
  CHECK(label("Vote", Vote{Epoch{2}, false, true}) == "Vote granted \u00b7 term 2");
  CHECK(label("Vote", Vote{Epoch{2}, true, true}) == "Vote pre \u00b7 granted \u00b7 term 2");
}

TEST_CASE("label: one of a list is one, and a group says its first value by name") {
  CHECK(label("Append", Append{Epoch{2}, LogIndex{0}, {123'456'789}, 0}) ==
        "Append term 2 \u00b7 1 entry");
  CHECK(label("Accept", Accept{Epoch{4}, LogIndex{2}, {2, NodeId{0}}}) ==
        "Accept ballot 4 \u00b7 value 2 \u00b7 at 2");
  CHECK(label("Accept", Accept{Epoch{4}, LogIndex{2}, {std::nullopt, nobody}}) ==
        "Accept ballot 4 \u00b7 no value \u00b7 at 2");
}

TEST_CASE("label: the fields of a card are written as they are read") {
  const std::vector<FieldShown> fields =
      fields_of(inspect("m", Write{NodeId{1}, Token{3}, 9}, names));
  REQUIRE(fields.size() == 3);
  Write read;
  for (const FieldShown& field : fields) CHECK(assign(read, field.path, field.raw, names).ok());
  CHECK(read == Write{NodeId{1}, Token{3}, 9});
}

namespace {

// alice 0, bob 1, lock 2, storage 3; the clients talk to both services.
std::vector<Island> islands_after(std::vector<Input> script) {
  Setup setup = find_scenario("lock-gc-pause")->setup;
  setup.script = std::move(script);
  const auto session = make_session(setup).value();
  while (session->next_due_us() == 0) session->step(nullptr);
  std::vector<LinkShown> links;
  for (const NodeId a : {NodeId{0}, NodeId{1}}) {
    for (const NodeId b : {NodeId{2}, NodeId{3}}) {
      links.push_back(
          {a, b, session->link(a, b) == LinkState::cut, session->link(b, a) == LinkState::cut});
    }
  }
  return islands_of(*session, links);
}

Input one_way(Input input) {
  input.one_way = true;
  return input;
}

}  // namespace

TEST_CASE("islands: the smaller part is cut off, and says which way") {
  CHECK(islands_after({}).empty());
  const auto both = islands_after({on_nodes(Action::partition, 0, {{0}})});
  REQUIRE(both.size() == 1);
  CHECK(both[0].nodes == std::vector<NodeId>{{0}});
  CHECK(both[0].caption == "alice cannot reach bob, lock and storage");
  CHECK_FALSE(both[0].one_way);
  const auto out = islands_after({one_way(on_nodes(Action::partition, 0, {{0}}))});
  REQUIRE(out.size() == 1);
  CHECK(out[0].one_way);
  CHECK(out[0].caption.find("not heard") != std::string::npos);
  const auto in = islands_after({one_way(on_nodes(Action::partition, 0, {{1}, {2}, {3}}))});
  REQUIRE(in.size() == 1);
  CHECK(in[0].nodes == std::vector<NodeId>{{0}});
  CHECK(in[0].caption.find("hears nothing") != std::string::npos);
}

TEST_CASE("islands: who can be reached by a way round is not cut off") {
  CHECK(islands_after({on_link(Action::cut, 0, {0}, {2})}).empty());
  CHECK(islands_after({on_link(Action::cut, 0, {0}, {2}), on_link(Action::cut, 0, {0}, {3})})
            .size() == 1);
}

TEST_CASE("islands: two services that never talk stay together when their clients are cut off") {
  const auto islands = islands_after({on_nodes(Action::isolate, 0, {{0}, {1}})});
  REQUIRE(islands.size() == 2);
  CHECK(islands[0].nodes == std::vector<NodeId>{{0}});
  CHECK(islands[1].nodes == std::vector<NodeId>{{1}});
}

TEST_CASE("message: without a name only its content; of two terms the second comes last") {
  Dated append;
  CHECK(label("Append", append) == "Append term 4 \xC2\xB7 previous term 3");
  append.entries = {{Epoch{4}, "a long value"}};
  CHECK(label("Append", append) == "Append term 4 \xC2\xB7 1 entry");
  CHECK(label("", Entry{Epoch{4}, "v"}) == "term 4 \xC2\xB7 v");
}

}  // namespace netsplit::ui::node_reading_test
