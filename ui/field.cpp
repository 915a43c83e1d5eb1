#include "ui/field.h"

#include <algorithm>
#include <cmath>

#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t classes_max = 8;
constexpr std::size_t choices_max = 12;

// From dark to bright, told apart in both themes and without colour vision.
ImU32 on_scale(float part) {
  const bool dark = theme() == Theme::dark;
  const ImU32 low = dark ? IM_COL32(0x3B, 0x52, 0x8B, 255) : IM_COL32(0x31, 0x3A, 0x75, 255);
  const ImU32 middle = dark ? IM_COL32(0x21, 0xA5, 0x85, 255) : IM_COL32(0x1F, 0x8A, 0x70, 255);
  const ImU32 high = dark ? IM_COL32(0xFD, 0xE7, 0x25, 255) : IM_COL32(0xD9, 0xB4, 0x00, 255);
  return part < 0.5f ? mix(low, middle, part * 2) : mix(middle, high, part * 2 - 1);
}

bool has_number(Hint hint) {
  return hint != Hint::none && hint != Hint::text && hint != Hint::group;
}

}  // namespace

void Field::find_choices(const Session& session) {
  choices_.assign(1, {});
  // Every role has fields of its own; a few nodes show them all.
  std::vector<bool> seen(session.protocol().roles.size());
  for (std::int32_t i = 0; i < session.node_count(); ++i) {
    const auto role = static_cast<std::size_t>(session.node_role({i}));
    if (seen[role]) continue;
    seen[role] = true;
    const auto walk = [&](const auto& self, const Row& group, const std::string& path) -> void {
      for (const Row& child : group.children) {
        const std::string name = path.empty() ? child.name : path + "." + child.name;
        const bool known = std::any_of(choices_.begin(), choices_.end(),
                                       [&](const Choice& c) { return c.path == name; });
        if (child.hint == Hint::group) {
          self(self, child, name);
        } else if (has_number(child.hint) && !known && choices_.size() < choices_max) {
          choices_.push_back({name, child.hint});
        }
      }
    };
    walk(walk, session.node({i}).state, {});
    if (std::find(seen.begin(), seen.end(), false) == seen.end()) break;
  }
}

void Field::read(const Model& model) {
  const Session& session = model.session();
  const Timeline& timeline = *model.timeline;
  const bool light = theme() == Theme::light;
  if (model.generation != generation_) {
    find_choices(session);
    // A state says more than that all are up.
    const auto telling = std::find_if(choices_.begin(), choices_.end(), [](const Choice& choice) {
      return choice.hint == Hint::choice || choice.hint == Hint::epoch || choice.hint == Hint::flag;
    });
    chosen_ = telling == choices_.end() ? 0 : static_cast<std::size_t>(telling - choices_.begin());
  }
  const bool same = model.generation == generation_ && timeline.cursor_step() == step_ &&
                    timeline.branch() == branch_ && read_ == chosen_ && light == light_;
  if (same) return;
  generation_ = model.generation;
  step_ = timeline.cursor_step();
  branch_ = timeline.branch();
  light_ = light;
  if (read_ != chosen_) texts_.clear();
  read_ = chosen_;
  std::vector<std::int64_t> numbers;
  if (choices_[chosen_].path.empty()) {
    for (const NodeShown& node : model.moment.nodes)
      numbers.push_back(static_cast<std::int64_t>(node.condition));
  } else {
    numbers = session.field_numbers(choices_[chosen_].path);
  }
  classify(session, std::move(numbers));
}

// What a number is called: as the inspector would, by asking one node that has it.
std::string Field::name_of(const Session& session, std::int64_t number) const {
  const Choice& choice = choices_[chosen_];
  if (number == Session::no_number) return std::string(t().field_without);
  if (choice.hint == Hint::node)
    return number < 0 ? std::string(t().field_nobody)
                      : session.node_name({static_cast<std::int32_t>(number)});
  if (choice.hint == Hint::flag) return std::string(number != 0 ? t().field_yes : t().field_no);
  if (choice.hint == Hint::lock) return std::string(number != 0 ? t().field_held : t().field_free);
  if (choice.hint == Hint::time) return format_time_for_people(number);
  const auto known = texts_.find(number);
  return known != texts_.end() ? known->second : std::to_string(number);
}

