// The editor's nodes: names, roles, how many, and their clocks.
#include <cmath>

#include "ui/editor.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

std::vector<std::string> role_words(const ProtocolInfo& protocol) {
  std::vector<std::string> all;
  for (const RoleInfo& role : protocol.roles) all.push_back(words(role.name));
  return all;
}

std::size_t role_of(const ProtocolInfo& protocol, const std::string& role) {
  for (std::size_t i = 0; i < protocol.roles.size(); ++i) {
    if (protocol.roles[i].name == role) return i;
  }
  return 0;
}

// What became of a group; the sentence stands below its name.
void take(Editing& edit, std::size_t at, const std::string& field, const std::string& typed,
          const NodeGroup& group) {
  Scenario changed = edit.model.edited();
  const Status done = change_group(changed, at, group);
  if (done)
    edit.change(field, typed) = std::move(changed);
  else
    edit.fields.refuse(field, typed, done.error());
}

void details(Editing& edit, std::size_t at, const NodeGroup& shown) {
  const std::string prefix = "node." + std::to_string(at) + ".";
  NodeGroup group = shown;
  const auto number = [&](const char* what, std::string_view label, const ParameterInfo& info,
                          std::int64_t value) {
    const std::string name = prefix + what;
    const auto wanted = value_row(edit, {name, std::string(label), info, value});
    return std::pair{wanted.has_value(), wanted.value_or(value)};
  };
  const auto apply = [&](const char* what) { take(edit, at, prefix + what, "", group); };

  const ParameterInfo later{"joins_later", t().about_joins_later, Unit::flag, 0, 1, 0, {}};
  if (const auto [is, v] = number("later", t().joins_later_word, later, shown.joins_later); is)
    group.joins_later = v != 0, apply("later");
  const ParameterInfo drift{"drift", t().about_drift, Unit::count, -drift_max_ppm, drift_max_ppm, 0,
                            {}};
  if (const auto [is, v] = number("drift", t().drift_word, drift, shown.clock.drift_ppm); is)
    group.clock.drift_ppm = v, apply("drift");
  const ParameterInfo offset{
      "offset", t().about_offset, Unit::time, -hours(24 * 365), hours(24 * 365), 0, {}};
  if (const auto [is, v] = number("offset", t().offset_word, offset, shown.clock.offset_us); is)
    group.clock.offset_us = v, apply("offset");
  const ParameterInfo ntp{"ntp", t().about_ntp, Unit::flag, 0, 1, 0, {}};
  if (const auto [is, v] = number("ntp", "NTP", ntp, shown.clock.ntp); is)
    group.clock.ntp = v != 0, apply("ntp");
  if (!shown.clock.ntp) return;
  const ClockSpec usual;
  const ParameterInfo every{"ntp_interval", t().about_ntp_interval, Unit::time, milliseconds(10),
                            hours(24),      usual.ntp_interval_us,  {}};
  if (const auto [is, v] =
          number("ntp_interval", t().ntp_interval_word, every, shown.clock.ntp_interval_us);
      is)
    group.clock.ntp_interval_us = v, apply("ntp_interval");
  const ParameterInfo error{"ntp_error", t().about_ntp_error, Unit::time, 0,
                            hours(1),    usual.ntp_error_us,  {}};
  if (const auto [is, v] = number("ntp_error", t().ntp_error_word, error, shown.clock.ntp_error_us);
      is)
    group.clock.ntp_error_us = v, apply("ntp_error");
}

void group_row(Editing& edit, std::size_t at, const NodeGroup& shown) {
  const std::string prefix = "node." + std::to_string(at) + ".";
  Controls& controls = edit.model.controls;
  const Rect r = edit.column.take(edit.row_height());
  const float side = r.h;
  const float gap = px(6);
  const float count_w = px(edit.model.host.touch ? 44 : 52);
  const float room = r.w - 2 * side - count_w - 3 * gap;
  const float name_w = std::round(room * 0.45f);
  NodeGroup group = shown;
  std::string entered;
  float x = r.x;
  if (text_field(controls, edit.fields, prefix + "name", {x, r.y, name_w, r.h}, shown.name, entered,
                 Type::body)) {
    group.name = entered;
    take(edit, at, prefix + "name", entered, group);
  }
  x += name_w + gap;
  const std::size_t role = role_of(edit.protocol, shown.role);
  const std::size_t chosen = dropdown(controls, prefix + "role", {x, r.y, room - name_w, r.h},
                                      role_words(edit.protocol), role);
  if (chosen != role) {
    group.role = edit.protocol.roles[chosen].name;
    take(edit, at, prefix + "name", shown.name, group);
  }
  x += room - name_w + gap;
  if (text_field(controls, edit.fields, prefix + "count", {x, r.y, count_w, r.h},
                 std::to_string(shown.count), entered)) {
    const ParameterInfo info{"count", "", Unit::count, 1, nodes_max, 1, {}};
    const auto count = read_field(info, entered);
    if (count) {
      group.count = static_cast<std::int32_t>(count.value());
      take(edit, at, prefix + "count", entered, group);
    } else {
      edit.fields.refuse(prefix + "count", entered, count.error());
    }
  }
  x += count_w + gap;
  const bool open = edit.state.group == at;
  if (button(controls, prefix + "clock", {x, r.y, side, side},
             {.icon = open ? Icon::chevron_down : Icon::chevron_right,
              .tip = t().clock_settings,
              .plain = true,
              .on = open}))
    edit.state.group = open ? none_open : at;
  x += side;
  if (button(controls, prefix + "remove", {x, r.y, side, side},
             {.icon = Icon::trash, .tip = t().remove, .plain = true})) {
    Scenario changed = edit.model.edited();
    const Status done = remove_group(changed, at);
    if (done)
      edit.change(prefix + "name", shown.name) = std::move(changed);
    else
      edit.fields.refuse(prefix + "name", shown.name, done.error());
    edit.state.group = none_open;
  }
  refusal(edit.fields, prefix + "name", edit.column);
  refusal(edit.fields, prefix + "count", edit.column);
  edit.column.skip(6);
}

}  // namespace

void edit_nodes(Editing& edit) {
  edit.column.paragraph(Type::caption, palette().muted, t().about_nodes);
  edit.column.skip(10);
  const std::vector<NodeGroup> groups = edit.setup().nodes;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    group_row(edit, i, groups[i]);
    if (edit.state.group != i) continue;
    edit.column.begin_card();
    details(edit, i, groups[i]);
    edit.column.end_card();
  }
  edit.column.skip(4);
  for (const RoleInfo& role : edit.protocol.roles) {
    if (!wide_button(edit, "node.add." + role.name, Icon::plus,
                     say(t().add_role, {words(role.name)})))
      continue;
    Scenario& changed = edit.change("");
    NodeGroup group;
    group.role = role.name;
    group.name = free_name(changed.setup, role.name);
    const Status done = add_group(changed, std::move(group));
    if (!done) edit.model.say_toast(done.error(), Tone::bad);
  }
}

}  // namespace netsplit::ui
