// Commands and keys of the space-time diagram, of branches and of questions to the run.
#include <algorithm>
#include <charconv>

#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

Result<std::int64_t> number_in(std::string_view text) { return parse_integer(text, 0, INT64_MAX); }

// What stands before the first comma, and after it.
std::pair<std::string_view, std::string_view> parts_of(std::string_view text) {
  const std::size_t comma = std::min(text.find(','), text.size());
  return {text.substr(0, comma), text.substr(std::min(comma + 1, text.size()))};
}

}  // namespace

// The moment one looks at stays where it is, when it is in view.
void Model::zoom_time(double factor) {
  const double now = static_cast<double>(timeline->cursor_us());
  const double share = (now - time_view.from) / time_view.width();
  const bool seen = time_view.axis == Axis::real && share >= 0 && share <= 1;
  time_view.zoom(factor, seen ? share : 0.5);
}

std::optional<Status> Model::command_on_time(std::string_view name, std::string_view argument) {
  const auto [head, tail] = parts_of(argument);
  const auto done = [] { return Status(Done{}); };
  if (name == "time_axis") {
    time_view.switch_axis(argument == "logical" ? Axis::logical : Axis::real);
    return done();
  }
  if (name == "time_fit") return time_view.fit(), done();
  if (name == "time_zoom") return zoom_time(argument == "out" ? 1 / 0.7 : 0.7), done();
  if (name == "time_pan")
    return time_view.pan((argument == "left" ? -0.25 : 0.25) * time_view.width()), done();
  if (name == "time_range") {
    const auto from = number_in(head);
    const auto to = number_in(tail);
    if (!from || !to) return Status(Error{from ? to.error() : from.error()});
    time_view.show_range(static_cast<double>(from.value()), static_cast<double>(to.value()));
    return done();
  }
  if (name == "hide_line" || name == "show_line" || name == "move_line") {
    const NodeId id = session().find_node(head);
    if (id == nobody)
      return Status(Error{"There is no node \"" + std::string(head.substr(0, 60)) + "\"."});
    if (name == "hide_line") return time_view.hide(id), done();
    if (name == "show_line") return time_view.show(id), done();
    const auto line = number_in(tail);
    if (!line) return Status(Error{line.error()});
    return time_view.move(
               id, static_cast<std::int32_t>(std::min<std::int64_t>(line.value(), nodes_max))),
           done();
  }
  return std::nullopt;
}

std::optional<Status> Model::command_on_branches(std::string_view name, std::string_view argument) {
  const auto [head, tail] = parts_of(argument);
  const auto done = [] { return Status(Done{}); };
  if (name == "what_if" || name == "show_verdict") {
    const auto& properties = session().properties();
    for (std::size_t i = 0; i < properties.size(); ++i) {
      if (properties[i].name != argument) continue;
      if (name == "show_verdict") return withheld.show(i), done();
      ask_what_if(i);
      return done();
    }
    return Status(Error{"There is no property \"" + std::string(argument.substr(0, 60)) + "\"."});
  }
  if (name != "select_event" && name != "name_branch" && name != "delete_branch" &&
      name != "compare_branches") {
    return std::nullopt;
  }
  const auto number = number_in(head);
  if (!number) return Status(Error{number.error()});
  if (name == "select_event") {
    const Trace& trace = timeline->trace();
    if (number.value() < trace.first() || number.value() >= trace.size())
      return Status(Error{std::string(t().too_old)});
    selected_event = number.value();
    return done();
  }
  const auto id = static_cast<BranchId>(std::min<std::int64_t>(number.value(), INT32_MAX));
  if (timeline->find_branch(id) == nullptr)
    return Status(Error{"There is no branch " + std::to_string(id) + "."});
  if (name == "name_branch") return name_branch(id, std::string(tail)), done();
  if (name == "delete_branch") return delete_branch(id), done();
  const auto other = number_in(tail);
  if (!other) return Status(Error{other.error()});
  comparison.start(id, static_cast<BranchId>(std::min<std::int64_t>(other.value(), INT32_MAX)));
  return done();
}

void Model::name_branch(BranchId id, std::string name) {
  constexpr std::size_t letters_most = 60;
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  while (!name.empty() && blank(name.back())) name.pop_back();
  while (!name.empty() && blank(name.front())) name.erase(name.begin());
  if (name.empty()) return say_toast(std::string(t().branch_needs_name), Tone::bad);
  // Never in the middle of a letter of several bytes.
  std::size_t end = std::min(name.size(), letters_most);
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  name.resize(end);
  timeline->name_branch(id, std::move(name));
  touched_s = now_s;
}

void Model::delete_branch(BranchId id) {
  const BranchInfo* found = timeline->find_branch(id);
  if (found == nullptr) return;
  const std::string name = found->name;
  const bool here = id == timeline->branch();
  if (const auto own = beside.find(id); own != beside.end()) {
    // What left it goes on with its scenario, whichever branch it now leaves.
    Beside kept = own->second;
    if (scenario_owner == id) kept.scenario = scenario;
    for (const BranchInfo& info : timeline->branches()) {
      if (info.parent == id) beside.emplace(info.id, kept);
    }
  }
  const Status done = timeline->delete_branch(id);
  if (!done) return say_toast(done.error(), Tone::bad);
  beside.erase(id);
  const BranchId owner = scenario_branch(timeline->branch());
  if (here) {
    if (owner != scenario_owner) {
      scenario = beside.at(owner).scenario;
      ++generation;
    }
    playing = false;
    heading.reset();
    selected_event = no_event;
    selected_message = 0;
    if (selected_node.value >= session().node_count()) selected_node = nobody;
    effects.clear();
    changed();
  }
  scenario_owner = owner;
  refresh();
  say_toast(say(t().branch_deleted, {branch_name(name)}));
}

void Model::show_bad_event(std::size_t property) {
  const auto& properties = timeline->head().properties();
  if (property >= properties.size()) return;
  const PropertyState& state = properties[property];
  if (state.first_event == no_event) return seek_time(state.first_us);
  const EventIndex event = bad_event_of(state, timeline->trace());
  if (event == no_event && judged_at_end(state)) {
    selected_event = no_event;
    return to_end();
  }
  if (event == no_event) return say_toast(std::string(t().too_old));
  selected_event = event;
  // The witness may have been there before the step that decided it.
  seek_step(std::max(timeline->trace()[event].step, state.first_step));
}

void Model::ask_what_if(std::size_t property) {
  what_if.start(timeline->head(), property, generation, timeline->branch());
}

void Model::try_change(const WhatIf::Change& change, Time at_us) {
  const std::string name = change.words;
  const Setup setup = change.setup;  // what asks may be forgotten on the way
  const Status done = restart_with(setup);
  if (!done) return say_toast(done.error(), Tone::bad);
  timeline->name_branch(timeline->branch(), name);
  seek_time(at_us);
}

// Questions go on while nothing else needs the time.
void Model::go_on_asking() {
  constexpr double budget_ms = 5;
  if (!open()) return;
  comparison.advance(*timeline, budget_ms);
  if (what_if.asked() && !what_if.fits(timeline->head(), generation, timeline->branch()))
    what_if.clear();
  if (what_if.running() && !heading) what_if.advance(make_session, budget_ms);
}

}  // namespace netsplit::ui
