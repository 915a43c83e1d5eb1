#include "core/sim/timeline.h"

#include "core/base/hash.h"
#include "core/scenario/registry.h"
#include "support.h"

namespace netsplit::test::timeline_test {
namespace {

Input remember(Time at_us, char node, int value) {
  return ask(at_us, std::string(1, node), "remember", {{"value", std::to_string(value)}});
}

// One beat a millisecond at a for `count` milliseconds, then nothing.
Setup ticking(int count) {
  Setup setup = peers(2);
  for (int i = 0; i < count; ++i) setup.script.push_back(beat(0, 'a', i, milliseconds(1 + i)));
  return setup;
}

Timeline open(const Setup& setup, TimelineLimits limits = {}) {
  return Timeline::open(setup, make_any, limits).value();
}

// The engine as it must never be: what a step does depends on how many were made before it
// anywhere.
class Impure final : public Session {
 public:
  explicit Impure(std::unique_ptr<Session> inner) : inner_(std::move(inner)) {}
  static Result<std::unique_ptr<Session>> make(const Setup& setup) {
    return std::unique_ptr<Session>(new Impure(make_any(setup).value()));
  }
  std::unique_ptr<Session> clone() const override {
    auto copy = std::make_unique<Impure>(inner_->clone());
    copy->hash_ = hash_;
    return copy;
  }
  bool step(Trace* trace) override {
    hash_ = mix64(hash_ ^ static_cast<std::uint64_t>(steps_anywhere_++ / 1'000));
    return inner_->step(trace);
  }
  std::uint64_t trace_hash() const override { return hash_; }
  const HashMarks& hash_marks() const override { return inner_->hash_marks(); }

  const ProtocolInfo& protocol() const override { return inner_->protocol(); }
  const Setup& setup() const override { return inner_->setup(); }
  std::int64_t parameter(std::int64_t index) const override { return inner_->parameter(index); }
  Time next_due_us() const override { return inner_->next_due_us(); }
  Ending ending() const override { return inner_->ending(); }
  std::uint64_t steps() const override { return inner_->steps(); }
  std::int64_t events() const override { return inner_->events(); }
  Time now_us() const override { return inner_->now_us(); }
  std::uint64_t state_hash() const override { return inner_->state_hash(); }
  std::int64_t bytes_held() const override { return inner_->bytes_held(); }
  void run_unrecorded(std::shared_ptr<const Setup> setup) override {
    inner_->run_unrecorded(std::move(setup));
  }
  void set_script(std::vector<Input> script, std::int64_t applied) override {
    inner_->set_script(std::move(script), applied);
  }
  std::int64_t script_applied() const override { return inner_->script_applied(); }
  void set_until(Time until_us) override { inner_->set_until(until_us); }
  Status check_input(const Input& input) const override { return inner_->check_input(input); }
  std::int32_t node_count() const override { return inner_->node_count(); }
  std::string node_name(NodeId id) const override { return inner_->node_name(id); }
  std::int32_t node_role(NodeId id) const override { return inner_->node_role(id); }
  Condition node_condition(NodeId id) const override { return inner_->node_condition(id); }
  NodeView node(NodeId id) const override { return inner_->node(id); }
  NodeId find_node(std::string_view name) const override { return inner_->find_node(name); }
  std::vector<MessageView> messages() const override { return inner_->messages(); }
  Row message_content(MessageId id) const override { return inner_->message_content(id); }
  std::vector<TimerView> timers() const override { return inner_->timers(); }
  std::vector<Row> timer_contents(NodeId id) const override { return inner_->timer_contents(id); }
  std::vector<std::int64_t> field_numbers(std::string_view path) const override {
    return inner_->field_numbers(path);
  }
  LinkState link(NodeId from, NodeId to) const override { return inner_->link(from, to); }
  LinkSpec link_spec(NodeId from, NodeId to) const override { return inner_->link_spec(from, to); }
  bool linked(NodeId a, NodeId b) const override { return inner_->linked(a, b); }
  const Counters& counters() const override { return inner_->counters(); }
  std::int64_t meter(std::int64_t index) const override { return inner_->meter(index); }
  std::vector<std::int64_t> meter_by_node(std::int64_t index) const override {
    return inner_->meter_by_node(index);
  }
  std::vector<OperationRecord> history() const override { return inner_->history(); }
  const std::vector<PropertyState>& properties() const override { return inner_->properties(); }
  Row describe_payload(const Event& event) const override {
    return inner_->describe_payload(event);
  }
  std::string describe_operation(const OperationRecord& record) const override {
    return inner_->describe_operation(record);
  }
  std::string describe_answer(const OperationRecord& record) const override {
    return inner_->describe_answer(record);
  }

 private:
  static inline std::int64_t steps_anywhere_ = 0;
  std::unique_ptr<Session> inner_;
  std::uint64_t hash_ = 1;
};

}  // namespace

TEST_CASE("timeline: the cursor stands between steps, and steps go forward and back") {
  Timeline timeline = open(ticking(5));
  CHECK(timeline.cursor_step() == 0);
  CHECK(timeline.seek_time(milliseconds(2)));
  CHECK(numbers(timeline.session(), 'a', "got") == std::vector<std::int64_t>{0, -1});
  CHECK(timeline.cursor_us() == milliseconds(2));
  CHECK(timeline.seek_time(2'500));
  CHECK(timeline.cursor_us() == 2'500);
  CHECK(timeline.session().now_us() == 2'000);
  const std::uint64_t step = timeline.cursor_step();
  CHECK(timeline.step_back());  // back to the event itself …
  CHECK(timeline.cursor_us() == 2'000);
  CHECK(timeline.cursor_step() == step);
  CHECK(timeline.step_back());  // … and to the one before it
  CHECK(timeline.cursor_step() == step - 1);
  CHECK(timeline.step_forward());
  CHECK(timeline.step_forward());
  CHECK(numbers(timeline.session(), 'a', "got") == std::vector<std::int64_t>{0, -1, -2});
  while (timeline.step_back()) {
  }
  CHECK(timeline.cursor_step() == 0);
  CHECK_FALSE(timeline.step_back());
  while (timeline.step_forward()) {
  }
  CHECK(timeline.session().ending() == Ending::quiet);
  CHECK(timeline.session().now_us() == milliseconds(5));
}

TEST_CASE("timeline: a long way is simulated in slices, and leads to the same place") {
  Timeline at_once = open(ticking(100));
  at_once.seek_time(milliseconds(90));
  Timeline timeline = open(ticking(100));
  int calls = 1;
  while (!timeline.run_ahead_to(milliseconds(90), 7)) {
    CHECK(timeline.head().steps() == static_cast<std::uint64_t>(7 * calls));
    CHECK(timeline.cursor_step() == 0);
    ++calls;
    REQUIRE(calls < 100);
  }
  CHECK(calls > 5);
  CHECK(timeline.head().steps() == at_once.head().steps());
  timeline.seek_time(milliseconds(90));
  CHECK(timeline.head().steps() == at_once.head().steps());  // nothing was left to do
  CHECK(timeline.session().trace_hash() == at_once.session().trace_hash());
  CHECK(timeline.run_ahead_to(hours(1), 1'000'000));  // beyond the end there is nothing to wait for
  CHECK(timeline.head().ending() == Ending::quiet);
  CHECK(timeline.run_ahead_to(milliseconds(5), 0));
}

TEST_CASE("timeline: travelling replays in slices, and the cursor stays until it is there") {
  TimelineLimits one_keyframe;
  one_keyframe.keyframe_bytes_max = 1;
  Timeline timeline = open(ticking(200), one_keyframe);
  Timeline at_once = open(ticking(200));
  timeline.run_ahead(1'000'000);
  at_once.run_ahead(1'000'000);
  REQUIRE(timeline.keyframe_count() == 1);
  CHECK(timeline.replayed_steps(150) == 150);
  timeline.seek_step(3);
  int calls = 0;
  while (!timeline.travel_to_step(150, 10)) {
    CHECK(timeline.cursor_step() == 3);
    REQUIRE(++calls < 100);
  }
  CHECK(calls == 14);  // from the cursor, which was on the way
  REQUIRE(at_once.seek_step(150));
  CHECK(timeline.session().state_hash() == at_once.session().state_hash());
  CHECK(timeline.cursor_us() == at_once.cursor_us());

  // Another goal gives the old one up; so does a seek, a gesture, or another branch.
  CHECK_FALSE(timeline.travel_to_step(199, 10));
  for (calls = 0; !timeline.travel_to_time(milliseconds(20) + 500, 4); ++calls)
    REQUIRE(calls < 100);
  CHECK(calls > 2);
  at_once.seek_time(milliseconds(20) + 500);
  CHECK(timeline.session().state_hash() == at_once.session().state_hash());
  CHECK(timeline.cursor_us() == milliseconds(20) + 500);
  CHECK_FALSE(timeline.travel_to_step(190, 10));
  REQUIRE(timeline.push(tell(0, 'a', 'b', 7)).ok());
  CHECK(timeline.branches().size() == 2);
  while (!timeline.travel_to_time(milliseconds(100), 10)) {
  }
  CHECK(timeline.session().setup().script.size() == ticking(200).script.size() + 1);
  CHECK_FALSE(timeline.travel_to_step(2, 1));
  timeline.switch_near(0);
  CHECK(timeline.cursor_us() <= milliseconds(100));
  while (!timeline.travel_to_time(milliseconds(100), 10)) {
  }
  at_once.seek_time(milliseconds(100));
  CHECK(timeline.session().state_hash() == at_once.session().state_hash());
  CHECK_FALSE(timeline.divergence().has_value());
}

TEST_CASE("timeline: seeking beyond the end stops there, and before the beginning at 0") {
  Timeline timeline = open(ticking(5));
  CHECK_FALSE(timeline.seek_time(hours(1)));
  CHECK(timeline.cursor_us() == timeline.setup().until_us);
  CHECK(timeline.session().ending() == Ending::quiet);
  CHECK(standing(timeline.session(), "all_beaten") == Standing::violated);  // b never did
  CHECK(timeline.seek_time(-5));
  CHECK(timeline.cursor_us() == 0);
  CHECK_FALSE(timeline.seek_step(1'000'000));
  CHECK(timeline.seek_time(milliseconds(3)));
  CHECK(standing(timeline.session(), "all_beaten") == Standing::open);
}

TEST_CASE("timeline: running ahead moves the head and not the cursor") {
  Timeline timeline = open(ticking(50));
  timeline.seek_time(milliseconds(3));
  const std::uint64_t step = timeline.cursor_step();
  CHECK(timeline.run_ahead(10));
  CHECK(timeline.cursor_step() == step);
  CHECK(timeline.head().steps() == step + 10);
  CHECK(timeline.trace().size() == timeline.head().events());
  CHECK_FALSE(timeline.run_ahead(1'000'000));
  CHECK(timeline.cursor_step() == step);
}

TEST_CASE("timeline: a gesture at the head joins the branch") {
  Timeline timeline = open(ticking(5));
  timeline.seek_time(milliseconds(3));
  REQUIRE(timeline.push(remember(0, 'b', 7)).ok());
  CHECK(timeline.branches().size() == 1);
  CHECK(number(timeline.session(), 'b', "memory") == 7);
  CHECK(timeline.cursor_us() == milliseconds(3));
  CHECK(timeline.trace().back().kind == EventKind::request);
  const std::vector<Input> script = timeline.setup().script;
  REQUIRE(script.size() == 6);
  CHECK(script.back().at_us == milliseconds(3));
  CHECK(script.back().by_hand);
  timeline.seek_time(seconds(9));
  CHECK(numbers(timeline.session(), 'a', "got").size() == 5);
  CHECK(run(timeline.setup()).session->trace_hash() == timeline.head().trace_hash());
}

TEST_CASE("timeline: a gesture in the past makes a branch, and both are kept") {
  Setup setup = ticking(5);
  setup.script.push_back(remember(milliseconds(4), 'b', 1));  // of the scenario
  Timeline timeline = open(setup);
  timeline.seek_time(milliseconds(4));
  REQUIRE(timeline.push(remember(0, 'a', 44)).ok());  // by hand, later
  timeline.seek_time(seconds(1));
  const std::uint64_t first_hash = timeline.head().trace_hash();
  timeline.seek_time(milliseconds(2));
  REQUIRE(timeline.push(remember(0, 'a', 22)).ok());
  REQUIRE(timeline.branches().size() == 2);
  CHECK(timeline.branch() == 1);
  const BranchInfo fork = timeline.branches()[1];
  CHECK(fork.parent == 0);
  CHECK(fork.fork_us == milliseconds(2));
  CHECK(timeline.trace().back().at_us == milliseconds(2));  // nothing of the other future
  timeline.seek_time(seconds(1));
  CHECK(number(timeline.session(), 'b', "memory") == 1);   // the scenario's later input still comes
  CHECK(number(timeline.session(), 'a', "memory") == 22);  // the one made by hand does not
  const std::uint64_t second_hash = timeline.head().trace_hash();
  CHECK(second_hash != first_hash);
  timeline.switch_to(0);
  CHECK(timeline.cursor_us() == seconds(1));
  CHECK(number(timeline.session(), 'a', "memory") == 44);
  CHECK(timeline.session().trace_hash() == first_hash);
  timeline.switch_to(1);
  CHECK(timeline.session().trace_hash() == second_hash);
  CHECK(run(timeline.setup()).session->trace_hash() == second_hash);
  timeline.name_branch(1, "what if");
  CHECK(timeline.branches()[1].name == "what if");
  timeline.switch_to(99);  // there is none
  CHECK(timeline.branch() == 1);
  CHECK_FALSE(timeline.divergence().has_value());
}

TEST_CASE("timeline: two gestures at one moment come in their order, also between its events") {
  Setup setup = peers(2);
  setup.script = {tell(0, 'a', 'b', 1, 3)};
  Timeline timeline = open(setup);
  timeline.seek_time(seconds(1));
  // Between the first and the second of three deliveries at 10 ms.
  const EventIndex first = timeline.trace().first_after(9'999);
  timeline.seek_step(timeline.trace()[first].step);
  REQUIRE(timeline.push(act(Action::pause, 0, "b")).ok());
  REQUIRE(timeline.push(remember(0, 'a', 5)).ok());
  CHECK(timeline.cursor_us() == 10'000);
  CHECK(numbers(timeline.session(), 'b', "got").size() == 1);
  timeline.seek_time(seconds(2));
  CHECK(numbers(timeline.session(), 'b', "got").size() == 1);
  const Run again = run(timeline.setup());
  CHECK(numbers(*again.session, 'b', "got").size() == 1);
  CHECK(again.session->trace_hash() == timeline.head().trace_hash());
}

TEST_CASE(
    "timeline: what a link's gestures would still do is kept when its reader acts before them") {
  Setup setup = ticking(5);
  Input later = remember(milliseconds(4), 'b', 9);
  later.by_hand = true;
  setup.script.push_back(later);
  Timeline timeline = open(setup);
  timeline.seek_time(milliseconds(2));
  REQUIRE(timeline.push(remember(0, 'a', 1)).ok());
  timeline.seek_time(seconds(1));
  CHECK(number(timeline.session(), 'b', "memory") == 0);
  REQUIRE(timeline.branches().size() == 2);
  timeline.switch_to(0);
  CHECK(number(timeline.session(), 'b', "memory") == 9);
}

TEST_CASE("timeline: a gesture after the end lets the run go on, and it is judged again") {
  Timeline timeline = open(ticking(2));
  timeline.seek_time(seconds(9));
  timeline.run_ahead(100);
  timeline.seek_step(timeline.head().steps());
  CHECK(timeline.session().ending() == Ending::quiet);
  CHECK(standing(timeline.session(), "all_beaten") == Standing::violated);
  REQUIRE(timeline.push(beat(0, 'b', 1, 10)).ok());
  CHECK(timeline.branches().size() == 1);
  CHECK(timeline.session().ending() == Ending::running);
  CHECK(standing(timeline.session(), "all_beaten") == Standing::open);
  timeline.seek_time(seconds(10));
  CHECK(standing(timeline.session(), "all_beaten") == Standing::holds);
}

TEST_CASE("timeline: a gesture that refers to nothing is refused and changes nothing") {
  Timeline timeline = open(ticking(5));
  timeline.seek_time(milliseconds(5));
  timeline.seek_time(milliseconds(2));
  const std::uint64_t before = timeline.session().state_hash();
  CHECK_FALSE(timeline.push(act(Action::pause, 0, "z")).ok());
  CHECK_FALSE(timeline.push(ask(0, "a", "no_such_thing")).ok());
  CHECK(timeline.branches().size() == 1);
  CHECK(timeline.session().state_hash() == before);
  CHECK(timeline.setup() == ticking(5));
}

TEST_CASE("timeline: keyframes stay within their budget, and come back anywhere all the same") {
  Setup setup = ticking(300);
  TimelineLimits limits;
  limits.keyframe_bytes_max = 200'000;
  Timeline timeline = open(setup, limits);
  for (int i = 0; i < 5'000; ++i) {
    Input input = tell(0, 'a', 'b', i);
    input.at_us = milliseconds(1) + i * 50;
    setup.script.push_back(input);
  }
  std::stable_sort(setup.script.begin(), setup.script.end(),
                   [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
  timeline = open(setup, limits);
  timeline.run_ahead(1'000'000);
  CHECK(timeline.keyframe_count() > 2);
  CHECK(timeline.keyframe_bytes() <= limits.keyframe_bytes_max);
  Timeline rich = open(setup);
  rich.run_ahead(1'000'000);
  CHECK(rich.keyframe_count() > timeline.keyframe_count());
  for (const std::uint64_t step : {4'000u, 17u, 9'999u, 3'999u, 0u, 256u}) {
    REQUIRE(timeline.seek_step(step));
    REQUIRE(rich.seek_step(step));
    CHECK(timeline.session().state_hash() == rich.session().state_hash());
  }
  CHECK_FALSE(timeline.divergence().has_value());
}

TEST_CASE("timeline: the budget of keyframes is that of all branches together") {
  Setup setup = ticking(300);
  for (int i = 0; i < 3'000; ++i)
    setup.script.push_back(tell(milliseconds(400) + i * 50, 'a', 'b', i));
  TimelineLimits limits;
  limits.keyframe_bytes_max = 300'000;
  Timeline timeline = open(setup, limits);
  for (int i = 0; i < 12; ++i) {
    timeline.run_ahead(1'000'000);
    timeline.seek_time(milliseconds(400 + 2 * i));
    REQUIRE(timeline.push(remember(0, 'a', i)).ok());
  }
  timeline.run_ahead(1'000'000);
  CHECK(timeline.branches().size() == 13);
  CHECK(timeline.keyframe_bytes() <= limits.keyframe_bytes_max);
  for (BranchId branch = 0; branch < 13; ++branch) {
    timeline.switch_to(branch);
    timeline.seek_time(milliseconds(500));
    timeline.seek_time(milliseconds(410));
    timeline.seek_time(seconds(9));
    CHECK(number(timeline.session(), 'a', "memory") == (branch == 0 ? 0 : branch - 1));
  }
  CHECK_FALSE(timeline.divergence().has_value());
}

TEST_CASE("timeline: a fork before the oldest event that is kept goes on with the right numbers") {
  Setup setup = peers(2);
  for (int i = 0; i < 1'500; ++i) setup.script.push_back(tell(i * 10, 'a', 'b', i));
  TimelineLimits limits;
  limits.events_max = 1'000;
  Timeline timeline = open(setup, limits);
  timeline.run_ahead(1'000'000);
  REQUIRE(timeline.trace().first() > 600);
  timeline.seek_step(100);
  REQUIRE(timeline.push(remember(0, 'a', 1)).ok());
  REQUIRE(timeline.branches().size() == 2);
  CHECK(timeline.trace().back().kind == EventKind::request);
  CHECK(timeline.trace().back().index == timeline.trace().size() - 1);
  timeline.run_ahead(100);
  const Trace& trace = timeline.trace();
  for (EventIndex i = trace.first(); i < trace.size(); ++i) REQUIRE(trace[i].index == i);
  CHECK(trace.size() == timeline.head().events());
}

TEST_CASE("timeline: a run can be started anew with another seed or parameter, beside the first") {
  Timeline timeline = open(ticking(3));
  timeline.seek_time(seconds(1));
  const std::uint64_t hash = timeline.head().state_hash();
  Setup other = timeline.setup();
  other.seed = 2;
  other.parameters = {{"limit", 5}};
  REQUIRE(timeline.restart(other).ok());
  CHECK(timeline.branches().size() == 2);
  CHECK(timeline.cursor_us() == 0);
  CHECK(timeline.session().parameter(0) == 5);
  timeline.seek_time(seconds(1));
  CHECK(timeline.head().state_hash() != hash);
  other.parameters = {{"limt", 5}};
  CHECK_FALSE(timeline.restart(other).ok());
  CHECK(timeline.branches().size() == 2);
  timeline.switch_to(0);
  CHECK(timeline.head().state_hash() == hash);
}

TEST_CASE("timeline: a replay that differs from what was recorded is reported, with its step") {
  Setup setup = ticking(400);
  Timeline pure = open(setup);
  pure.run_ahead(1'000'000);
  pure.seek_step(300);
  pure.seek_step(700);
  CHECK_FALSE(pure.divergence().has_value());
  Timeline timeline = Timeline::open(setup, Impure::make).value();
  for (int i = 0; i < 4 && !timeline.divergence(); ++i) {
    timeline.run_ahead(1'000'000);
    timeline.seek_step(1);
    timeline.seek_step(timeline.head().steps());
  }
  REQUIRE(timeline.divergence().has_value());
  CHECK(timeline.divergence()->find("differs from the recorded run at or before step") !=
        std::string::npos);
}

TEST_CASE("timeline: what cannot be opened says why") {
  Setup setup = ticking(1);
  setup.nodes[0].role = "pear";
  const auto timeline = Timeline::open(setup, make_any);
  REQUIRE_FALSE(timeline.ok());
  CHECK(timeline.error().find("did you mean \"peer\"?") != std::string::npos);
}

TEST_CASE("timeline: a deleted branch is gone, and what left it leaves where it came from") {
  Timeline timeline = open(ticking(50));
  timeline.seek_time(milliseconds(40));
  timeline.seek_time(milliseconds(30));
  REQUIRE(timeline.push(remember(0, 'a', 1)).ok());  // branch 1 at 30 ms
  timeline.seek_time(milliseconds(45));
  timeline.seek_time(milliseconds(40));
  REQUIRE(timeline.push(remember(0, 'a', 2)).ok());  // branch 2 at 40 ms, from branch 1
  timeline.seek_time(milliseconds(45));
  timeline.seek_time(milliseconds(20));
  REQUIRE(timeline.push(remember(0, 'a', 3)).ok());  // branch 3 at 20 ms, from branch 2
  REQUIRE(timeline.branches().size() == 4);
  CHECK(timeline.find_branch(3)->parent == 2);
  timeline.switch_to(2);
  timeline.seek_time(milliseconds(50));
  const std::uint64_t hash = timeline.session().trace_hash();

  REQUIRE(timeline.delete_branch(1).ok());
  CHECK(timeline.find_branch(1) == nullptr);
  CHECK(timeline.branch() == 2);
  REQUIRE(timeline.branches().size() == 3);
  CHECK(timeline.find_branch(2)->parent == 0);
  CHECK(timeline.find_branch(2)->fork_us == milliseconds(30));
  CHECK(timeline.find_branch(3)->fork_us == milliseconds(20));
  timeline.seek_time(milliseconds(10));
  timeline.seek_time(milliseconds(50));
  CHECK(timeline.session().trace_hash() == hash);

  // The one under the cursor: the cursor goes to where it came from, at the same time.
  REQUIRE(timeline.delete_branch(2).ok());
  CHECK(timeline.branch() == 0);
  CHECK(timeline.cursor_us() == milliseconds(50));
  CHECK(number(timeline.session(), 'a', "disk.kept") == 0);
  CHECK(timeline.find_branch(3)->parent == 0);

  // The first of all: what left it takes its place.
  REQUIRE(timeline.delete_branch(0).ok());
  CHECK(timeline.branch() == 3);
  CHECK(timeline.find_branch(3)->parent == -1);
  CHECK(number(timeline.session(), 'a', "disk.kept") == 3);
  const Status last = timeline.delete_branch(3);
  REQUIRE_FALSE(last.ok());
  CHECK(last.error() == "this is the only run there is; it stays.");
  CHECK(timeline.delete_branch(77).error() == "there is no branch 77.");
  // Numbers are not given again.
  timeline.seek_time(milliseconds(10));
  REQUIRE(timeline.push(remember(0, 'a', 4)).ok());
  CHECK(timeline.branch() == 4);
  CHECK_FALSE(timeline.divergence());
}

TEST_CASE("timeline: of two branches that left a deleted first run, one now leaves the other") {
  Timeline timeline = open(ticking(50));
  timeline.seek_time(milliseconds(50));
  timeline.seek_time(milliseconds(30));
  REQUIRE(timeline.push(remember(0, 'a', 1)).ok());
  timeline.switch_to(0);
  timeline.seek_time(milliseconds(40));
  REQUIRE(timeline.push(remember(0, 'a', 2)).ok());
  timeline.switch_to(0);
  timeline.seek_time(milliseconds(20));
  REQUIRE(timeline.push(remember(0, 'a', 3)).ok());
  REQUIRE(timeline.delete_branch(0).ok());
  CHECK(timeline.find_branch(2)->parent == -1);
  CHECK(timeline.find_branch(2)->fork_us == 0);
  CHECK(timeline.find_branch(1)->parent == 2);
  CHECK(timeline.find_branch(1)->fork_us == milliseconds(30));
  CHECK(timeline.find_branch(3)->parent == 2);
  CHECK(timeline.find_branch(3)->fork_us == milliseconds(20));
}

TEST_CASE(
    "timeline: the keyframes that a deleted branch shared are counted by who still has them") {
  TimelineLimits limits;
  limits.keyframe_bytes_max = 1 << 20;
  Timeline timeline = open(ticking(4'000), limits);
  timeline.seek_time(seconds(4));
  timeline.seek_time(seconds(2));
  REQUIRE(timeline.push(remember(0, 'a', 1)).ok());
  timeline.seek_time(seconds(4));
  const std::int64_t of_both = timeline.keyframe_bytes();
  REQUIRE(timeline.delete_branch(0).ok());
  CHECK(timeline.keyframe_bytes() < of_both);
  // Every keyframe there is belongs to the branch that is left, the shared ones too.
  const std::int64_t each = timeline.keyframe_bytes() / timeline.keyframe_count();
  CHECK(each > timeline.head().bytes_held() / 4);
  CHECK(timeline.keyframe_count() > 2);
}

TEST_CASE("timeline: another branch is simulated ahead without going there") {
  Timeline timeline = open(ticking(50));
  timeline.seek_time(milliseconds(20));
  timeline.seek_time(milliseconds(10));
  REQUIRE(timeline.push(remember(0, 'a', 1)).ok());
  CHECK(timeline.head(0).now_us() == milliseconds(20));
  CHECK_FALSE(timeline.run_branch_ahead_to(0, milliseconds(40), 3));
  CHECK(timeline.run_branch_ahead_to(0, milliseconds(40), 1'000));
  CHECK(timeline.head(0).now_us() == milliseconds(40));
  CHECK(timeline.trace(0).back().at_us == milliseconds(40));
  CHECK(timeline.branch() == 1);
  CHECK(timeline.cursor_us() == milliseconds(10));
  CHECK(timeline.run_branch_ahead_to(9, milliseconds(40), 1));
}

}  // namespace netsplit::test::timeline_test
