#include "ui/app.h"

#include <algorithm>
#include <cmath>

#include "ui/checker_panel.h"
#include "ui/mirror.h"
#include "ui/model.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::string_view first_scenario = "lock-gc-pause";
// How long after the last touch frames go on: tooltips appear late, ImGui settles.
constexpr double settle_s = 0.7;

// How high the diagram is in a window of this height; less while two rows of networks are above it.
float usual_time(const Model& model, float height) {
  const bool rows = model.compared.size() == 3;
  return std::clamp(height * (rows ? 0.27f : 0.345f), px(190), px(310));
}

Places arrange(const Model& model, float width, float height) {
  Places at;
  const float css = width / scale();
  at.form = css >= 1100 ? Form::wide : css >= 700 ? Form::medium : Form::narrow;
  if (at.form == Form::narrow) {
    const float top = px(56);
    const float row = px(56);
    const float tabs = px(46);
    const bool long_sheet = model.sheet == Sheet::check;
    const float sheet = std::round(
        std::clamp(height * (long_sheet ? 0.37f : 0.285f), px(160), px(long_sheet ? 420 : 340)));
    at.top = {0, 0, width, top};
    at.canvas = {0, top, width, std::max(px(120), height - top - row - tabs - sheet)};
    at.time = {0, at.canvas.bottom() + row + tabs, width, height - at.canvas.bottom() - row - tabs};
    if (model.legend.open) at.legend = at.time;
    return at;
  }
  const float top = px(48);
  const bool wide = at.form == Form::wide;
  float left = std::round(px(wide ? 268 : 232) * model.left_share);
  // The editor lies where the right column is, and what it changes stays in view beside it.
  const float wanted = model.editing       ? editor_width_css
                       : wide              ? 336 * model.right_share
                       : model.drawer_open ? 336
                                           : 0;
  const float right = std::round(px(wanted));
  // Where not all three have room, what stands at the left gives way.
  if (!wide && right > 0 && width - left - right < px(360)) left = 0;
  const float time = std::round(
      std::clamp(usual_time(model, height) * model.time_share, 0.f, height - top - px(160)));
  at.top = {0, 0, width, top};
  at.left = {0, top, left, height - top};
  at.canvas = {left, top, width - left - right, height - top - time};
  at.time = {left, height - time, width - left - right, time};
  at.right = {width - right, top, right, height - top};
  if (!model.legend.open) return at;
  const float legend = legend_width(model.legend);
  const bool room = at.canvas.w - legend >= px(420) || at.time.h < px(120);
  at.legend = room ? Rect{at.canvas.x, at.canvas.y, legend, at.canvas.h} : at.time;
  return at;
}

// A border that can be dragged, and double-clicked shut.
void splitter(Model& model, const char* name, const Rect& grip, bool upright, float& share,
              float usual, float sign) {
  begin_region(name, grip, IM_COL32(0, 0, 0, 0), Region::floats);
  ImGui::SetCursorScreenPos(grip.min());
  ImGui::InvisibleButton("##grip", {std::max(1.f, grip.w), std::max(1.f, grip.h)});
  model.controls.add(name, grip);
  const bool active = ImGui::IsItemActive();
  if (ImGui::IsItemHovered() || active) {
    ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    const Rect line = upright ? Rect{grip.x + grip.w / 2 - px(1), grip.y, px(2), grip.h}
                              : Rect{grip.x, grip.y + grip.h / 2 - px(1), grip.w, px(2)};
    draw::fill(ImGui::GetWindowDrawList(), line, palette().sky);
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    share = share > 0.1f ? 0.f : 1.f;
  } else if (active && ImGui::IsMouseDragging(ImGuiMouseButton_Left, px(2))) {
    const ImVec2 by = ImGui::GetIO().MouseDelta;
    share = std::clamp(share + sign * (upright ? by.x : by.y) / usual, 0.f, 1.7f);
    if (share < 0.25f && sign * (upright ? by.x : by.y) < 0) share = 0;
  }
  end_region();
}

void border(const Rect& rect, bool left_edge) {
  const float x = left_edge ? rect.x + px(0.5f) : rect.right() - px(0.5f);
  draw::line(ImGui::GetWindowDrawList(), {x, rect.y}, {x, rect.bottom()}, palette().line, px(1));
}

