// The top bar: what is open, the clock, and going forward and back in it.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

float brand(ImDrawList* list, float x, float baseline) {
  const Palette& p = palette();
  draw::text(list, x, baseline, Type::title, p.text, "net");
  x += draw::text_width(Type::title, "net");
  draw::text(list, x, baseline, Type::title, p.sky, "/");
  x += draw::text_width(Type::title, "/");
  draw::text(list, x, baseline, Type::title, p.text, "split");
  return x + draw::text_width(Type::title, "split");
}

// How much is said: the chapter's name, its number, or two numbers and no word.
enum class Wording { full, brief, least };

std::string place_in_chapter(const Scenario& scenario, Wording wording) {
  int order = 0;
  int count = 0;
  for (const Scenario& each : library()) {
    if (each.chapter != scenario.chapter) continue;
    ++count;
    if (each.id == scenario.id) order = count;
  }
  const std::size_t space = scenario.chapter.find(' ');
  const std::string chapter =
      space == std::string::npos ? scenario.chapter : scenario.chapter.substr(space + 1);
  if (order == 0) return chapter;
  const std::string number = scenario.chapter.substr(0, space);
  if (wording == Wording::least)
    return number + " \xC2\xB7 " + std::to_string(order) + "/" + std::to_string(count);
  return (wording == Wording::brief ? say(t().chapter, {number}) : chapter) + " \xC2\xB7 " +
         say(t().one_of, {std::to_string(order), std::to_string(count)});
}

constexpr float speed_text_css = 58;
float rail_in(float width) { return width - px(20 + speed_text_css); }

// A slider whose middle is not an average but a geometric mean: each notch is a factor.
void speed_slider(Model& model, const Rect& r) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Touch touch = touch_area(model.controls, "speed", r);
  draw::card(list, r, touch.hovered || touch.held ? p.strong_line : p.line, p.raised, px(7));
  const std::string text = speed_text(model.speed);
  const float text_room = px(speed_text_css);
  const Rect rail{r.x + px(12), r.y + r.h / 2 - px(1.5f), rail_in(r.w), px(3)};
  const double low = std::log(speed_min);
  const double high = std::log(speed_max);
  if (touch.held && rail.w > px(10)) {
    const float part = std::clamp((ImGui::GetIO().MousePos.x - rail.x) / rail.w, 0.f, 1.f);
    double value = std::exp(low + (high - low) * static_cast<double>(part));
    // Two digits are enough, and make speeds one can say.
    const double unit = std::pow(10, std::floor(std::log10(value)));
    value = std::round(value / unit * 2) / 2 * unit;
    model.set_speed(value);
  }
  if (touch.hovered && ImGui::GetIO().MouseWheel != 0) {
    model.set_speed(model.speed * std::pow(1.25, static_cast<double>(ImGui::GetIO().MouseWheel)));
  }
  if (rail.w > px(10)) {
    const auto part = static_cast<float>((std::log(model.speed) - low) / (high - low));
    draw::fill(list, rail, p.line, px(2));
    draw::fill(list, {rail.x, rail.y, rail.w * part, rail.h}, p.sky, px(2));
    list->AddCircleFilled({rail.x + rail.w * part, r.y + r.h / 2}, px(5),
                          touch.held ? p.text : p.sky);
  }
  draw::text_in(list, {r.right() - text_room - px(4), r.y, text_room, r.h}, Type::mono, p.text,
                text, draw::Align::center);
  if (touch.hovered && !touch.held) tip(t().tip_speed);
}

void seed_field(Model& model, TransportState& state, const Rect& r) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool hovered = r.contains(ImGui::GetIO().MousePos);
  draw::card(list, r,
             state.editing_seed ? p.sky
             : hovered          ? p.strong_line
                                : p.line,
             p.raised, px(7));
  const float label = draw::text_width(Type::caption, t().seed);
  draw::text_in(list, {r.x + px(10), r.y, label + 1, r.h}, Type::caption, p.muted, t().seed);
  if (!state.editing_seed && model.open()) {
    std::snprintf(state.seed, sizeof state.seed, "%llu",
                  static_cast<unsigned long long>(model.session().setup().seed));
  }
  model.controls.add("seed", r);
  const Face mono = face(Type::mono);
  ImGui::SetCursorScreenPos({r.x + px(14) + label, r.y + std::round((r.h - mono.size) / 2)});
  ImGui::SetNextItemWidth(r.w - px(20) - label);
  ImGui::PushFont(mono.font, mono.size);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(2), 0});
  const bool entered =
      ImGui::InputText("##seed", state.seed, sizeof state.seed,
                       ImGuiInputTextFlags_CharsDecimal | ImGuiInputTextFlags_AutoSelectAll |
                           ImGuiInputTextFlags_EnterReturnsTrue);
  const bool was_editing = state.editing_seed;
  state.editing_seed = ImGui::IsItemActive();
  if (ImGui::IsItemHovered()) tip(t().tip_seed);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  if (entered || (was_editing && !state.editing_seed)) {
    std::uint64_t value = 0;
    const auto parsed = std::from_chars(state.seed, state.seed + std::strlen(state.seed), value);
    if (parsed.ec == std::errc()) model.set_seed(value);
  }
}

