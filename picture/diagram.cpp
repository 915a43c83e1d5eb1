#include "picture/diagram.h"

namespace netsplit::picture {
namespace {

constexpr Color c(std::uint32_t rgb) { return {rgb, 1}; }

constexpr Colors dark{c(0x0D1117),
                      c(0x131922),
                      c(0xE6EDF3),
                      c(0x95A2B3),
                      c(0x283242),
                      c(0x344256),
                      c(0x17202C),
                      c(0x56B4E9),
                      c(0x2FBF8F),
                      c(0xF0643C),
                      c(0xE69F00),
                      c(0xF0E442),
                      c(0xD48AC0),
                      {c(0x56B4E9), c(0x8FA2FF), c(0x4CC9C0), c(0xB9A0F0), c(0xD0B98C), c(0x9CC56E),
                       c(0xE795A5), c(0x8AA9C9)}};
constexpr Colors pale{c(0xFFFFFF),
                      c(0xF6F8FB),
                      c(0x17202C),
                      c(0x5B6878),
                      c(0xD5DCE6),
                      c(0xC3CCD8),
                      c(0xFFFFFF),
                      c(0x0F6FAE),
                      c(0x0B7A59),
                      c(0xC43D15),
                      c(0x945F00),
                      c(0x7A6A00),
                      c(0x9E3F80),
                      {c(0x0F6FAE), c(0x4A57C8), c(0x0B7C77), c(0x7045B5), c(0x7B6223), c(0x4F7620),
                       c(0xB03A55), c(0x476C92)}};

}  // namespace

const Colors& colors(bool light) { return light ? pale : dark; }

Picture both_diagrams(const Timeline& timeline, const Scenario& scenario, const Look& look) {
  Look upper = look;
  upper.height = look.height * 0.56f;
  Look lower = look;
  lower.height = look.height - upper.height;
  Picture all = network_diagram(timeline, scenario, upper);
  const Picture below = space_time_diagram(timeline, scenario, lower);
  all.height = look.height;
  all.description += " " + below.description;
  all.line({0, upper.height}, {look.width, upper.height}, {.stroke = colors(look.light).line});
  for (Item item : below.items) {
    for (Point& point : item.points) point.y += upper.height;
    item.box.y += upper.height;
    all.items.push_back(std::move(item));
  }
  return all;
}

}  // namespace netsplit::picture