// A scrolling column inside `rect`.
template <class Fill>
void side_column(const char* name, const Rect& rect, float margin_css, Fill fill,
                 Region kind = Region::scrolls) {
  begin_region(name, rect, palette().panel, kind);
  const float top = rect.y + px(14) - ImGui::GetScrollY();
  Column column(rect.x + px(margin_css), top, rect.w - 2 * px(margin_css));
  fill(column);
  ImGui::SetCursorScreenPos({rect.x, column.y() + px(6)});
  ImGui::Dummy({1, 1});
}

void run_panels(Model& model, Panels& panels, Column& column) {
  if (model.check_open && model.places.form != Form::narrow) return checker_panel(model, column);
  compare_panel(model, column);
  // Whoever picks a node wants to look inside it, not to scroll for it.
  const bool picked = model.open() && model.selected_node != nobody;
  const NodeId before = std::exchange(panels.inspected, model.selected_node);
  if (picked && before != model.selected_node) ImGui::SetScrollY(0);
  if (picked) inspector_panel(model, column);
  clock_plot_panel(model, panels.clock_plot, column);
  properties_panel(model, column);
  checks_link(model, column);
  if (!picked) inspector_panel(model, column);
  clients_panel(model, panels.clients, column);
  parameters_panel(model, column);
  price_panel(model, panels.price, column);
}

void keys(Model& model, Canvas& canvas) {
  if (canvas.keys(model)) return;
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return;
  const auto pressed = [&](ImGuiKey key, bool repeat = false) {
    const bool hit = ImGui::IsKeyPressed(key, repeat);
    if (hit) model.touched_s = model.now_s;
    return hit;
  };
  if (model.open()) {
    const double page = io.KeyShift ? 0.25 * model.time_view.width() : 0;
    if (pressed(ImGuiKey_PageUp, true))
      page > 0 ? model.time_view.pan(-page) : model.zoom_time(0.7);
    if (pressed(ImGuiKey_PageDown, true))
      page > 0 ? model.time_view.pan(page) : model.zoom_time(1 / 0.7);
    if (io.KeyShift && pressed(ImGuiKey_Home)) return model.time_view.fit();
  }
  if (pressed(ImGuiKey_Space)) model.command("toggle_play", {});
  if (pressed(ImGuiKey_RightArrow, true)) model.command("step", {});
  if (pressed(ImGuiKey_LeftArrow, true)) model.command("step_back", {});
  if (pressed(ImGuiKey_Home)) model.command("home", {});
  if (pressed(ImGuiKey_End)) model.command("end", {});
  if (pressed(ImGuiKey_UpArrow, true)) model.set_speed(model.speed * 1.25);
  if (pressed(ImGuiKey_DownArrow, true)) model.set_speed(model.speed / 1.25);
  if (pressed(ImGuiKey_V)) model.tool = Tool::select;
  if (pressed(ImGuiKey_C)) model.tool = Tool::cut;
  if (pressed(ImGuiKey_P)) model.tool = Tool::pause;
  if (pressed(ImGuiKey_X)) model.tool = Tool::crash;
  if (pressed(ImGuiKey_I)) toggle_checks(model);
  if (pressed(ImGuiKey_D)) model.command("legend", {});
  lesson_keys(model);
  if (pressed(ImGuiKey_Escape)) {
    if (model.heading)
      model.heading.reset();
    else if (model.drawer_open)
      model.drawer_open = model.check_open = false;
    else if (model.check_open)
      model.check_open = false;
    else if (model.legend.open)
      model.legend.open = false;
    else if (model.library_open)
      model.library_open = false;
    else if (model.selected_event != no_event)
      model.selected_event = no_event;
    else
      model.selected_node = nobody;
  }
}

bool legend_is_beside(const Places& at) { return at.legend.h > 0 && at.legend.y == at.canvas.y; }

// The network, or several side by side.
void network(Model& model, Panels& panels, const Rect& rect) {
  const Rect own = panels.compare.own_pane(model, rect);
  panels.canvas.head = panels.compare.heading_room(model);
  const bool floats = model.compared.empty() && model.places.form != Form::narrow;
  panels.canvas.corner = floats ? panels.compare.button_place() : Rect{};
  if (own.w > px(40)) panels.canvas.frame(model, own);
  panels.compare.frame(model, rect);
}

void network_overlays(Model& model, Panels& panels, const Rect& rect) {
  panels.canvas.overlay(model, rect);
  panels.compare.overlay(model, rect);
}

