// Links and partitions, seen through runs.
#include "support.h"

namespace netsplit::test::network_test {
namespace {

using Numbers = std::vector<std::int64_t>;

LinkSpec spec(Time base_us) {
  LinkSpec link;
  link.latency.base_us = base_us;
  return link;
}

// Everyone tells everyone, at `at_us`: who heard from whom, as "ab" for a to b.
std::vector<std::string> heard(const Setup& setup, Time at_us) {
  Setup asked = setup;
  const int count = static_cast<int>(setup.nodes.size());
  for (int from = 0; from < count; ++from) {
    for (int to = 0; to < count; ++to) {
      if (from == to) continue;
      asked.script.push_back(
          tell(at_us, static_cast<char>('a' + from), static_cast<char>('a' + to), 1));
    }
  }
  const Run done = run(asked);
  std::vector<std::string> pairs;
  for (const Event& event : events_of(done, EventKind::deliver)) {
    pairs.push_back(
        {static_cast<char>('a' + event.peer.value), static_cast<char>('a' + event.node.value)});
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

using Pairs = std::vector<std::string>;

Input one_way(Input input) {
  input.one_way = true;
  return input;
}

Input partition(Time at_us, const std::vector<std::string>& groups) {
  Input input = act(Action::partition, at_us, groups[0]);
  for (std::size_t i = 1; i < groups.size(); ++i) input.groups.push_back(ids(groups[i]));
  return input;
}

Input heal_all(Time at_us) {
  Input input;
  input.action = Action::heal;
  input.at_us = at_us;
  return input;
}

}  // namespace

TEST_CASE("network: a message takes the link's latency, one to oneself takes none") {
  Setup setup = peers(2);
  setup.script = {tell(1'000, 'a', 'b', 1), tell(1'000, 'a', 'a', 2)};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::deliver, id('b')) == std::vector<Time>{11'000});
  CHECK(times_of(done, EventKind::deliver, id('a')) == std::vector<Time>{1'000});
}

TEST_CASE("network: a partition's sentence speaks of everyone else where there is somebody else") {
  for (const auto& [nodes, sentence] :
       {std::pair{3, std::string("the network splits: [a] | [b c]")},
        std::pair{4, std::string("the network splits: [a] | [b c] | everyone else")}}) {
    Setup setup = peers(nodes);
    setup.script = {partition(5, {"a", "bc"})};
    const Run done = run(setup);
    const auto events = events_of(done, EventKind::network);
    REQUIRE(events.size() == 1);
    CHECK(sentence_of(*done.session, events[0]) == sentence);
  }
}

TEST_CASE("network: a cut stops both directions, or one") {
  Setup setup = peers(3);
  setup.script = {between(Action::cut, 0, "a", "b")};
  CHECK(heard(setup, 10) == Pairs{"ac", "bc", "ca", "cb"});
  setup.script = {one_way(between(Action::cut, 0, "a", "b"))};
  CHECK(heard(setup, 10) == Pairs{"ac", "ba", "bc", "ca", "cb"});
  setup.script = {between(Action::cut, 0, "a", "bc")};
  CHECK(heard(setup, 10) == Pairs{"bc", "cb"});
}

TEST_CASE("network: healing one link, one direction, or everything") {
  Setup setup = peers(3);
  setup.script = {between(Action::cut, 0, "a", "bc"), between(Action::heal, 1, "a", "c")};
  CHECK(heard(setup, 10) == Pairs{"ac", "bc", "ca", "cb"});
  setup.script[1] = one_way(between(Action::heal, 1, "a", "c"));
  CHECK(heard(setup, 10) == Pairs{"ac", "bc", "cb"});
  setup.script[1] = heal_all(1);
  CHECK(heard(setup, 10).size() == 6);
}

TEST_CASE("network: a partition separates its groups, and those in none form the last one") {
  Setup setup = peers(5);
  setup.script = {partition(0, {"ab", "c"})};
  CHECK(heard(setup, 10) == Pairs{"ab", "ba", "de", "ed"});
  setup.script = {partition(0, {"ab"})};
  CHECK(heard(setup, 10) == Pairs{"ab", "ba", "cd", "ce", "dc", "de", "ec", "ed"});
}

TEST_CASE("network: of a one-way partition the first group cannot be heard, but hears") {
  Setup setup = peers(3);
  setup.script = {one_way(partition(0, {"a"}))};
  CHECK(heard(setup, 10) == Pairs{"ba", "bc", "ca", "cb"});
}

TEST_CASE("network: one link healed inside a partition is open until all is cut again") {
  Setup setup = peers(3);
  setup.script = {partition(0, {"a"}), between(Action::heal, 1, "a", "b")};
  CHECK(heard(setup, 10) == Pairs{"ab", "ba", "bc", "cb"});
  setup.script.push_back(partition(2, {"a"}));
  CHECK(heard(setup, 10) == Pairs{"bc", "cb"});
  setup.script.push_back(heal_all(3));
  CHECK(heard(setup, 10).size() == 6);
}

TEST_CASE("network: isolated nodes are cut off one by one, also from each other") {
  Setup setup = peers(4);
  setup.script = {act(Action::isolate, 0, "ab")};
  CHECK(heard(setup, 10) == Pairs{"cd", "dc"});
  setup.script = {one_way(act(Action::isolate, 0, "a"))};
  CHECK(heard(setup, 10).size() == 9);  // it is not heard, and hears
}

TEST_CASE("network: a partition of many groups fits, and a hundred in a row can be undone") {
  Setup setup = peers(26);
  std::vector<std::string> groups;
  for (char letter = 'a'; letter < 'z'; ++letter) groups.push_back(std::string(1, letter));
  setup.script = {partition(0, groups)};
  CHECK(heard(setup, 10).empty());
  setup.script.clear();
  for (int i = 0; i < 100; ++i) {
    setup.script.push_back(partition(i, {"a", "b"}));
    setup.script.push_back(heal_all(i));
  }
  const Run done = run(setup);
  CHECK(events_of(done, EventKind::no_effect).empty());
}

TEST_CASE("network: partition upon partition cuts what either cuts, as often as one likes") {
  Setup setup = peers(4);
  for (int i = 0; i < 100; ++i) setup.script.push_back(partition(i, {"ab"}));
  for (int i = 0; i < 100; ++i) setup.script.push_back(partition(100 + i, {"ac"}));
  CHECK(heard(setup, 300).empty());
  CHECK(events_of(run(setup), EventKind::no_effect).empty());
}

TEST_CASE("network: isolating a hundred nodes isolates them all") {
  Setup setup = peers(1);
  NodeGroup many = setup.nodes[0];
  many.name = "n";
  many.count = 120;
  setup.nodes = {many};
  Input input;
  input.action = Action::isolate;
  input.groups.emplace_back();
  for (int i = 0; i < 100; ++i) input.groups[0].push_back(NodeId{i});
  setup.script = {input};
  const Run done = run(setup);
  CHECK(events_of(done, EventKind::no_effect).empty());
  CHECK(done.session->link(NodeId{99}, NodeId{3}) == LinkState::cut);
  CHECK(done.session->link(NodeId{99}, NodeId{119}) == LinkState::cut);
  CHECK(done.session->link(NodeId{119}, NodeId{50}) == LinkState::cut);
  CHECK(done.session->link(NodeId{118}, NodeId{119}) == LinkState::open);
}

TEST_CASE("network: random cuts take about their share, are drawn anew, and are healed together") {
  Setup setup = peers(26);
  Input cut;
  cut.action = Action::cut_random;
  cut.ppm = 300'000;
  setup.script = {cut};
  Run first = begin(setup);
  first.until(0);
  const auto cuts = [](const Session& session) {
    std::vector<bool> state;
    for (int from = 0; from < 26; ++from) {
      for (int to = 0; to < 26; ++to) {
        state.push_back(session.link(NodeId{from}, NodeId{to}) == LinkState::cut);
      }
    }
    return state;
  };
  const std::vector<bool> once = cuts(*first.session);
  const auto count = std::count(once.begin(), once.end(), true);
  CHECK(count > 676 * 22 / 100);
  CHECK(count < 676 * 38 / 100);
  setup.script.push_back(cut);
  Run second = begin(setup);
  second.to_end();
  CHECK(cuts(*second.session) != once);
  setup.script.push_back(heal_all(5));
  const std::vector<bool> healed = cuts(*run(setup).session);
  CHECK(std::count(healed.begin(), healed.end(), true) == 0);
  // A link healed by hand takes its chance again.
  cut.ppm = 1'000'000;
  setup.script = {cut, between(Action::heal, 1, "a", "b")};
  CHECK(run(setup).session->link(id('a'), id('b')) == LinkState::open);
  setup.script.push_back(cut);
  setup.script.back().at_us = 2;
  CHECK(run(setup).session->link(id('a'), id('b')) == LinkState::cut);
}

TEST_CASE("network: what is on a link when it is cut is lost, and so is what is sent then") {
  Setup setup = peers(2);
  setup.script = {tell(0, 'a', 'b', 1), between(Action::cut, 5'000, "a", "b"),
                  tell(6'000, 'a', 'b', 2), between(Action::heal, 20'000, "a", "b"),
                  tell(30'000, 'a', 'b', 3)};
  const Run done = run(setup);
  CHECK(numbers(*done.session, 'b', "got") == Numbers{3});
  const std::vector<Event> lost = events_of(done, EventKind::lost);
  REQUIRE(lost.size() == 2);
  CHECK(lost[0].at_us == 5'000);
  CHECK(lost[1].at_us == 6'000);
  CHECK(lost[0].loss == LossReason::cut);
  CHECK(done.session->counters().lost == 2);
}

TEST_CASE("network: a link that holds keeps both until it is healed") {
  Setup setup = peers(2);
  setup.network.on_cut = OnCut::hold;
  setup.script = {tell(0, 'a', 'b', 1), between(Action::cut, 4'000, "a", "b"),
                  tell(7'000, 'a', 'b', 2), between(Action::heal, 50'000, "a", "b")};
  Run going = begin(setup);
  going.until(20'000);
  REQUIRE(going.session->messages().size() == 2);
  CHECK(going.session->messages()[0].status == MessageStatus::held);
  CHECK(going.session->messages()[1].status == MessageStatus::held);
  CHECK(going.session->next_due_us() == 50'000);
  going.to_end();
  // The first had 6 ms of its way left, the second all of it.
  CHECK(times_of(going, EventKind::deliver) == std::vector<Time>{56'000, 60'000});
  CHECK(going.session->counters().lost == 0);
}

TEST_CASE("network: what a FIFO link held comes in order when it is healed") {
  Setup setup = peers(2);
  setup.network.on_cut = OnCut::hold;
  setup.network.link.fifo = true;
  setup.network.link.latency = {LatencyModel::uniform, milliseconds(1), milliseconds(500)};
  setup.script = {tell(0, 'a', 'b', 1, 10), between(Action::cut, 100'000, "a", "b"),
                  tell(200'000, 'a', 'b', 11, 10), between(Action::heal, 300'000, "a", "b"),
                  tell(300'001, 'a', 'b', 21, 10)};
  const Run done = run(setup);
  const Numbers got = numbers(*done.session, 'b', "got");
  REQUIRE(got.size() == 30);
  CHECK(std::is_sorted(got.begin(), got.end()));
}

TEST_CASE("network: messages overtake each other unless the link is FIFO") {
  for (const bool fifo : {false, true}) {
    Setup setup = peers(3);
    setup.network.link.latency = {LatencyModel::uniform, 0, milliseconds(100)};
    setup.network.link.fifo = fifo;
    for (int i = 0; i < 50; ++i) setup.script.push_back(tell(i * 1'000, 'a', 'b', i));
    const Run done = run(setup);
    const Numbers got = numbers(*done.session, 'b', "got");
    CHECK(got.size() == 50);
    CHECK(std::is_sorted(got.begin(), got.end()) == fifo);
  }
}

TEST_CASE("network: messages queue for a thin link, each direction by itself") {
  Setup setup = peers(2);
  setup.network.link = spec(milliseconds(5));
  setup.network.link.bytes_per_second = 1'000;
  const auto bulk = [](Time at_us, char from, char to) {
    // 40 bytes of headers, the kind, the number, the length and 57 letters: 100 bytes, 100 ms.
    return ask(at_us, std::string(1, from), "send_bulk",
               {{"peer", std::string(1, to)}, {"number", "1"}, {"size", "57"}});
  };
  setup.script = {bulk(0, 'a', 'b'), bulk(0, 'a', 'b'), bulk(0, 'b', 'a'), bulk(50'000, 'a', 'b'),
                  bulk(900'000, 'a', 'b')};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::deliver, id('b')) ==
        std::vector<Time>{105'000, 205'000, 305'000, 1'005'000});
  CHECK(times_of(done, EventKind::deliver, id('a')) == std::vector<Time>{105'000});
  CHECK(done.session->counters().bytes == 500);
}

TEST_CASE("network: loss, duplication and tampering happen as often as the link says") {
  Setup setup = peers(2);
  setup.network.link.loss_ppm = 200'000;
  setup.script = {tell(0, 'a', 'b', 0, 5'000)};
  const Run lossy = run(setup);
  const Counters& counters = lossy.session->counters();
  CHECK(counters.sent == 5'000);
  CHECK(counters.delivered + counters.lost == 5'000);
  CHECK(counters.lost > 900);
  CHECK(counters.lost < 1'100);
  CHECK(events_of(lossy, EventKind::lost)[0].loss == LossReason::network);
  CHECK(events_of(lossy, EventKind::lost)[0].at_us == 5'000);  // half-way

  setup.network.link = spec(10'000);
  setup.network.link.duplicate_ppm = 100'000;
  const Run doubled = run(setup);
  CHECK(doubled.session->counters().duplicated > 430);
  CHECK(doubled.session->counters().duplicated < 570);
  CHECK(doubled.session->counters().delivered == 5'000 + doubled.session->counters().duplicated);

  setup.network.link = spec(10'000);
  setup.network.link.tamper_ppm = 100'000;
  const Run altered = run(setup);
  // Some of what was altered is a number of hops: then there are more messages to alter.
  const auto tampered = static_cast<std::int64_t>(events_of(altered, EventKind::tampered).size());
  const auto sent = static_cast<std::int64_t>(altered.session->counters().sent);
  CHECK(tampered * 1'000 > sent * 86);
  CHECK(tampered * 1'000 < sent * 114);
  CHECK(altered.session->counters().delivered == altered.session->counters().sent);
}

TEST_CASE("network: tampering never overflows and leaves flags and nodes alone") {
  Setup setup = peers(2);
  setup.network.link.tamper_ppm = 1'000'000;
  setup.script = {ask(0, "a", "send_mixed", {{"peer", "b"}, {"token", std::to_string(INT64_MAX)}})};
  const Run done = run(setup);
  const Numbers got = numbers(*done.session, 'b', "got");
  REQUIRE(got.size() == 1);
  CHECK(got[0] < 0);  // went round, as numbers of 64 bits do
  const Row content = done.session->describe_payload(events_of(done, EventKind::deliver)[0]);
  CHECK(content.children[1].text == "yes");
  CHECK(content.children[2].text == "a");
}

TEST_CASE("network: one link may differ, in one direction or both") {
  Setup setup = peers(3);
  setup.links = {{id('a'), id('b'), true, spec(milliseconds(1))},
                 {id('b'), id('c'), false, spec(milliseconds(2))}};
  setup.script = {tell(0, 'a', 'b', 1), tell(0, 'b', 'a', 1), tell(0, 'b', 'c', 1),
                  tell(0, 'c', 'b', 1)};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::deliver) == std::vector<Time>{1'000, 1'000, 2'000, 10'000});
  CHECK(done.session->link_spec(id('c'), id('b')).latency.base_us == 10'000);
}

TEST_CASE(
    "network: a link's settings can change during the run; what is on its way keeps its time") {
  Setup setup = peers(3);
  Input one = between(Action::link, 1'000, "a", "b");
  one.link = spec(milliseconds(3));
  Input all;
  all.action = Action::link;
  all.at_us = 20'000;
  all.link = spec(milliseconds(4));
  setup.script = {tell(0, 'a', 'b', 1),      one,
                  tell(2'000, 'a', 'b', 2),  all,
                  tell(30'000, 'a', 'c', 3), tell(30'000, 'a', 'b', 4)};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::deliver, id('b')) == std::vector<Time>{5'000, 10'000, 33'000});
  CHECK(times_of(done, EventKind::deliver, id('c')) == std::vector<Time>{34'000});
}

TEST_CASE("network: bytes cost what their link charges") {
  Setup setup = peers(3);
  LinkSpec dear = spec(10'000);
  dear.nanocents_per_byte = 7;
  setup.links = {{id('a'), id('b'), true, dear}};
  setup.script = {tell(0, 'a', 'b', 1), tell(0, 'a', 'c', 1)};
  const Run done = run(setup);
  CHECK(done.session->counters().bytes == 2 * 43);
  CHECK(done.session->counters().nanocents == 43 * 7);
}

}  // namespace netsplit::test::network_test
