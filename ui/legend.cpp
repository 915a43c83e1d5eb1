#include "ui/legend.h"

#include <algorithm>
#include <utility>

#include "ui/model.h"

namespace netsplit::ui {
namespace {

// Of "followers.s2.match" the last part: the rest differs from node to node.
void add_name(std::vector<std::string>& names, const std::string& name) {
  const std::string word = words(name.substr(name.rfind('.') + 1));
  if (std::find(names.begin(), names.end(), word) == names.end()) names.push_back(word);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// One node of each group tells which fields its role has.
std::vector<NodeId> one_of_each(const Setup& setup) {
  std::vector<NodeId> nodes;
  std::int32_t first = 0;
  for (const NodeGroup& group : setup.nodes) {
    if (group.count > 0) nodes.push_back({first});
    first += group.count;
  }
  return nodes;
}

}  // namespace

void Legend::read_script(const Session& session) {
  for (const Input& input : session.setup().script) {
    switch (input.action) {
      case Action::cut:
      case Action::partition:
        note(input.one_way ? Sign::cut_one_way : Sign::cut);
        note(Sign::lost);
        break;
      case Action::isolate:
      case Action::cut_random:
        note(Sign::cut);
        note(Sign::lost);
        break;
      case Action::pause:
        note(Sign::paused);
        break;
      case Action::crash:
        note(Sign::down);
        note(Sign::lost);
        break;
      case Action::clock_step:
      case Action::clock_drift:
        note(Sign::clock);
        break;
      case Action::drop:
        note(Sign::lost);
        break;
      default:
        break;
    }
  }
}

// What the run can show, known before it has begun.
void Legend::read_run(const Model& model) {
  const Session& session = model.session();
  const Setup& setup = session.setup();
  seen_.reset();
  for (Names* names : {&tokens_, &epochs_, &locks_, &logs_, &places_}) names->clear();
  note(Sign::role);
  note(Sign::link, session.node_count() > 1);
  note(Sign::message, !session.protocol().messages.empty());
  note(Sign::lost, setup.network.link.loss_ppm > 0);
  for (const TimerInfo& timer : session.protocol().timers)
    note(timer.lease ? Sign::lease : Sign::timer, !setup.manual);
  for (const NodeGroup& group : setup.nodes) {
    note(Sign::absent, group.joins_later);
    note(Sign::clock, group.clock.drift_ppm != 0 || group.clock.offset_us != 0);
  }
  note(Sign::step_of_lesson, !model.scenario.lesson.empty());
  for (const LessonStep& step : model.scenario.lesson) {
    note(Sign::spoken_of,
         std::any_of(step.highlight.begin(), step.highlight.end(), [](const Highlight& what) {
           return what.kind == Highlight::Kind::node || what.kind == Highlight::Kind::field;
         }));
  }
  note(Sign::staging, !model.scenario.stagings.empty());
  note(Sign::input, !setup.script.empty());
  read_script(session);
  for (const NodeId id : one_of_each(setup)) {
    bool token = false;
    bool epoch = false;
    for_each_leaf(session.node(id).state, {}, false,
                  [&](const std::string& name, const Row& row, bool) {
                    // A node shows the first of each.
                    if (row.hint == Hint::token && !std::exchange(token, true))
                      add_name(tokens_, name);
                    if (row.hint == Hint::epoch && !std::exchange(epoch, true))
                      add_name(epochs_, name);
                    if (row.hint == Hint::lock) add_name(locks_, name);
                    if (row.hint == Hint::log) add_name(logs_, name);
                  });
  }
}

void Legend::read_moment(const Model& model) {
  const Moment& moment = model.moment;
  if (std::ssize(moment.nodes) > shaped_nodes_max) return;
  for (const NodeShown& node : moment.nodes) {
    note(Sign::paused, node.condition == Condition::paused);
    note(Sign::down, node.condition == Condition::down);
    note(Sign::absent, node.condition == Condition::absent);
    note(Sign::clock, node.drift_ppm != 0);
    if (node.token) add_name(tokens_, node.token->name);
    if (node.epoch) add_name(epochs_, node.epoch->name);
    if (node.lock) add_name(locks_, node.lock->name);
    if (!node.log) continue;
    add_name(logs_, node.log->name);
    note(Sign::log_border, node.log->committed >= 0);
    for (const auto& mark : node.log->marks) add_name(places_, mark.first);
  }
  for (const LinkShown& link : moment.links) {
    note(Sign::cut, link.cut_ab && link.cut_ba);
    note(Sign::cut_one_way, link.cut_ab != link.cut_ba);
  }
  note(Sign::region, !moment.islands.empty());
  note(Sign::inbox,
       std::any_of(moment.messages.begin(), moment.messages.end(), [](const MessageView& message) {
         return message.status == MessageStatus::waiting;
       }));
  note(Sign::lost, std::any_of(model.effects.begin(), model.effects.end(),
                               [](const Effect& one) { return one.kind == Effect::Kind::lost; }));
  note(Sign::input, !model.session().setup().script.empty());
  const std::vector<PropertyState>& properties = model.timeline->head().properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const bool told = !model.withheld.covers_ahead(i, properties[i]);
    note(Sign::violation, told && properties[i].standing == Standing::violated);
  }
}

void Legend::follow(const Model& model) {
  if (!model.open()) return parts_.clear();
  const BranchId branch = model.timeline->branch();
  const bool fresh = model.generation != generation_ || branch != branch_;
  if (fresh) read_run(model);
  generation_ = model.generation;
  branch_ = branch;
  read_moment(model);
  note(Sign::token, !tokens_.empty());
  note(Sign::epoch, !epochs_.empty());
  note(Sign::lock_held, !locks_.empty());
  note(Sign::lock_free, !locks_.empty());
  note(Sign::log, !logs_.empty());
  note(Sign::log_place, !places_.empty());
  const std::size_t names =
      tokens_.size() + epochs_.size() + locks_.size() + logs_.size() + places_.size();
  if (!fresh && seen_ == listed_ && names == names_ && language() == language_) return;
  listed_ = seen_;
  names_ = names;
  language_ = language();
  list(model);
}

void Legend::list(const Model& model) {
  const ProtocolInfo& protocol = model.session().protocol();
  const bool shapes = model.session().node_count() <= shaped_nodes_max;
  parts_.assign(4, {});
  LegendPart& nodes = parts_[0];
  LegendPart& marks = parts_[1];
  LegendPart& links = parts_[2];
  LegendPart& time = parts_[3];
  nodes.title = t().nodes;
  marks.title = t().legend_marks;
  links.title = t().legend_links;
  time.title = t().space_time;
  for (const RoleInfo& role : protocol.roles) {
    const auto& groups = model.session().setup().nodes;
    const bool occurs = std::any_of(groups.begin(), groups.end(), [&](const NodeGroup& group) {
      return group.role == role.name && group.count > 0;
    });
    if (!occurs || !shapes) continue;
    // Roles of one shape share a row.
    const auto which = static_cast<std::uint16_t>(role.shape);
    const auto row = std::find_if(nodes.rows.begin(), nodes.rows.end(),
                                  [&](const LegendRow& each) { return each.which == which; });
    if (row != nodes.rows.end())
      row->text += ", " + words(role.name);
    else
      nodes.rows.push_back({Sign::role, which, words(role.name), {}});
  }
  const auto add = [&](LegendPart& part, Sign sign, std::string_view text,
                       const Names& names = {}) {
    if (!has(sign)) return;
    // A field that is called what it is need not be named.
    const bool said = names.size() == 1 && text.starts_with(names.front());
    part.rows.push_back({sign, 0, std::string(text), said ? std::string() : joined(names)});
  };
  if (shapes) {
    add(nodes, Sign::paused, t().paused);
    add(nodes, Sign::down, t().down);
    add(nodes, Sign::absent, t().absent);
    add(marks, Sign::token, t().legend_token, tokens_);
    add(marks, Sign::epoch, t().legend_epoch, epochs_);
    add(marks, Sign::lock_held, t().legend_lock_held, locks_);
    add(marks, Sign::lock_free, t().legend_lock_free);
    add(marks, Sign::lease, t().legend_lease);
    add(marks, Sign::timer, t().legend_timer);
    add(marks, Sign::log, t().legend_log, logs_);
    add(marks, Sign::log_border, t().legend_log_border);
    add(marks, Sign::log_place, t().legend_log_place, places_);
    add(marks, Sign::clock, t().legend_clock);
    add(marks, Sign::inbox, t().legend_inbox);
    add(marks, Sign::spoken_of, t().legend_spoken_of);
  }
  add(links, Sign::link, t().kind_link);
  add(links, Sign::cut, t().legend_cut);
  add(links, Sign::cut_one_way, t().legend_cut_one_way);
  add(links, Sign::region, t().legend_region);
  for (std::size_t kind = 0; kind < protocol.messages.size(); ++kind) {
    const std::string& name = protocol.messages[kind].name;
    links.rows.push_back({Sign::message, static_cast<std::uint16_t>(kind), name, {}});
  }
  add(links, Sign::lost, t().legend_lost);
  add(time, Sign::step_of_lesson, t().legend_step);
  add(time, Sign::staging, t().legend_staging);
  add(time, Sign::violation, t().legend_violation);
  add(time, Sign::input, t().legend_input);
  std::erase_if(parts_, [](const LegendPart& part) { return part.rows.empty(); });
}

}  // namespace netsplit::ui