void narrow_frame(Model& model, Panels& panels, float width, float height) {
  const Places& at = model.places;
  network(model, panels, at.canvas);
  network_overlays(model, panels, at.canvas);
  network_stops(model);
  const Rect row{0, at.canvas.bottom(), width, px(56)};
  play_row(model, panels.transport, row);

  const Rect tabs{0, row.bottom(), width, px(46)};
  begin_region("tabs", tabs, palette().panel);
  constexpr std::array<std::string_view, 4> names{"tab.time", "tab.lesson", "tab.inspect",
                                                  "tab.check"};
  const std::array<std::string_view, 4> labels{t().time_tab, t().network_tab, t().run_tab,
                                               t().check_tab};
  const float w = (width - px(24)) / 4;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool on = !model.legend.open && model.sheet == static_cast<Sheet>(i);
    const Rect r{px(12) + w * static_cast<float>(i), tabs.y, w, px(44)};
    if (button(model.controls, names[i], r, {.label = labels[i], .plain = true, .on = on})) {
      model.sheet = static_cast<Sheet>(i);
      model.legend.open = false;
    }
    if (on)
      draw::fill(ImGui::GetWindowDrawList(),
                 {r.x + px(12), r.bottom() - px(2), r.w - px(24), px(2)}, palette().sky);
  }
  end_region();

  const Rect sheet{0, tabs.bottom(), width, height - tabs.bottom()};
  if (model.legend.open) {
    legend_below(model, sheet);
  } else if (model.sheet == Sheet::time) {
    panels.space_time.frame(model, sheet);
  } else if (model.sheet == Sheet::lesson) {
    side_column("sheet lesson", sheet, 16, [&](Column& column) {
      lesson_panel(model, column);
      library_panel(model, panels.library, column);
    });
    end_region();
  } else if (model.sheet == Sheet::check) {
    side_column("sheet check", sheet, 16, [&](Column& column) { checker_panel(model, column); });
    end_region();
  } else {
    side_column("sheet inspect", sheet, 16,
                [&](Column& column) { run_panels(model, panels, column); });
    end_region();
  }
}

void wide_frame(Model& model, Panels& panels) {
  const Places at = model.places;
  if (at.left.w > px(40)) {
    side_column("left", at.left, 14, [&](Column& column) {
      library_panel(model, panels.library, column);
      lesson_panel(model, column);
    });
    border(at.left, false);
    end_region();
  }
  const bool beside = legend_is_beside(at);
  Rect rest = at.canvas;
  if (beside) {
    rest.x += at.legend.w;
    rest.w -= at.legend.w;
  }
  network(model, panels, rest);
  if (model.legend.open && !beside)
    legend_below(model, at.legend);
  else if (at.time.h > px(40))
    panels.space_time.frame(model, at.time);
  if (beside) legend_beside(model, at.legend);
  network_overlays(model, panels, at.canvas);
  network_stops(model);
  if (at.right.w > px(40)) {
    side_column("right", at.right, 14, [&](Column& column) { run_panels(model, panels, column); });
    border(at.right, true);
    end_region();
  }
  const float grip = px(7);
  splitter(model, "split left", {at.left.right() - grip / 2, at.top.bottom(), grip, at.left.h},
           true, model.left_share, px(268), 1);
  splitter(model, "split time", {at.canvas.x, at.time.y - grip / 2, at.canvas.w, grip}, false,
           model.time_share, usual_time(model, at.time.bottom()), -1);
  if (at.form == Form::wide) {
    splitter(model, "split right", {at.right.x - grip / 2, at.top.bottom(), grip, at.right.h}, true,
             model.right_share, px(336), -1);
  }
}

// How the reader wanted the window at the last visit. False: there was none that can be believed.
bool take_kept(Model& model) {
  const auto kept = read_kept(model.host.kept);
  if (!kept) return false;
  model.kept = kept.value();
  if (!model.kept.language.empty()) set_language(language_of(model.kept.language));
  const auto theme = std::find(theme_names.begin(), theme_names.end(), model.kept.theme);
  if (theme != theme_names.end())
    model.choose_theme(static_cast<ThemeChoice>(theme - theme_names.begin()));
  return true;
}

}  // namespace