std::string time_text(Time at_us) { return "t = " + clock_text(at_us); }

void time_pill(Model& model, const Rect& r) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::card(list, r, p.line, p.raised, px(7));
  draw::text_in(list, r, Type::mono, p.text,
                time_text(model.open() ? model.timeline->cursor_us() : 0), draw::Align::center);
}

struct Transport {
  std::string_view name;
  ButtonLook look;
  float width;
};

std::array<Transport, 4> play_buttons(const Model& model, bool labels) {
  const bool playing = model.playing;
  std::array<Transport, 4> all{{
      {"restart", {.icon = Icon::restart, .tip = t().tip_restart}, px(38)},
      {"step_back",
       {.icon = Icon::step_back, .label = labels ? t().step_back : "", .tip = t().tip_step_back},
       0},
      {"play",
       {.icon = playing ? Icon::pause : Icon::play,
        .label = playing ? t().pause : t().play,
        .key = labels ? t().key_space : "",
        .tip = playing ? t().tip_pause : t().tip_play,
        .loud = true},
       0},
      {"step", {.icon = Icon::step, .label = labels ? t().step : "", .tip = t().tip_step}, 0},
  }};
  for (Transport& each : all) {
    if (each.width == 0) each.width = std::max(button_width(each.look), px(38));
  }
  // Play and Pause are one button that must not change its width.
  ButtonLook other = all[2].look;
  other.label = playing ? t().play : t().pause;
  all[2].width = std::max(all[2].width, button_width(other));
  return all;
}

// The experiment, and its place in the chapter beside it; below it where there is no room.
void show_title(const Model& model, ImDrawList* list, const Rect& room) {
  if (room.w <= px(30)) return;
  const Palette& p = palette();
  const std::string& title = model.scenario.title;
  std::string place;
  for (const Wording wording : {Wording::full, Wording::brief, Wording::least}) {
    place = place_in_chapter(model.scenario, wording);
    if (draw::text_width(Type::caption, place) <= room.w) break;
  }
  const float title_w = std::min(room.w, draw::text_width(Type::strong, title) + 1);
  const Rect beside{room.x + title_w + px(10), room.y, room.w - title_w - px(10), room.h};
  const bool below = !place.empty() && beside.w <= draw::text_width(Type::body, place);
  const float up = below ? px(9) : 0;
  draw::text_in(list, {room.x, room.y - up, title_w, room.h}, Type::strong, p.text, title);
  if (below) {
    draw::text_in(list, {room.x, room.y + px(10), room.w, room.h}, Type::caption, p.muted, place);
  } else {
    draw::text_in(list, beside, Type::body, p.muted, place);
  }
}

}  // namespace