void Field::classify(const Session& session, std::vector<std::int64_t> numbers) {
  const Palette& p = palette();
  classes_.clear();
  class_of_.assign(numbers.size(), 0);
  std::map<std::int64_t, std::int64_t> counts;
  for (const std::int64_t number : numbers) ++counts[number];
  const Choice& choice = choices_[chosen_];
  if (choice.path.empty()) {
    const std::array<std::pair<std::string_view, ImU32>, 4> conditions{
        {{t().up, p.sky}, {t().paused, p.muted}, {t().down, p.vermilion}, {t().absent, p.faint}}};
    for (const auto& [name, color] : conditions) classes_.push_back({std::string(name), color, 0});
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      class_of_[i] = static_cast<std::uint8_t>(numbers[i]);
      ++classes_[class_of_[i]].count;
    }
    return;
  }
  if (choice.hint == Hint::choice) {
    // Enumerators are named by the nodes that have them.
    for (const auto& each : counts) {
      const std::int64_t number = each.first;
      if (number == Session::no_number || texts_.contains(number)) continue;
      const auto at = std::find(numbers.begin(), numbers.end(), number) - numbers.begin();
      const Row state = session.node({static_cast<std::int32_t>(at)}).state;
      for_each_leaf(state, {}, false, [&](const std::string& name, const Row& row, bool disk) {
        if ((disk ? "disk." + name : name) == choice.path) texts_[number] = row.text;
      });
    }
  }
  const bool has_none = counts.contains(Session::no_number);
  const std::size_t values = counts.size() - (has_none ? 1 : 0);
  const bool named = choice.hint == Hint::choice || choice.hint == Hint::flag ||
                     choice.hint == Hint::lock || choice.hint == Hint::node;
  std::vector<std::int64_t> lows;  // the first value of each class
  if (has_none) {
    classes_.push_back({name_of(session, Session::no_number), p.faint, counts.begin()->second});
    counts.erase(counts.begin());
    lows.push_back(Session::no_number);
  }
  // Few values have a class each; more share them, as evenly as their order allows.
  const std::size_t wanted = std::min(values, classes_max);
  std::size_t index = 0;
  for (auto at = counts.begin(); at != counts.end() && wanted > 0;) {
    const std::size_t group = index * wanted / values;
    const std::int64_t low = at->first;
    std::int64_t high = low;
    std::int64_t count = 0;
    for (; at != counts.end() && index * wanted / values == group; ++at, ++index) {
      high = at->first;
      count += at->second;
    }
    const float part =
        wanted < 2 ? 0.5f : static_cast<float>(group) / static_cast<float>(wanted - 1);
    std::string name = name_of(session, low);
    if (high != low) name += " \xE2\x80\x93 " + name_of(session, high);
    // In an order in which each is told from those before it, also without red and green.
    constexpr std::array<std::size_t, 8> apart{0, 4, 6, 2, 3, 5, 1, 7};
    const ImU32 color = named ? p.kinds[apart[group % 8]] : on_scale(part);
    classes_.push_back({std::move(name), color, count});
    lows.push_back(low);
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto above = std::upper_bound(lows.begin(), lows.end(), numbers[i]);
    class_of_[i] = static_cast<std::uint8_t>(std::max<std::ptrdiff_t>(0, above - lows.begin() - 1));
  }
}

