#include "ui/setup_edit.h"

#include <algorithm>
#include <utility>

#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// Where nodes have gone: old numbers to new ones.
class Moves {
 public:
  Moves(const std::vector<NodeGroup>& before, const std::vector<NodeGroup>& after,
        const std::vector<std::size_t>& origin) {
    std::int32_t first = 0;
    for (const NodeGroup& group : before) {
      ranges_.push_back({first, group.count, 0, 0});
      first += group.count;
    }
    first = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (origin[i] != new_group) {
        ranges_[origin[i]].to = first;
        ranges_[origin[i]].kept = after[i].count;
      }
      first += after[i].count;
    }
  }

  // Nobody when it is gone.
  NodeId operator()(NodeId old) const {
    for (const Range& range : ranges_) {
      const std::int32_t place = old.value - range.first;
      if (place < 0 || place >= range.count) continue;
      return place < range.kept ? NodeId{range.to + place} : nobody;
    }
    return nobody;
  }

 private:
  struct Range {
    std::int32_t first, count, to, kept;
  };
  std::vector<Range> ranges_;
};

// False when nothing of it is left.
bool follow(Input& input, const Moves& moves) {
  for (NodeId* node : {&input.message.from, &input.message.to}) {
    if (*node == nobody) continue;
    *node = moves(*node);
    if (*node == nobody) return false;
  }
  const std::size_t groups = input.groups.size();
  for (auto& group : input.groups) {
    for (NodeId& node : group) node = moves(node);
    std::erase(group, nobody);
  }
  std::erase_if(input.groups, [](const auto& group) { return group.empty(); });
  if (input.action == Action::partition) return !input.groups.empty();
  return input.groups.size() == groups;
}

// Names in lesson and positions.
struct Names {
  const NodeIndex& before;
  const NodeIndex& after;
  const Moves& moves;

  // False when a node of that name is gone; "" names none.
  bool follow(std::string& name) const {
    if (name.empty()) return true;
    const NodeId old = before.find(name);
    const NodeId now = old == nobody ? nobody : moves(old);
    if (now == nobody) return false;
    name = after.name(now);
    return true;
  }
  bool follow(Occurrence& occurrence) const {
    return follow(occurrence.node) && follow(occurrence.peer);
  }
};

void follow(LessonStep& step, const Names& names) {
  std::erase_if(step.highlight, [&](Highlight& highlight) {
    return !names.follow(highlight.node) || !names.follow(highlight.other);
  });
  if (step.when && !names.follow(*step.when)) step.when.reset();
  if (step.wait && step.wait->input && !follow(*step.wait->input, names.moves)) step.wait.reset();
  Reveal& reveal = step.reveal;
  if (names.follow(reveal.node) && names.follow(reveal.peer) && names.follow(reveal.happened))
    return;
  // A question about a node that is gone has no answer.
  step.question.clear();
  step.answers.clear();
  reveal = {};
}

std::vector<std::size_t> same_origin(std::size_t count) {
  std::vector<std::size_t> origin(count);
  for (std::size_t i = 0; i < count; ++i) origin[i] = i;
  return origin;
}

}  // namespace

Status set_nodes(Scenario& scenario, std::vector<NodeGroup> groups,
                 const std::vector<std::size_t>& origin) {
  const Status sound = NodeIndex::check(groups);
  if (!sound) return sound;
  Setup& setup = scenario.setup;
  const Moves moves(setup.nodes, groups, origin);
  const NodeIndex before(setup.nodes);
  const NodeIndex after(groups);
  std::erase_if(setup.script, [&](Input& input) { return !follow(input, moves); });
  std::erase_if(setup.links, [&](LinkException& link) {
    link.from = moves(link.from);
    link.to = moves(link.to);
    return link.from == nobody || link.to == nobody;
  });
  const Names names{before, after, moves};
  std::erase_if(scenario.positions, [&](Position& each) { return !names.follow(each.node); });
  for (LessonStep& step : scenario.lesson) follow(step, names);
  for (Staging& staging : scenario.stagings) {
    if (staging.when && !names.follow(*staging.when)) staging.when.reset();
    std::erase_if(staging.then, [&](Input& input) { return !follow(input, moves); });
  }
  setup.nodes = std::move(groups);
  return Done{};
}

Status add_group(Scenario& scenario, NodeGroup group) {
  std::vector<NodeGroup> groups = scenario.setup.nodes;
  std::vector<std::size_t> origin = same_origin(groups.size());
  groups.push_back(std::move(group));
  origin.push_back(new_group);
  return set_nodes(scenario, std::move(groups), origin);
}

Status remove_group(Scenario& scenario, std::size_t index) {
  std::vector<NodeGroup> groups = scenario.setup.nodes;
  if (groups.size() < 2) return Error{std::string(t().last_node)};
  std::vector<std::size_t> origin = same_origin(groups.size());
  groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(index));
  origin.erase(origin.begin() + static_cast<std::ptrdiff_t>(index));
  return set_nodes(scenario, std::move(groups), origin);
}

Status change_group(Scenario& scenario, std::size_t index, NodeGroup group) {
  std::vector<NodeGroup> groups = scenario.setup.nodes;
  groups[index] = std::move(group);
  return set_nodes(scenario, groups, same_origin(groups.size()));
}

std::string free_name(const Setup& setup, std::string_view wish) {
  std::vector<NodeGroup> groups = setup.nodes;
  groups.emplace_back();
  for (int number = 1;; ++number) {
    groups.back().name = std::string(wish) + (number == 1 ? "" : std::to_string(number));
    if (NodeIndex::check(groups)) return groups.back().name;
  }
}

