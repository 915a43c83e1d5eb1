// What a person does to the network: every gesture is an input of the script. And the commands, by
// name, that do the same.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/time.h"
#include "ui/message_label.h"
#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

Result<NodeId> node_called(const Session& session, std::string_view name) {
  const NodeId id = session.find_node(name);
  if (id == nobody) return Error{say(t().no_such_node, {name.substr(0, 60)})};
  return id;
}

// "alice,bob": none is an error.
Result<std::vector<NodeId>> nodes_called(const Session& session, std::string_view list) {
  std::vector<NodeId> ids;
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const auto id = node_called(session, list.substr(0, comma));
    if (!id) return Error{id.error()};
    ids.push_back(id.value());
    if (comma == list.size()) return ids;
    list.remove_prefix(comma + 1);
  }
}

struct Halves {
  std::string_view before, after;
};
Halves cut_at(std::string_view text, char sign) {
  const std::size_t at = std::min(text.find(sign), text.size());
  return {text.substr(0, at), text.substr(std::min(at + 1, text.size()))};
}

std::vector<NodeId> all_but(const Session& session, const std::vector<NodeId>& inside) {
  std::vector<bool> is_inside(static_cast<std::size_t>(session.node_count()));
  for (const NodeId id : inside) is_inside[static_cast<std::size_t>(id.value)] = true;
  std::vector<NodeId> others;
  for (std::int32_t i = 0; i < session.node_count(); ++i) {
    if (!is_inside[static_cast<std::size_t>(i)]) others.push_back({i});
  }
  return others;
}

}  // namespace

void Model::partition(const std::vector<NodeId>& inside, Apart apart) {
  const std::vector<NodeId> others = all_but(session(), inside);
  if (inside.empty() || others.empty()) return say_toast(std::string(t().nothing_apart));
  hints.cut = true;
  if (apart == Apart::each_alone) {
    push(on_nodes(Action::isolate, 0, inside));
    return;
  }
  Input input = on_nodes(Action::partition, 0, apart == Apart::deaf ? others : inside);
  input.one_way = apart != Apart::both_ways;
  push(std::move(input));
}

void Model::heal_around(const std::vector<NodeId>& inside) {
  const std::vector<NodeId> others = all_but(session(), inside);
  if (inside.empty() || others.empty()) return heal_all();
  Input input = on_nodes(Action::heal, 0, inside);
  input.groups.push_back(others);
  push(std::move(input));
}

void Model::step_clock(NodeId id, Time by_us) {
  Input input = on_nodes(Action::clock_step, 0, {id});
  input.duration_us = by_us;
  push(std::move(input));
}

void Model::set_drift(NodeId id, std::int64_t ppm) {
  Input input = on_nodes(Action::clock_drift, 0, {id});
  input.ppm = ppm;
  push(std::move(input));
}

void Model::set_ntp(NodeId id, bool on) {
  Input input = on_nodes(Action::clock_ntp, 0, {id});
  input.ppm = on ? 1 : 0;
  push(std::move(input));
}

void Model::on_message(Action action, MessageId id) {
  if (action == Action::delay) return delay_message(id, usual_delay_us());
  push(::netsplit::on_message(action, 0, id));
  selected_message = 0;
}

void Model::delay_message(MessageId id, Time by_us) {
  Input input = ::netsplit::on_message(Action::delay, 0, id);
  input.duration_us = by_us;
  push(std::move(input));
  selected_message = 0;
}

bool Model::alter_message(MessageId id, const std::string& field, const std::string& text) {
  Input input = ::netsplit::on_message(Action::alter, 0, id);
  input.name = field;
  input.arguments = {{field, text}};
  return push(std::move(input));
}

void Model::fire_timer(NodeId id, std::size_t at) {
  std::vector<TimerView> own = session().timers();
  std::erase_if(own, [&](const TimerView& timer) { return timer.node != id; });
  const std::vector<Row> contents = session().timer_contents(id);
  if (at >= own.size() || at >= contents.size()) return;
  Input input = on_nodes(Action::fire, 0, {id});
  input.name = session().protocol().timers[own[at].kind].name;
  // One of several timers of a kind is told by what it carries.
  for (const Row& field : contents[at].children) {
    if (field.children.empty()) input.arguments.emplace_back(field.name, text_to_assign(field));
  }
  push(std::move(input));
}

void Model::ask(NodeId id, const std::string& request) {
  Input input = on_nodes(Action::request, 0, {id});
  input.name = request;
  push(std::move(input));
}

