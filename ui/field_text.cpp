// Values as a field of the editor shows and reads them.
#include <algorithm>

#include "ui/editor.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::int64_t ppm_per_percent = 10'000;

std::string percent_text(std::int64_t ppm) {
  std::string text = std::to_string(ppm / ppm_per_percent);
  if (const std::int64_t rest = ppm % ppm_per_percent; rest != 0) {
    std::string digits = std::to_string(ppm_per_percent + rest).substr(1);
    while (digits.back() == '0') digits.pop_back();
    text += "." + digits;
  }
  return text + " %";
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "5", "5 %", "0.25%", with a point or a comma; at most four decimals. Nothing when it is none.
std::optional<std::int64_t> read_percent(std::string_view text) {
  if (text.ends_with('%')) text = trimmed(text.substr(0, text.size() - 1));
  const std::size_t point = std::min(text.find_first_of(".,"), text.size());
  const auto whole = parse_integer(text.substr(0, point), 0, 100);
  if (!whole) return std::nullopt;
  std::int64_t ppm = whole.value() * ppm_per_percent;
  if (point == text.size()) return ppm;
  std::string digits(text.substr(point + 1));
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  digits.resize(4, '0');
  const auto part = parse_integer(digits, 0, ppm_per_percent - 1);
  if (!part) return std::nullopt;
  return ppm + part.value();
}

}  // namespace

std::string field_text(const ParameterInfo& info, std::int64_t value) {
  if (info.unit == Unit::ppm) return percent_text(value);
  if (info.unit == Unit::flag) return std::string(value != 0 ? t().on : t().off);
  return format_parameter(info, value);
}

std::string told_text(const ParameterInfo& info, std::int64_t value) {
  std::string text = with_grouped_numbers(field_text(info, value));
  for (std::size_t at = text.find(' '); at != text.npos; at = text.find(' ', at + 1))
    text.replace(at, 1, no_break_space);
  return text;
}

Result<std::int64_t> read_field(const ParameterInfo& info, std::string_view text) {
  text = trimmed(text);
  std::optional<std::int64_t> value;
  if (info.unit == Unit::ppm) {
    value = read_percent(text);
  } else if (info.unit == Unit::time) {
    // "1.5 s" is as good as "1.5s".
    std::string close(text);
    std::erase(close, ' ');
    if (const auto time = parse_duration(close); time && time.value() != never_us)
      value = time.value();
  } else if (info.unit == Unit::count) {
    if (const auto count = parse_integer(text, INT64_MIN, INT64_MAX)) value = count.value();
  } else if (const auto chosen = parse_parameter(info, text)) {
    value = chosen.value();
  }
  if (value && *value >= info.low && *value <= info.high) return *value;
  const std::string low = told_text(info, info.low);
  const std::string high = told_text(info, info.high);
  if (info.unit == Unit::time && !value) return Error{say(t().expected_time, {low, high})};
  return Error{say(value ? t().out_of_range : t().expected_number, {low, high})};
}

std::string_view action_word(Action action) {
  const Strings& s = t();
  const std::array<std::string_view, 22> words{
      s.act_cut,  s.act_heal,      s.act_partition,  s.act_isolate,     s.act_cut_random,
      s.act_link, s.act_pause,     s.act_resume,     s.act_crash,       s.act_restart,
      s.act_join, s.act_leave,     s.act_clock_step, s.act_clock_drift, s.act_clock_ntp,
      s.act_drop, s.act_duplicate, s.act_deliver,    s.act_delay,       s.act_alter,
      s.act_fire, s.act_request};
  return words[static_cast<std::size_t>(action)];
}

std::string input_words(const Input& input, const NodeIndex& index) {
  const ActionForm form = form_of(input.action);
  std::string text(action_word(input.action));
  std::string detail;
  if (form.message) {
    if (input.message.id != 0) detail = "#" + std::to_string(input.message.id);
    if (!input.message.label.empty()) detail = input.message.label;
    if (input.message.from != nobody)
      detail += " " + say(t().from_node, {index.name(input.message.from)});
    if (input.message.to != nobody)
      detail += " " + say(t().to_node, {index.name(input.message.to)});
    if (detail.empty()) detail = t().any_message;
  } else {
    for (std::size_t i = 0; i < input.groups.size(); ++i) {
      if (i > 0) detail += form.parts ? " | " : input.one_way ? " \xE2\x86\x92 " : " \xE2\x80\x93 ";
      detail += nodes_text(input.groups[i], index);
    }
    if (detail.empty() && (form.all || input.action == Action::cut_random)) detail = t().everything;
  }
  if (input.action == Action::request) {
    text = words(input.name);
  } else if (!input.name.empty()) {
    text += " " + words(input.name);
  }
  for (const auto& [name, value] : input.arguments) detail += ", " + value;
  if (form.duration) detail += ", " + format_time_for_people(input.duration_us);
  if (form.ppm && input.action == Action::cut_random) detail += ", " + percent_text(input.ppm);
  if (input.action == Action::clock_drift) detail += ", " + std::to_string(input.ppm) + " ppm";
  if (form.on_off) detail += std::string(", ") + std::string(input.ppm != 0 ? t().on : t().off);
  return detail.empty() ? text : text + " \xC2\xB7 " + detail;
}

}  // namespace netsplit::ui
