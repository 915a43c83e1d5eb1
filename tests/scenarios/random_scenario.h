// Scenarios made at random, in the form that parse_scenario gives them: whatever may stand in a
// file stands in one of them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/scenario/registry.h"

namespace netsplit::test {

class RandomScenario {
 public:
  explicit RandomScenario(std::uint64_t seed) : rng_(seed, 0, 0) {}

  Scenario make() {
    Scenario scenario;
    Setup& setup = scenario.setup;
    const auto entries = protocols();
    info_ = entries[below(static_cast<int>(entries.size()))].info;
    setup.protocol = info_->name;
    make_nodes(setup);
    for (const ParameterInfo& parameter : info_->parameters) {
      const std::int64_t value = rng_.between(parameter.low, parameter.high);
      if (below(2) == 0 && value != parameter.usual) {
        setup.parameters.emplace_back(parameter.name, value);
      }
    }
    setup.network.link = link_spec(LinkSpec{});
    setup.network.on_cut = below(2) == 0 ? OnCut::lose : OnCut::hold;
    for (int i = below(3); i > 0; --i) {
      const std::vector<NodeId> ends = some_nodes(2);
      if (ends.size() == 2) {
        setup.links.push_back({ends[0], ends[1], below(2) == 0, link_spec(setup.network.link)});
      }
    }
    setup.seed = below(2) == 0 ? rng_.next() : static_cast<std::uint64_t>(below(100));
    setup.until_us = 1 + time(seconds(100));
    setup.manual = below(4) == 0;
    for (int i = below(12); i > 0; --i) setup.script.push_back(input(setup));
    std::stable_sort(setup.script.begin(), setup.script.end(),
                     [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
    make_around(scenario);
    return scenario;
  }

 private:
  int below(int n) { return static_cast<int>(rng_.below(static_cast<std::uint32_t>(n))); }
  // Whole seconds, whole milliseconds or any microsecond.
  Time time(Time high_us) {
    const Time any_us = rng_.between(0, high_us);
    const Time units[] = {1, milliseconds(1), seconds(1)};
    const Time unit_us = units[below(3)];
    return any_us / unit_us * unit_us;
  }
  std::int64_t ppm() { return below(2) == 0 ? 0 : rng_.between(0, 1'000'000); }
  std::string text() {
    const char* const words[] = {"plain", "with \"quotes\"", "é and 漢字", "back\\slash",
                                 "ends\nhere"};
    return words[below(4)];
  }

  void make_nodes(Setup& setup) {
    nodes_.clear();
    const char* const names[] = {"alice", "bob", "n", "node two", "é"};
    const int groups = 2 + below(4);
    for (int i = 0; i < groups; ++i) {
      NodeGroup group;
      group.name = names[i];
      group.role =
          info_->roles[static_cast<std::size_t>(below(static_cast<int>(info_->roles.size())))].name;
      group.count = below(3) == 0 ? 1 + below(30) : 1;
      group.joins_later = below(5) == 0;
      if (below(3) == 0) {
        group.clock = {rng_.between(-1000, 1000), time(seconds(9)) - seconds(4), below(2) == 0,
                       milliseconds(10) + time(seconds(30)), time(seconds(1))};
      }
      for (std::int32_t n = 0; n < group.count; ++n) {
        nodes_.push_back(NodeId{static_cast<std::int32_t>(nodes_.size())});
        names_.push_back(group.count == 1 ? group.name : group.name + std::to_string(n + 1));
        roles_.push_back(group.role);
      }
      setup.nodes.push_back(std::move(group));
    }
  }

  LinkSpec link_spec(const LinkSpec& usual) {
    LinkSpec link = usual;
    if (below(2) == 0) {
      link.latency = {static_cast<LatencyModel>(below(4)), time(seconds(1)), time(seconds(1))};
    }
    if (below(3) == 0) link.loss_ppm = ppm();
    if (below(3) == 0) link.duplicate_ppm = ppm();
    if (below(3) == 0) link.tamper_ppm = ppm();
    if (below(3) == 0) link.fifo = !link.fifo;
    if (below(3) == 0) link.bytes_per_second = rng_.between(0, 1'000'000);
    if (below(3) == 0) link.nanocents_per_byte = rng_.between(0, 1'000);
    return link;
  }

  // Distinct nodes, often in a row.
  std::vector<NodeId> some_nodes(int count_max) {
    std::vector<NodeId> nodes;
    std::size_t at = static_cast<std::size_t>(below(static_cast<int>(nodes_.size())));
    for (int i = 1 + below(count_max); i > 0 && at < nodes_.size(); --i) {
      nodes.push_back(nodes_[at]);
      at += below(5) == 0 ? 2 : 1;
    }
    return nodes;
  }

  Input input(const Setup& setup) {
    Input made;
    made.action = static_cast<Action>(below(static_cast<int>(enumerator_names<Action>().size())));
    made.at_us = time(seconds(20));
    if (below(5) == 0) made.after_step = below(1000);
    made.by_hand = below(3) == 0;
    if (below(6) == 0) made.choices = {0, rng_.below(9)};
    make_target(made);
    make_manner(made, setup);
    return made;
  }

  void make_target(Input& made) {
    switch (made.action) {
      case Action::cut:
      case Action::heal:
      case Action::link:
      case Action::partition: {
        const bool may_be_all = made.action == Action::heal || made.action == Action::link;
        if (may_be_all && below(3) == 0) return;
        std::vector<NodeId> all = nodes_;
        const auto middle = all.begin() + 1 + below(static_cast<int>(all.size()) - 1);
        made.groups = {{all.begin(), middle}, {middle, all.end()}};
        made.one_way = below(3) == 0;
        return;
      }
      case Action::isolate:
        made.one_way = below(2) == 0;
        made.groups = {some_nodes(5)};
        return;
      case Action::cut_random:
        return;
      case Action::drop:
      case Action::duplicate:
      case Action::deliver:
      case Action::delay:
      case Action::alter:
        if (below(2) == 0) {
          made.message.id = 1 + rng_.below(1000);
        } else {
          if (below(2) == 0) made.message.from = nodes_.front();
          if (below(2) == 0) made.message.to = nodes_.back();
          if (below(2) == 0) made.message.label = info_->messages[0].name;
        }
        return;
      default:
        made.groups = {some_nodes(6)};
    }
  }

  void make_manner(Input& made, const Setup& setup) {
    switch (made.action) {
      case Action::link:
        made.link = link_spec(setup.network.link);
        return;
      case Action::cut_random:
        made.ppm = ppm();
        return;
      case Action::clock_drift:
        made.ppm = rng_.between(-drift_max_ppm, drift_max_ppm);
        return;
      case Action::clock_ntp:
        made.ppm = below(2);
        return;
      case Action::clock_step:
        made.duration_us = time(seconds(60)) - seconds(30);
        return;
      case Action::delay:
        made.duration_us = time(seconds(60));
        return;
      case Action::alter: {
        const char* const values[] = {"34", "true", "5s", "007", "-0", "alice", ""};
        made.name = "token";
        made.arguments = {{"token", values[below(7)]}};
        return;
      }
      case Action::fire:
        if (info_->timers.empty()) {
          made.action = Action::resume;
          return;
        }
        made.name =
            info_->timers[static_cast<std::size_t>(below(static_cast<int>(info_->timers.size())))]
                .name;
        return;
      case Action::request: {
        const auto& requests = info_->requests;
        if (requests.empty()) {  // nobody asks its nodes for anything
          made.action = Action::resume;
          return;
        }
        const RequestInfo& request =
            requests[static_cast<std::size_t>(below(static_cast<int>(requests.size())))];
        made.name = request.name;
        for (const std::string& argument : request.arguments)
          made.arguments.emplace_back(argument, "1");
        std::erase_if(made.groups[0], [&](NodeId id) {
          const std::string& role = roles_[static_cast<std::size_t>(id.value)];
          return std::find(request.roles.begin(), request.roles.end(), role) == request.roles.end();
        });
        // Nobody here understands it: then it is a pause of the first node.
        if (made.groups[0].empty()) {
          made.action = Action::pause;
          made.groups = {{nodes_.front()}};
          made.name.clear();
          made.arguments.clear();
        }
        return;
      }
      default:
        return;
    }
  }

  // An input without what a line without its time cannot say.
  Input action(const Setup& setup) {
    Input made = input(setup);
    made.at_us = 0;
    made.after_step = -1;
    made.by_hand = false;
    return made;
  }

  Occurrence occurrence() {
    Occurrence made;
    if (below(3) == 0) {
      made.property = "property_1";
      made.standing = below(2) == 0 ? Standing::holds : Standing::violated;
      return made;
    }
    made.event =
        static_cast<EventKind>(below(static_cast<int>(enumerator_names<EventKind>().size())));
    if (below(2) == 0) made.node = names_.front();
    if (below(2) == 0) made.peer = names_.back();
    if (made.event == EventKind::deliver && below(2) == 0) made.label = info_->messages[0].name;
    if (made.event == EventKind::complete && below(2) == 0) made.label = "unknown";
    if (made.event == EventKind::network && below(2) == 0) made.label = "cut";
    return made;
  }

  Highlight highlight() {
    using Kind = Highlight::Kind;
    switch (below(6)) {
      case 0:
        return {Kind::link, names_.front(), names_.back(), ""};
      case 1:
        return {Kind::field, names_.back(), "", "disk.value"};
      case 2:
        return {Kind::property, "", "", "property_1"};
      case 3:
        return {Kind::message, "", "", info_->messages[0].name};
      case 4:
        return {Kind::panel, "", "", panel_names()[0]};
      default:
        return {Kind::node, names_.front(), "", ""};
    }
  }

  Reveal reveal() {
    Reveal made;
    made.kind = static_cast<Reveal::Kind>(below(8));
    made.at_us = made.kind == Reveal::Kind::none ? 0 : time(seconds(9));
    switch (made.kind) {
      case Reveal::Kind::none:
        return made;
      case Reveal::Kind::property:
        made.name = "property_1";
        return made;
      case Reveal::Kind::happened:
        while (!made.happened.property.empty() || made.happened == Occurrence{})
          made.happened = occurrence();
        return made;
      case Reveal::Kind::messages:
        if (below(2) == 0) made.node = names_.front();
        if (below(2) == 0) made.peer = names_.back();
        if (below(2) == 0) made.name = info_->messages[0].name;
        break;
      case Reveal::Kind::operation:
      case Reveal::Kind::result:
        made.number = 1 + below(3);
        made.node = names_.back();
        break;
      case Reveal::Kind::field:
        made.node = names_.back();
        made.name = "disk.value";
        break;
      case Reveal::Kind::meter:
        made.name = "lost";
        break;
    }
    if (below(2) == 0) made.values = {text(), text()};
    return made;
  }

  Task task(const Setup& setup) {
    Task made;
    if (below(3) != 0) {
      made.input = action(setup);
      return made;
    }
    const auto& infos = info_->parameters;
    const ParameterInfo& info =
        infos[static_cast<std::size_t>(below(static_cast<int>(infos.size())))];
    made.parameter = info.name;
    made.value = rng_.between(info.low, info.high);
    return made;
  }

  LessonStep lesson_step(const Setup& setup) {
    LessonStep step;
    step.title = text();
    step.text = text() + "\n";
    step.at_us = time(seconds(9));
    if (below(3) == 0) step.when = occurrence();
    for (int i = below(3); i > 0; --i) step.highlight.push_back(highlight());
    if (below(2) == 0) {
      step.question = text();
      step.answers = {text(), text()};
      step.reveal = reveal();
    }
    if (below(3) == 0) step.wait = task(setup);
    return step;
  }

  void make_around(Scenario& scenario) {
    if (below(2) == 0) scenario.id = "made-" + std::to_string(below(100));
    if (below(2) == 0) scenario.title = text();
    if (below(2) == 0) scenario.chapter = text();
    scenario.order = below(3);
    if (below(2) == 0) scenario.summary = text() + "\n" + text();
    for (int i = below(3); i > 0; --i) {
      scenario.expect.push_back(
          {"property_" + std::to_string(i), below(2) == 0 ? Standing::holds : Standing::violated});
    }
    for (int i = below(3); i > 0; --i) {
      scenario.lesson.push_back(lesson_step(scenario.setup));
    }
    for (int i = below(3); i > 0; --i) {
      Staging staging{text(), time(seconds(9)), {}, {}};
      if (below(3) == 0) staging.when = occurrence();
      for (int n = below(3); n > 0; --n) staging.then.push_back(action(scenario.setup));
      scenario.stagings.push_back(std::move(staging));
    }
    if (below(2) == 0) scenario.positions = {{names_.back(), below(1001), below(1001)}};
    if (below(2) == 0) scenario.compare = "lock-fenced";
    if (below(2) == 0) scenario.next = "lamport";
    if (below(2) == 0) scenario.speed_ppm = rng_.between(1, 10'000'000);
  }

  Rng rng_;
  const ProtocolInfo* info_ = nullptr;
  std::vector<NodeId> nodes_;
  std::vector<std::string> names_;
  std::vector<std::string> roles_;
};

}  // namespace netsplit::test