void Model::set_manual(bool on) {
  if (!open() || manual() == on) return;
  Setup setup = timeline->setup();
  setup.manual = on;
  const Status done = restart_with(setup);
  if (!done) return say_toast(done.error(), Tone::bad);
  say_toast(std::string(on ? t().manual_began : t().manual_over));
}

void Model::move_node(NodeId id, ImVec2 place) {
  const auto at =
      std::find_if(scenario.positions.begin(), scenario.positions.end(),
                   [&](const Position& p) { return session().find_node(p.node) == id; });
  Position moved{session().node_name(id),
                 static_cast<std::int32_t>(std::clamp(std::lround(place.x), 0L, 1000L)),
                 static_cast<std::int32_t>(std::clamp(std::lround(place.y), 0L, 1000L))};
  if (at == scenario.positions.end()) {
    scenario.positions.push_back(std::move(moved));
  } else {
    *at = std::move(moved);
  }
}

// Where on its way a lost message was, from where the network last drew it.
float Model::part_of_way(const Event& event) const {
  if (event.loss == LossReason::receiver_down || event.loss == LossReason::receiver_absent)
    return 1;
  if (event.loss == LossReason::sender_down) return 0;
  const auto drawn = std::find_if(message_at.begin(), message_at.end(),
                                  [&](const Placed& each) { return each.id == event.message; });
  const std::size_t count = node_at.size();
  const auto from = static_cast<std::size_t>(event.node.value);
  const auto to = static_cast<std::size_t>(event.peer.value);
  if (drawn == message_at.end() || from >= count || to >= count) return 0.5f;
  const ImVec2 way = node_at[to] - node_at[from];
  const ImVec2 gone = drawn->at - node_at[from];
  const float whole = way.x * way.x + way.y * way.y;
  return whole < 1 ? 0.5f : std::clamp((gone.x * way.x + gone.y * way.y) / whole, 0.f, 1.f);
}

// Commands: "partition", "not_heard", "deaf", "each_alone", "heal_around" (a,b,…), "clock_step"
// (a=-2s), "clock_drift" (a=500), "ntp" (a=on), "alter" (12:field=value), "fire" (a,timer),
// "request" (a,name), "manual" (on, off), "fit".
Status Model::command_on_network(std::string_view name, std::string_view argument) {
  if (name == "fit") return fit_wanted = true, Done{};
  if (name == "manual") return set_manual(argument != "off"), Done{};
  if (name == "heal_around") {
    const auto ids = nodes_called(session(), argument);
    if (!ids) return Error{ids.error()};
    return heal_around(ids.value()), Done{};
  }
  constexpr std::array<std::string_view, 4> aparts{"partition", "not_heard", "deaf", "each_alone"};
  if (const auto at = std::find(aparts.begin(), aparts.end(), name); at != aparts.end()) {
    const auto ids = nodes_called(session(), argument);
    if (!ids) return Error{ids.error()};
    return partition(ids.value(), static_cast<Apart>(at - aparts.begin())), Done{};
  }
  if (name == "alter") {
    const auto [number, change] = cut_at(argument, ':');
    const auto id = parse_integer(number, 1, INT64_MAX);
    if (!id) return Error{id.error()};
    const auto [field, text] = cut_at(change, '=');
    alter_message(static_cast<MessageId>(id.value()), std::string(field), std::string(text));
    return Done{};
  }
  const bool on_clock = name == "clock_step" || name == "clock_drift" || name == "ntp";
  if (!on_clock && name != "fire" && name != "request")
    return Error{say(t().unknown_command, {name.substr(0, 60)})};
  const auto [who, what] = cut_at(argument, on_clock ? '=' : ',');
  const auto id = node_called(session(), who);
  if (!id) return Error{id.error()};
  if (name == "ntp") return set_ntp(id.value(), what != "off"), Done{};
  if (name == "request") return ask(id.value(), std::string(what)), Done{};
  if (name == "clock_step") {
    const bool back = what.starts_with('-');
    const auto by = parse_duration(back ? what.substr(1) : what);
    if (!by) return Error{by.error()};
    return step_clock(id.value(), back ? -by.value() : by.value()), Done{};
  }
  if (name == "clock_drift") {
    const auto ppm = parse_integer(what, -drift_max_ppm, drift_max_ppm);
    if (!ppm) return Error{ppm.error()};
    return set_drift(id.value(), ppm.value()), Done{};
  }
  Input input = on_nodes(Action::fire, 0, {id.value()});
  input.name = what;
  push(std::move(input));
  return Done{};
}

}  // namespace netsplit::ui