std::size_t insert_input(Setup& setup, Input input) {
  const auto at = std::upper_bound(setup.script.begin(), setup.script.end(), input.at_us,
                                   [](Time t, const Input& other) { return t < other.at_us; });
  const auto place = at - setup.script.begin();
  setup.script.insert(at, std::move(input));
  return static_cast<std::size_t>(place);
}

std::size_t change_input(Setup& setup, std::size_t index, Input input) {
  if (input.at_us == setup.script[index].at_us) {
    setup.script[index] = std::move(input);
    return index;
  }
  // "After so many steps" was true of the old time only.
  input.after_step = -1;
  remove_input(setup, index);
  return insert_input(setup, std::move(input));
}

void remove_input(Setup& setup, std::size_t index) {
  setup.script.erase(setup.script.begin() + static_cast<std::ptrdiff_t>(index));
}

std::size_t move_input(Setup& setup, std::size_t index, bool up) {
  if (up ? index == 0 : index + 1 >= setup.script.size()) return index;
  const std::size_t other = up ? index - 1 : index + 1;
  for (const std::size_t each : {index, other}) setup.script[each].after_step = -1;
  setup.script[index].at_us = setup.script[other].at_us;
  std::swap(setup.script[index], setup.script[other]);
  return other;
}

ActionForm form_of(Action action) {
  switch (action) {
    case Action::cut:
      return {.nodes = true, .others = true, .one_way = true};
    case Action::heal:
      return {.nodes = true, .others = true, .all = true, .one_way = true};
    case Action::link:
      return {.nodes = true, .others = true, .all = true, .one_way = true, .link = true};
    case Action::partition:
      return {.parts = true, .one_way = true};
    case Action::isolate:
      return {.nodes = true, .one_way = true};
    case Action::cut_random:
      return {.ppm = true};
    case Action::clock_step:
      return {.nodes = true, .duration = true};
    case Action::clock_drift:
      return {.nodes = true, .ppm = true};
    case Action::clock_ntp:
      return {.nodes = true, .on_off = true};
    case Action::drop:
    case Action::duplicate:
    case Action::deliver:
      return {.message = true};
    case Action::delay:
      return {.message = true, .duration = true};
    case Action::alter:
      return {.message = true, .name = ActionForm::Name::field};
    case Action::fire:
      return {.nodes = true, .name = ActionForm::Name::timer};
    case Action::request:
      return {.nodes = true, .name = ActionForm::Name::request};
    default:
      return {.nodes = true};
  }
}

Input usual_input(Action action, Time at_us, NodeId node, const Setup& setup,
                  const ProtocolInfo& protocol) {
  const NodeIndex index(setup.nodes);
  const ActionForm form = form_of(action);
  const NodeId first = node.value >= 0 && node.value < index.count() ? node : NodeId{0};
  const NodeId second{first.value == 0 && index.count() > 1 ? 1 : 0};
  Input input;
  input.action = action;
  input.at_us = at_us;
  if (form.nodes) input.groups.push_back({first});
  if (form.others) input.groups.push_back({second});
  if (form.parts) input.groups = {{first}};
  if (form.all) input.groups.clear();
  if (action == Action::clock_step || action == Action::delay) input.duration_us = seconds(1);
  if (action == Action::clock_drift) input.ppm = 200;
  if (action == Action::cut_random) input.ppm = 200'000;
  if (action == Action::clock_ntp) input.ppm = 1;
  if (form.link) input.link = setup.network.link;
  if (form.name == ActionForm::Name::timer && !protocol.timers.empty())
    input.name = protocol.timers.front().name;
  if (form.name != ActionForm::Name::request) return input;
  // The first request that the node understands, or else a node that understands the first.
  const std::string& role = setup.nodes[index.group_of(first)].role;
  const auto knows = [](const RequestInfo& info, const std::string& wanted) {
    return std::find(info.roles.begin(), info.roles.end(), wanted) != info.roles.end();
  };
  for (const RequestInfo& info : protocol.requests) {
    if (!knows(info, role)) continue;
    input.name = info.name;
    return input;
  }
  for (std::int32_t i = 0; i < index.count() && !protocol.requests.empty(); ++i) {
    if (!knows(protocol.requests.front(), setup.nodes[index.group_of(NodeId{i})].role)) continue;
    input.name = protocol.requests.front().name;
    input.groups = {{NodeId{i}}};
    break;
  }
  return input;
}

std::string nodes_text(const std::vector<NodeId>& nodes, const NodeIndex& index) {
  std::string text;
  for (const std::string& each : index.texts_of(nodes)) text += (text.empty() ? "" : ", ") + each;
  return text;
}

Result<std::vector<NodeId>> parse_nodes(std::string_view text, const NodeIndex& index) {
  std::vector<NodeId> nodes;
  std::vector<bool> seen(static_cast<std::size_t>(index.count()));
  while (!text.empty()) {
    const std::size_t cut = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, cut);
    text.remove_prefix(std::min(cut + 1, text.size()));
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    if (word.empty()) continue;
    const auto span = index.span_of(word);
    if (!span) return Error{span.error()};
    for (std::int32_t i = span.value().first.value; i <= span.value().second.value; ++i) {
      if (!seen[static_cast<std::size_t>(i)]) nodes.push_back({i});
      seen[static_cast<std::size_t>(i)] = true;
    }
  }
  if (nodes.empty()) return Error{std::string(t().name_a_node)};
  return nodes;
}

}  // namespace netsplit::ui