void top_bar(Model& model, TransportState& state, const Rect& rect) {
  begin_region("top", rect, palette().panel);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Palette& p = palette();
  draw::line(list, {rect.x, rect.bottom() - px(0.5f)}, {rect.right(), rect.bottom() - px(0.5f)},
             p.line, px(1));
  const Form form = model.places.form;
  const float mid = rect.y + rect.h / 2;
  const float h = px(form == Form::narrow ? 44 : 32);
  const float y = std::round(mid - h / 2);
  const float baseline = std::round(mid + face(Type::title).cap / 2);
  const float left_end =
      brand(list, rect.x + px(14), baseline) + px(form == Form::narrow ? 14 : 22);

  // Right to left: share, menu, drawer, seed.
  float right = rect.right() - px(form == Form::narrow ? 8 : 14);
  const ButtonLook share{.icon = Icon::share,
                         .label = form == Form::narrow ? "" : t().share,
                         .tip = t().tip_share,
                         .loud = true};
  const float share_w = form == Form::narrow ? px(44) : button_width(share);
  right -= share_w;
  if (button(model.controls, "share", {right, y, share_w, h}, share)) model.share();
  right -= px(6) + (form == Form::narrow ? px(44) : px(34));
  main_menu(model, {right, y, form == Form::narrow ? px(44) : px(34), h});
  if (form == Form::wide || (form == Form::medium && rect.w >= px(800))) {
    const bool running = is_checking(model);
    const bool wordy = rect.w >= px(1340);
    const ButtonLook look{.icon = Icon::branch,
                          .label = form == Form::medium ? std::string_view()
                                   : running            ? t().checking
                                   : wordy              ? t().check_all
                                                        : t().check_all_brief,
                          .tip = t().tip_check_all,
                          .on = model.check_open};
    // The same width whether it works or not: what stands beside it must not move.
    ButtonLook other = look;
    other.label = running ? (wordy ? t().check_all : t().check_all_brief) : t().checking;
    const float w =
        form == Form::medium ? px(38) : std::max(button_width(look), button_width(other));
    right -= px(8) + w;
    if (button(model.controls, "check", {right, y, w, h}, look)) toggle_checks(model);
    if (running) {
      list->AddCircleFilled({right + w - px(7), y + px(7)}, px(3), p.sky);
    }
  }
  if (form == Form::medium) {
    right -= px(6) + px(34);
    if (button(model.controls, "drawer", {right, y, px(34), h},
               {.icon = Icon::panel,
                .tip = t().show_panels,
                .plain = true,
                .on = model.drawer_open})) {
      model.drawer_open = !model.drawer_open;
    }
  }
  if (form == Form::wide) {
    const float w = px(110);
    right -= px(8) + w;
    seed_field(model, state, {right, y, w, h});
  }

  float title_end = right - px(12);
  if (form != Form::narrow) {
    // The title is read whole where the others can give way: first the speed's rail shrinks, then
    // the buttons say less.
    const float title_w = model.open() ? draw::text_width(Type::strong, model.scenario.title) : 0;
    // The clock is read whole, after a day too; its width does not change while it runs.
    const Time last_us = model.open() ? model.session().setup().until_us : 0;
    const float clock_w = std::max(
        draw::text_width(Type::mono, time_text(last_us)),
        draw::text_width(Type::mono, time_text(model.open() ? model.timeline->cursor_us() : 0)));
    const float time_w = std::max(px(form == Form::wide ? 116 : 108), clock_w + px(16));
    bool wordy = form == Form::wide;
    float speed_w = px(wordy ? 176 : 66);
    auto buttons = play_buttons(model, wordy);
    const auto width = [&] {
      float total = speed_w + time_w + px(8) * 5;
      for (const Transport& each : buttons) total += each.width;
      return total;
    };
    const auto lacking = [&] { return left_end + title_w + px(16) + width() + px(12) - right; };
    if (wordy && lacking() > 0) speed_w = std::max(px(120), speed_w - lacking());
    if (wordy && lacking() > 0) buttons = play_buttons(model, wordy = false);
    const float total = width();
    float x = std::round(rect.x + (rect.w - total) / 2);
    x = std::max(x, left_end + std::max(px(130), title_w + px(16)));
    x = std::min(x, right - total - px(12));
    title_end = x - px(14);
    for (const Transport& each : buttons) {
      if (button(model.controls, each.name, {x, y, each.width, h}, each.look)) {
        model.command(each.name == "play" ? "toggle_play" : each.name, {});
      }
      x += each.width + px(8);
    }
    speed_slider(model, {x, y, speed_w, h});
    x += speed_w + px(8);
    time_pill(model, {x, y, time_w, h});
  }
  if (!model.open()) return end_region();
  show_title(model, list, {left_end, rect.y, title_end - left_end, rect.h});
  end_region();
}

void play_row(Model& model, TransportState& state, const Rect& rect) {
  (void)state;
  begin_region("play row", rect, palette().panel);
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::line(list, {rect.x, rect.y + px(0.5f)}, {rect.right(), rect.y + px(0.5f)}, palette().line,
             px(1));
  auto buttons = play_buttons(model, false);
  const float h = px(44);
  const float y = std::round(rect.y + (rect.h - h) / 2);
  float x = rect.x + px(12);
  const auto width_of = [&](const Transport& each) {
    const bool labelled = each.name == "play" && !each.look.label.empty();
    return labelled ? std::max(px(92), each.width) : px(44);
  };
  // A rail too short to be drawn along is worth more than the word beside the sign.
  float taken = px(12) * 2;
  for (const Transport& each : buttons) taken += width_of(each) + px(6);
  if (rail_in(rect.w - taken) < px(40)) {
    for (Transport& each : buttons) each.look.label = {};
  }
  for (Transport& each : buttons) {
    const float w = width_of(each);
    if (button(model.controls, each.name, {x, y, w, h}, each.look)) {
      model.command(each.name == "play" ? "toggle_play" : each.name, {});
    }
    x += w + px(6);
  }
  const float left = rect.right() - px(12) - x;
  if (left > px(60)) speed_slider(model, {x, y, left, h});
  end_region();
}

}  // namespace netsplit::ui
