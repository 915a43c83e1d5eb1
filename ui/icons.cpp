#include "ui/icons.h"

#include <cmath>

#include "ui/draw.h"

namespace netsplit::ui {
namespace {

// Icons are designed on a grid from -8 to 8.
struct Grid {
  ImDrawList* list;
  ImVec2 center;
  float unit;
  ImU32 color;
  float width;

  ImVec2 at(float x, float y) const { return {center.x + x * unit, center.y + y * unit}; }
  void line(float x0, float y0, float x1, float y1) const {
    list->AddLine(at(x0, y0), at(x1, y1), color, width);
  }
  void triangle(float x0, float y0, float x1, float y1, float x2, float y2) const {
    list->AddTriangleFilled(at(x0, y0), at(x1, y1), at(x2, y2), color);
  }
  void bar(float x0, float y0, float x1, float y1, float round = 0.8f) const {
    list->AddRectFilled(at(x0, y0), at(x1, y1), color, round * unit);
  }
  void box(float x0, float y0, float x1, float y1, float round = 1.5f) const {
    list->AddRect(at(x0, y0), at(x1, y1), color, round * unit, 0, width);
  }
  void ring(float x, float y, float r) const {
    list->AddCircle(at(x, y), r * unit, color, 0, width);
  }
  void disc(float x, float y, float r) const { list->AddCircleFilled(at(x, y), r * unit, color); }
  void arc(float x, float y, float r, float from, float to) const {
    list->PathArcTo(at(x, y), r * unit, from, to, 20);
    list->PathStroke(color, 0, width);
  }
  void path(std::initializer_list<ImVec2> points, bool closed) const {
    for (const ImVec2 p : points) list->PathLineTo(at(p.x, p.y));
    list->PathStroke(color, closed ? ImDrawFlags_Closed : 0, width);
  }
};

void media(const Grid& g, Icon icon) {
  switch (icon) {
    case Icon::play:
      g.triangle(-4, -6.5f, 6.5f, 0, -4, 6.5f);
      break;
    case Icon::pause:
    case Icon::pause_bars:
      g.bar(-4.5f, -6, -1.5f, 6);
      g.bar(1.5f, -6, 4.5f, 6);
      break;
    case Icon::step:
      g.triangle(-5.5f, -5.5f, 2.5f, 0, -5.5f, 5.5f);
      g.bar(3.2f, -5.5f, 5.4f, 5.5f);
      break;
    case Icon::step_back:
      g.triangle(5.5f, -5.5f, -2.5f, 0, 5.5f, 5.5f);
      g.bar(-5.4f, -5.5f, -3.2f, 5.5f);
      break;
    default:
      g.arc(0, 0.5f, 5.6f, -0.9f, 4.2f);
      g.triangle(-6.4f, -6.2f, 0.6f, -5.6f, -3.6f, -0.4f);
      break;
  }
}

void tool(const Grid& g, Icon icon) {
  switch (icon) {
    case Icon::pointer:
      g.path({{-4, -6.5f},
              {-4, 5},
              {-1.2f, 2.4f},
              {0.8f, 6.6f},
              {2.8f, 5.6f},
              {0.9f, 1.6f},
              {4.8f, 1.4f}},
             true);
      break;
    case Icon::scissors:
      g.ring(-4.2f, -3.6f, 2.4f);
      g.ring(-4.2f, 3.6f, 2.4f);
      g.line(-2.2f, -2.3f, 6.5f, 4);
      g.line(-2.2f, 2.3f, 6.5f, -4);
      break;
    case Icon::isolate:
      g.disc(0, 0, 2.2f);
      for (int i = 0; i < 6; ++i) {
        const float a = 1.0472f * static_cast<float>(i);
        g.arc(0, 0, 6, a, a + 0.55f);
      }
      break;
    case Icon::link:
      g.disc(-5, 0, 2);
      g.disc(5, 0, 2);
      g.line(-4, 0, 4, 0);
      break;
    case Icon::branch:
      g.path({{-6, -3}, {-2, -3}, {1, 3}, {6, 3}}, false);
      g.line(-2, -3, 6, -3);
      break;
    default:
      break;
  }
}

void message(const Grid& g, Icon icon) {
  switch (icon) {
    case Icon::drop:
      g.line(-6, -4, 1, -4);
      g.line(2.4f, -1, 6.4f, 3.4f);
      g.line(6.4f, -1, 2.4f, 3.4f);
      break;
    case Icon::duplicate:
      g.box(-6, -6, 2.5f, 2.5f);
      g.box(-2.5f, -2.5f, 6, 6);
      break;
    case Icon::deliver:
      g.line(-6, 0, 3, 0);
      g.triangle(2, -4, 7, 0, 2, 4);
      break;
    default:
      g.ring(0, 0, 6);
      g.path({{0, -3.4f}, {0, 0}, {2.8f, 1.8f}}, false);
      break;
  }
}

void network(const Grid& g, Icon icon) {
  constexpr float turn = 6.2832f;
  switch (icon) {
    case Icon::lasso:
      // A loop of dashes, and its end.
      for (int i = 0; i < 7; ++i) {
        const float from = turn * static_cast<float>(i) / 7;
        g.arc(0, -1.4f, 5.6f, from, from + turn / 12);
      }
      g.path({{-1.2f, 4.2f}, {-2.4f, 5.6f}, {-0.8f, 7.2f}}, false);
      break;
    case Icon::clock:
      g.ring(0, 0, 6.2f);
      g.path({{0, -3.6f}, {0, 0.3f}, {2.9f, 2}}, false);
      break;
    case Icon::hand:
      // A pointing finger over a closed hand.
      g.path({{-1.6f, 1.6f}, {-1.6f, -6}, {0.8f, -6}, {0.8f, -0.8f}}, false);
      g.path({{0.8f, -0.8f}, {6, 0.2f}, {5.2f, 6.4f}, {-2.2f, 6.4f}, {-5.6f, 1.6f}, {-1.6f, 2.4f}},
             false);
      break;
    case Icon::fit:
      for (const float x : {-1.f, 1.f}) {
        for (const float y : {-1.f, 1.f})
          g.path({{x * 2.4f, y * 6}, {x * 6, y * 6}, {x * 6, y * 2.4f}}, false);
      }
      break;
    default:  // a padlock; open, its bow stands to the side
      g.bar(-5, -0.8f, 5, 6.4f, 1.4f);
      if (icon == Icon::locked) {
        g.path({{-3, -0.8f}, {-3, -3.6f}, {-1.8f, -5.8f}, {1.8f, -5.8f}, {3, -3.6f}, {3, -0.8f}},
               false);
      } else {
        g.path({{3, -0.8f}, {3, -3.6f}, {4.2f, -5.8f}, {6.6f, -5.8f}, {7.6f, -3.6f}}, false);
      }
      break;
  }
}

void menu(const Grid& g, Icon icon) {
  switch (icon) {
    case Icon::more:
      for (const float x : {-5.5f, 0.f, 5.5f}) g.disc(x, 0, 1.5f);
      break;
    case Icon::undo:
    case Icon::redo: {
      const float side = icon == Icon::undo ? 1.f : -1.f;
      g.path({{-2 * side, -6}, {-6 * side, -2}, {-2 * side, 2}}, false);
      g.path({{-6 * side, -2}, {2 * side, -2}, {5 * side, 0}, {6 * side, 3}, {5 * side, 6}}, false);
      break;
    }
    case Icon::pencil:
      g.path({{-6, 6}, {-5, 2}, {3, -6}, {6, -3}, {-2, 5}}, true);
      break;
    case Icon::trash:
      g.line(-6, -4, 6, -4);
      g.line(-2, -6, 2, -6);
      g.path({{-4.5f, -4}, {-3.5f, 6}, {3.5f, 6}, {4.5f, -4}}, false);
      break;
    case Icon::up:
      g.path({{-4, 2}, {0, -2}, {4, 2}}, false);
      break;
    case Icon::down:
      g.path({{-4, -2}, {0, 2}, {4, -2}}, false);
      break;
    case Icon::folder:
      g.path({{-6, 5}, {-6, -5}, {-2, -5}, {0, -3}, {6, -3}, {6, 5}}, true);
      break;
    case Icon::save:
      g.line(0, -6, 0, 2);
      g.path({{-3.5f, -1}, {0, 2.5f}, {3.5f, -1}}, false);
      g.path({{-6, 3}, {-6, 6}, {6, 6}, {6, 3}}, false);
      break;
    case Icon::picture:
      g.box(-6.5f, -5.5f, 6.5f, 5.5f);
      g.path({{-6, 4}, {-2, -0.5f}, {1, 2.5f}, {3, 0.5f}, {6, 3.5f}}, false);
      break;
    case Icon::keyboard:
      g.box(-7.5f, -5, 7.5f, 5);
      g.line(-3.5f, 2, 3.5f, 2);
      for (const float x : {-4.f, 0.f, 4.f}) g.disc(x, -1.6f, 0.9f);
      break;
    case Icon::legend:
      g.ring(-4, -3.8f, 2.3f);
      g.line(1, -3.8f, 7, -3.8f);
      g.box(-6.2f, 1.7f, -1.8f, 6.1f);
      g.line(1, 3.9f, 7, 3.9f);
      break;
    case Icon::search:
      g.ring(-1.2f, -1.2f, 4.4f);
      g.line(2.2f, 2.2f, 6, 6);
      break;
    default:
      g.disc(0, 0, 3);
      break;
  }
}

void sign(const Grid& g, Icon icon) {
  switch (icon) {
    case Icon::share:
      g.disc(4, -4.8f, 2.2f);
      g.disc(-4.6f, 0, 2.2f);
      g.disc(4, 4.8f, 2.2f);
      g.line(-4, 0, 4, -4.6f);
      g.line(-4, 0, 4, 4.6f);
      break;
    case Icon::cross:
    case Icon::close:
      g.line(-4.5f, -4.5f, 4.5f, 4.5f);
      g.line(4.5f, -4.5f, -4.5f, 4.5f);
      break;
    case Icon::check:
      g.path({{-5.5f, 0.4f}, {-1.6f, 4.2f}, {5.5f, -4.4f}}, false);
      break;
    case Icon::question:
      g.arc(0, -2.8f, 3.2f, -2.9f, 1.3f);
      g.line(0.9f, 0.2f, 0, 1.8f);
      g.line(0, 1.6f, 0, 3);
      g.disc(0, 5.8f, 1.1f);
      break;
    case Icon::moon:
      g.arc(-0.6f, 0, 6, 0.75f, 5.55f);
      g.arc(3.6f, -0.02f, 4.15f, 1.45f, 4.85f);
      break;
    case Icon::sun:
      g.ring(0, 0, 3);
      for (int i = 0; i < 8; ++i) {
        const float a = 0.7854f * static_cast<float>(i);
        g.line(std::cos(a) * 5, std::sin(a) * 5, std::cos(a) * 7, std::sin(a) * 7);
      }
      break;
    case Icon::panel:
      g.box(-7, -5.5f, 7, 5.5f);
      g.line(2, -5.5f, 2, 5.5f);
      break;
    case Icon::chevron_right:
      g.path({{-2, -4}, {2, 0}, {-2, 4}}, false);
      break;
    case Icon::chevron_down:
      g.path({{-4, -2}, {0, 2}, {4, -2}}, false);
      break;
    case Icon::chevron_up:
      g.path({{-4, 2}, {0, -2}, {4, 2}}, false);
      break;
    case Icon::pen:
      g.path({{-5, 5}, {-4, 2}, {3, -5}, {5, -3}, {-2, 4}}, true);
      break;
    case Icon::compare:
      g.box(-5.5f, -5, -1, 5, 1);
      g.box(1, -5, 5.5f, 5, 1);
      break;
    case Icon::plus:
      g.line(0, -5, 0, 5);
      [[fallthrough]];
    case Icon::minus:
      g.line(-5, 0, 5, 0);
      break;
    case Icon::list:
      for (const float y : {-4.5f, 0.f, 4.5f}) g.line(-6, y, 6, y);
      break;
    default:
      menu(g, icon);
      break;
  }
}

}  // namespace

void draw_icon(ImDrawList* list, Icon icon, ImVec2 center, float size, ImU32 color) {
  const float unit = size / 16;
  const Grid g{list, center, unit, color, std::max(1.2f * scale(), 1.6f * unit)};
  switch (icon) {
    case Icon::none:
      break;
    case Icon::play:
    case Icon::pause:
    case Icon::pause_bars:
    case Icon::step:
    case Icon::step_back:
    case Icon::restart:
      media(g, icon);
      break;
    case Icon::pointer:
    case Icon::scissors:
    case Icon::isolate:
    case Icon::link:
    case Icon::branch:
      tool(g, icon);
      break;
    case Icon::drop:
    case Icon::duplicate:
    case Icon::deliver:
    case Icon::delay:
      message(g, icon);
      break;
    case Icon::lasso:
    case Icon::clock:
    case Icon::hand:
    case Icon::fit:
    case Icon::locked:
    case Icon::unlocked:
      network(g, icon);
      break;
    default:
      sign(g, icon);
      break;
  }
}

}  // namespace netsplit::ui
