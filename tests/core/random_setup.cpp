// Setups drawn from a seed: every kind of input, every kind of fault, sensible and senseless alike.
#include <algorithm>

#include "core/base/rng.h"
#include "support.h"

namespace netsplit::test {
namespace {

class Draw {
 public:
  Draw(std::string_view protocol, std::uint64_t seed) : rng_(seed, 77, 0) {
    setup_ = peers(5);
    setup_.protocol = protocol;
    setup_.seed = seed;
    const char* const lock_roles[] = {"client", "client", "client", "lock_service", "storage"};
    for (std::size_t i = 0; i < 5; ++i) {
      NodeGroup& group = setup_.nodes[i];
      if (protocol == "lease_lock") group.role = lock_roles[i];
      if (protocol == "clocks") group.role = "process";
      if (below(4) == 0) {
        group.clock = {between(-2'000, 2'000), between(-seconds(1), seconds(1)), below(2) == 0,
                       milliseconds(50 + below(500)), milliseconds(below(5))};
      }
    }
    setup_.nodes[2].joins_later = below(5) == 0;
  }

  Setup make() {
    LinkSpec& link = setup_.network.link;
    link = random_link();
    setup_.network.on_cut = below(2) == 0 ? OnCut::lose : OnCut::hold;
    if (below(3) == 0) setup_.links.push_back({node(), NodeId{4}, false, random_link()});
    std::erase_if(setup_.links, [](const LinkException& one) { return one.from == one.to; });
    if (setup_.protocol == "lease_lock") {
      setup_.parameters = {{"fencing", below(3)},
                           {"lease", milliseconds(100 + below(900))},
                           {"retry", milliseconds(300)},
                           {"give_up", milliseconds(900)}};
    } else if (setup_.protocol == "clocks") {
      setup_.parameters = {{"pace", milliseconds(20 + below(200))}, {"events", 1 + below(8)}};
    }
    setup_.until_us = seconds(2);
    setup_.manual = below(8) == 0;
    Time at_us = 0;
    for (int i = 5 + below(30); i > 0; --i) {
      if (below(3) != 0) at_us += between(0, milliseconds(90));
      setup_.script.push_back(input(at_us));
    }
    return setup_;
  }

 private:
  int below(int n) { return static_cast<int>(rng_.below(static_cast<std::uint32_t>(n))); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return rng_.between(low, high); }
  NodeId node() { return NodeId{below(5)}; }
  std::string name() { return std::string(1, static_cast<char>('a' + below(5))); }

  LinkSpec random_link() {
    LinkSpec link;
    link.latency = {static_cast<LatencyModel>(below(4)), between(0, milliseconds(20)),
                    between(0, milliseconds(20))};
    if (below(3) == 0) link.loss_ppm = 1'000 * below(300);
    if (below(3) == 0) link.duplicate_ppm = 1'000 * below(300);
    if (below(6) == 0) link.tamper_ppm = 1'000 * below(300);
    link.fifo = below(3) == 0;
    if (below(4) == 0) link.bytes_per_second = 2'000 + below(20'000);
    link.nanocents_per_byte = below(3);
    return link;
  }

  std::vector<NodeId> some() {
    std::vector<NodeId> nodes;
    for (int i = 0; i < 5; ++i) {
      if (below(3) == 0) nodes.push_back(NodeId{i});
    }
    if (nodes.empty()) nodes.push_back(node());
    return nodes;
  }

  void two_groups(Input& made) {
    made.groups.resize(2);
    for (int i = 0; i < 5; ++i)
      made.groups[static_cast<std::size_t>(i < 2 ? i : below(2))].push_back(NodeId{i});
  }

  Input input(Time at_us) {
    Input made;
    // Half of it is the protocol's own business.
    const int actions = static_cast<int>(enumerator_names<Action>().size());
    made.action = below(2) == 0 ? Action::request : static_cast<Action>(below(actions));
    made.at_us = at_us;
    made.one_way = below(3) == 0;
    if (below(6) == 0) made.after_step = below(200);
    if (below(5) == 0) made.choices = {rng_.below(9), 0, rng_.below(1'000'000)};
    made.by_hand = below(4) == 0;
    target(made);
    return made;
  }

  void target(Input& made) {
    switch (made.action) {
      case Action::cut:
      case Action::heal:
      case Action::partition:
      case Action::link:
        if (made.action == Action::cut || made.action == Action::partition || below(2) == 0)
          two_groups(made);
        made.link = random_link();
        return;
      case Action::cut_random:
        made.ppm = 1'000 * below(600);
        return;
      case Action::drop:
      case Action::duplicate:
      case Action::deliver:
      case Action::delay:
      case Action::alter:
        if (below(2) == 0) made.message.id = static_cast<MessageId>(1 + below(60));
        if (below(2) == 0) made.message.from = node();
        made.duration_us = between(0, milliseconds(300));
        made.name = setup_.protocol == "lease_lock" ? "token" : "lamport";
        made.arguments = {{made.name, std::to_string(below(9))}};
        return;
      case Action::request:
        return request(made);
      default:
        made.groups = {some()};
        made.ppm = made.action == Action::clock_ntp ? below(2) : between(-300'000, 300'000);
        made.duration_us = between(-seconds(20), seconds(20));
        made.name = setup_.protocol == "lease_lock" ? "value_ready"
                    : setup_.protocol == "clocks"   ? "work"
                                                    : "beat";
    }
  }

  void request(Input& made) {
    made.groups = {some()};
    if (setup_.protocol == "lease_lock") {
      made.name = "lock_and_write";
      made.arguments = {{"work_us", std::to_string(between(0, milliseconds(300)))}};
    } else if (setup_.protocol == "clocks") {
      made.name = below(2) == 0 ? "tell" : "do_something";
      if (made.name == "tell") made.arguments = {{"peer", name()}};
    } else if (below(2) == 0) {
      made.name = "send";
      made.arguments = {{"peer", name()}, {"number", "3"}, {"hops", "4"}, {"count", "2"}};
    } else if (below(2) == 0) {
      made.name = "toil";
      made.arguments = {{"peer", name()},
                        {"work_us", std::to_string(between(0, milliseconds(40)))}};
    } else {
      made.name = below(2) == 0 ? "choose" : "set_beat";
      made.arguments =
          made.name == "choose"
              ? std::vector<std::pair<std::string, std::string>>{{"n", "100"}, {"times", "2"}}
              : std::vector<std::pair<std::string, std::string>>{{"low_us", "1ms"},
                                                                 {"high_us", "90ms"}};
    }
  }

  Rng rng_;
  Setup setup_;
};

}  // namespace

Setup random_setup(std::string_view protocol, std::uint64_t seed) {
  return Draw(protocol, seed).make();
}

}  // namespace netsplit::test