App::App(Host host) : model_(std::make_unique<Model>()), panels_(std::make_unique<Panels>()) {
  model_->host = std::move(host);
  // Nothing blinks; ImGui's own ways of remembering things are not wanted.
  ImGuiIO& io = ImGui::GetIO();
  io.ConfigInputTextCursorBlink = false;
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  set_language(language_of(model_->host.language));
  model_->choose_theme(ThemeChoice::system);
  const bool first_visit = !take_kept(*model_);
  if (model_->open_scenario(first_scenario)) {
    model_->hints.shown = first_visit;
  } else if (!library().empty()) {
    (void)model_->open_scenario(library().front().id);
  }
  model_->link_due_s = 1e18;
  model_->touched_s = 0;
}

App::~App() = default;

void App::restore() {
  Model& model = *model_;
  if (model.host.kept.empty()) return;
  if (const auto kept = read_kept(model.host.kept); !kept) return model.say_toast(kept.error());
  const std::string work = model.kept.work;
  if (work.empty()) return;
  const Status done = work.front() == '{' ? model.open_file(work, "") : model.open_link(work);
  model.say_toast(done ? std::string(t().work_restored) : say(t().work_refused, {done.error()}),
                  done ? Tone::plain : Tone::bad);
  if (done) model.changed();  // the host learns its link
}

Status App::open_scenario(std::string_view id) {
  const Status done = model_->open_scenario(id);
  if (!done) model_->say_toast(done.error(), Tone::bad);
  model_->touched_s = model_->now_s;
  return done;
}

Status App::open_link(std::string_view link) {
  const Status done = model_->open_link(link);
  if (!done) model_->say_toast(done.error(), Tone::bad);
  model_->touched_s = model_->now_s;
  return done;
}

Status App::open_file(std::string_view text, std::string_view name) {
  const Status done = model_->open_file(text, name);
  if (!done) model_->say_toast(done.error(), Tone::bad);
  model_->touched_s = model_->now_s;
  return done;
}

void App::frame(double dt_seconds) {
  Model& model = *model_;
  const ImGuiIO& io = ImGui::GetIO();
  model.controls.touch = model.host.touch;
  if (!keyboard(model)) keys(model, panels_->canvas);
  model.controls.begin_frame();
  if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 ||
      ImGui::IsAnyMouseDown() || ImGui::IsMouseReleased(0) || ImGui::IsMouseReleased(1)) {
    model.touched_s = model.now_s;
  }
  // A host that slept hands over a long time; effects must not be over before they are seen.
  model.advance(std::clamp(dt_seconds, 0.0, 0.25));
  note_withheld(model);
  model.legend.follow(model);
  panels_->compare.follow(model);
  const float width = io.DisplaySize.x;
  const float height = io.DisplaySize.y;
  if (width < px(200) || height < px(200)) return;
  model.places = arrange(model, width, height);
  top_bar(model, panels_->transport, model.places.top);
  if (model.places.form == Form::narrow) {
    narrow_frame(model, *panels_, width, height);
  } else {
    wide_frame(model, *panels_);
  }
  editor_drawer(model, panels_->editor, width, height);
  overlays(model, *panels_, width, height);
  model.refused.clear();
  for (const Fields* fields : {&panels_->editor.fields, &panels_->path.fields}) {
    for (const auto& [name, refusal] : fields->refused)
      model.refused.emplace_back(name, refusal.sentence);
  }
  toast_bubble(model, model.places.canvas);
  model.controls.draw_focus();
}

bool App::animating() const {
  const Model& model = *model_;
  if (model.playing || model.heading || !model.effects.empty()) return true;
  if (model.comparison.running() || model.what_if.running()) return true;
  if (panels_->canvas.moving() || panels_->space_time.moving()) return true;
  if (panels_->compare.moving()) return true;
  if (model.now_s - model.touched_s < settle_s || model.link_due_s < 1e17) return true;
  if (!model.toast.text.empty() && model.now_s - model.toast.born_s <= toast_life_s) return true;
  return std::any_of(model.moment.nodes.begin(), model.moment.nodes.end(),
                     [&](const NodeShown& node) { return model.now_s - node.changed_s < 0.35; });
}

bool App::checking() const { return is_checking(*model_); }

std::string App::mirror() const { return mirror_of(*model_); }

Result<std::string> App::share_link() { return model_->share_link(); }

void App::command(std::string_view name, std::string_view argument) {
  model_->command(name, argument);
}

bool App::tab(bool back) { return ui::tab(*model_, back); }

bool App::light() const { return theme() == Theme::light; }

}  // namespace netsplit::ui
