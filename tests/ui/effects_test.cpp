// What just happened and fades: where a lost message was lost.
#include <doctest/doctest.h>

#include "ui/model.h"

namespace netsplit::ui::effects_test {
namespace {

// At 600 ms alice's Acquire is on its way to the lock service; the network drew it a quarter of the
// way along.
struct OnItsWay {
  Model model;
  MessageId id = 0;
  OnItsWay() {
    REQUIRE(model.open_scenario("lock-gc-pause"));
    model.seek_time(600'000);
    REQUIRE(model.moment.messages.size() == 1);
    id = model.moment.messages[0].id;
    model.node_at = {{0, 0}, {800, 0}, {400, 300}, {400, 600}};
    model.message_at = {{id, {100, 75}}};
  }
};

}  // namespace

TEST_CASE("effect: a message that is dropped leaves its cross where it was") {
  OnItsWay at;
  at.model.on_message(Action::drop, at.id);
  REQUIRE(at.model.effects.size() == 1);
  CHECK(at.model.effects[0].kind == Effect::Kind::lost);
  CHECK(at.model.effects[0].part == doctest::Approx(0.25));
}

TEST_CASE("effect: a message for a node that is down is lost at the node") {
  OnItsWay at;
  at.model.toggle_crash(NodeId{2});
  at.model.effects.clear();
  while (at.model.effects.empty()) at.model.step();
  CHECK(at.model.effects[0].kind == Effect::Kind::lost);
  CHECK(at.model.effects[0].part == 1);
}

}  // namespace netsplit::ui::effects_test