void Field::draw(ImDrawList* list, const Model& model, const Rect& clip) {
  read(model);
  const float r = model.node_radius;
  const Rect seen = clip.grown(r);
  const bool square = r < px(4);
  for (std::size_t i = 0; i < model.node_at.size() && i < class_of_.size(); ++i) {
    const ImVec2 c = model.node_at[i];
    if (!seen.contains(c)) continue;
    const Condition condition = model.moment.nodes[i].condition;
    const bool gone = condition == Condition::down || condition == Condition::absent;
    const ImU32 color = classes_[class_of_[i]].color;
    // A node that is gone is hollow, whatever value is shown.
    if (gone) {
      list->AddRect({c.x - r, c.y - r}, {c.x + r, c.y + r}, color, 0, 0, px(1));
    } else if (square) {
      list->AddRectFilled({c.x - r, c.y - r}, {c.x + r, c.y + r}, color);
    } else {
      list->AddCircleFilled(c, r, color, 12);
    }
  }
}

void Field::chooser(Model& model, const Rect& card) {
  ImGui::SetNextWindowPos({card.x, card.y - px(4)}, ImGuiCond_Always, {0, 1});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  if (ImGui::BeginPopup("field chooser", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    const float row_h = px(model.host.touch ? 44 : 28);
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      const std::string& path = choices_[i].path;
      const std::string name = path.empty() ? std::string(t().field_condition) : words(path);
      const ImVec2 at = ImGui::GetCursorScreenPos();
      if (button(model.controls, "field.by." + (path.empty() ? "condition" : path),
                 {at.x, at.y, std::max(px(150), card.w - px(12)), row_h},
                 {.label = name, .plain = true, .on = i == chosen_, .left = true})) {
        chosen_ = i;
        ImGui::CloseCurrentPopup();
      }
      ImGui::SetCursorScreenPos({at.x, at.y + row_h});
    }
    ImGui::Dummy({1, 0});
    if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

Rect Field::legend(Model& model, const Rect& rect) {
  read(model);
  const Palette& p = palette();
  const Choice& choice = choices_[chosen_];
  const std::string value =
      choice.path.empty() ? std::string(t().field_condition) : words(choice.path);
  const std::string title = say(t().field_coloured_by, {value});
  std::size_t rows = 0;
  float width = draw::text_width(Type::caption_strong, title) + px(50);
  for (const Class& each : classes_) {
    if (each.count == 0) continue;
    ++rows;
    const float w = draw::text_width(Type::caption, each.name) +
                    draw::text_width(Type::mono_small, std::to_string(each.count)) + px(60);
    width = std::max(width, w);
  }
  width = std::min(std::max(width, px(150)), rect.w - px(24));
  const float row_h = px(20);
  const float head = px(model.host.touch ? 44 : 30);
  const float height = head + row_h * static_cast<float>(rows) + px(10);
  // The hints of a first visit, or a phone's buttons.
  const float above = px(model.places.form == Form::narrow ? 74 : model.hints.over() ? 14 : 54);
  const Rect card{rect.x + px(14), rect.bottom() - height - above, std::round(width), height};
  begin_region("field legend", card, IM_COL32(0, 0, 0, 0), Region::floats);
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::card(list, card, p.line, with_alpha(p.panel, 0.94f), px(9));
  if (button(model.controls, "field.choose", {card.x + px(2), card.y + px(2), card.w - px(4), head},
             {.icon = Icon::chevron_down,
              .label = title,
              .tip = t().tip_field,
              .plain = true,
              .left = true,
              .type = Type::caption_strong})) {
    ImGui::OpenPopup("field chooser");
  }
  chooser(model, card);
  float y = card.y + head + px(2);
  for (const Class& each : classes_) {
    if (each.count == 0) continue;
    draw::fill(list, {card.x + px(13), y + px(5), px(10), px(10)}, each.color, px(2));
    draw::text_in(list, {card.x + px(31), y, card.w - px(90), row_h}, Type::caption, p.text,
                  each.name);
    draw::text_in(list, {card.x + card.w - px(72), y, px(60), row_h}, Type::mono_small, p.muted,
                  std::to_string(each.count), draw::Align::right);
    y += row_h;
  }
  end_region();
  return card;
}

}  // namespace netsplit::ui
