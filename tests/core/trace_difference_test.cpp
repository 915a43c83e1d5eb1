#include "core/sim/trace_difference.h"

#include "support.h"

namespace netsplit::test::trace_difference_test {
namespace {

using What = TraceDifference::What;

Setup told(std::int64_t number, Time at_us = milliseconds(5)) {
  Setup setup = peers(2);
  setup.script.push_back(tell(milliseconds(1), 'a', 'b', 1));
  setup.script.push_back(tell(at_us, 'a', 'b', number));
  return setup;
}

}  // namespace

TEST_CASE("trace difference: two runs of one setup have none") {
  CHECK_FALSE(first_difference(run(told(2)).trace, run(told(2)).trace));
}

TEST_CASE("trace difference: it is the first event that differs, and says in what") {
  const Run two = run(told(2));
  const Run three = run(told(3));
  const auto content = first_difference(two.trace, three.trace);
  REQUIRE(content);
  CHECK(content->what == What::content);
  CHECK(two.trace[content->event].at_us == milliseconds(5));
  for (EventIndex i = 0; i < content->event; ++i)
    CHECK(two.trace[i].payload == three.trace[i].payload);

  const auto time = first_difference(two.trace, run(told(2, milliseconds(6))).trace);
  REQUIRE(time);
  CHECK(time->what == What::time);
  CHECK(time->event == content->event);

  Setup other = told(2);
  other.script.insert(other.script.begin() + 1, act(Action::pause, milliseconds(3), "b"));
  const auto event = first_difference(two.trace, run(other).trace);
  REQUIRE(event);
  CHECK(event->what == What::event);
  CHECK(two.trace[event->event].at_us == milliseconds(5));
  CHECK(event->event == content->event);
}

TEST_CASE("trace difference: a run that ends earlier differs where it has no event any more") {
  Setup shorter = told(2, milliseconds(50));
  const Run whole = run(shorter);
  shorter.script.pop_back();
  const Run part = run(shorter);
  const auto end = first_difference(whole.trace, part.trace);
  REQUIRE(end);
  CHECK(end->what == What::end);
  CHECK(end->in_a);
  CHECK_FALSE(end->in_b);
  CHECK(end->event == part.trace.size());
  const auto turned = first_difference(part.trace, whole.trace);
  CHECK_FALSE(turned->in_a);
  CHECK(turned->in_b);
}

TEST_CASE("trace difference: what is no longer kept may have differed before") {
  Setup long_script = told(3);
  for (int i = 0; i < 2'000; ++i)
    long_script.script.push_back(tell(milliseconds(10 + i), 'a', 'b', i));
  Run cut = begin(long_script);
  cut.trace = Trace(2, 1'024);
  cut.to_end();
  REQUIRE(cut.trace.first() > 0);
  Setup changed = long_script;
  changed.script[1] = tell(milliseconds(5), 'a', 'b', 4);
  Run other = begin(changed);
  other.to_end();
  // The difference lies before all that `cut` still keeps, and what is kept is equal.
  CHECK_FALSE(first_difference(cut.trace, other.trace));
  Setup later = long_script;
  later.script[1] = tell(milliseconds(5), 'a', 'b', 4, 2);
  Run shifted = begin(later);
  shifted.to_end();
  const auto found = first_difference(cut.trace, shifted.trace);
  REQUIRE(found);
  CHECK(found->or_before);
  CHECK(found->event == cut.trace.first());
}

}  // namespace netsplit::test::trace_difference_test
