#include "cli/story.h"

#include <algorithm>
#include <set>

#include "cli/common.h"
#include "core/base/names.h"

namespace netsplit::cli {
namespace {

// A run of at most this many events is told whole.
constexpr std::int64_t told_whole_max = 400;
constexpr std::int64_t told_beginning = 120;
constexpr std::int64_t told_end = 40;
constexpr std::int64_t told_before_violation = 40;
constexpr std::int64_t told_after_violation = 10;

enum class Ink { plain, dim, bold, good, bad, notable };

std::string ink(const StoryStyle& style, Ink how, const std::string& text) {
  if (!style.colour || how == Ink::plain || text.empty()) return text;
  const char* code = how == Ink::dim    ? "2"
                     : how == Ink::bold ? "1"
                     : how == Ink::good ? "32"
                     : how == Ink::bad  ? "1;31"
                                        : "33";
  return "\033[" + std::string(code) + "m" + text + "\033[0m";
}

// Seconds with three decimals, so that the points stand under each other.
std::string clock_time(Time at_us) {
  const std::string milliseconds = std::to_string(1000 + at_us / 1000 % 1000).substr(1);
  return std::to_string(at_us / 1'000'000) + "." + milliseconds + " s";
}

// A step is atomic, and a property is looked at after it: what it began with is what a reader takes
// for the cause. No event when it is no longer kept.
EventIndex first_bad_event(const HeadlessRun& run, const PropertyState& state) {
  if (state.standing != Standing::violated || state.first_event < run.trace.first() ||
      state.first_event >= run.trace.size()) {
    return no_event;
  }
  EventIndex event = state.first_event;
  while (event > run.trace.first() && run.trace[event - 1].step == run.trace[event].step) --event;
  return event;
}

// The stretches [begin, end) of events to tell, in order.
std::vector<std::pair<EventIndex, EventIndex>> told(const HeadlessRun& run) {
  const EventIndex first = run.trace.first();
  const EventIndex end = run.trace.size();
  if (end - first <= told_whole_max) return {{first, end}};
  std::vector<std::pair<EventIndex, EventIndex>> stretches = {{first, first + told_beginning},
                                                              {end - told_end, end}};
  for (const JudgedProperty& property : run.properties) {
    const EventIndex bad = first_bad_event(run, property.state);
    if (bad == no_event) continue;
    stretches.emplace_back(std::max(first, bad - told_before_violation),
                           std::min(end, bad + told_after_violation));
  }
  std::sort(stretches.begin(), stretches.end());
  std::vector<std::pair<EventIndex, EventIndex>> joined;
  for (const auto& stretch : stretches) {
    if (!joined.empty() && stretch.first <= joined.back().second) {
      joined.back().second = std::max(joined.back().second, stretch.second);
    } else {
      joined.push_back(stretch);
    }
  }
  return joined;
}

Ink ink_of(EventKind kind) {
  switch (kind) {
    case EventKind::lost:
    case EventKind::crash:
    case EventKind::leave:
      return Ink::bad;
    case EventKind::pause:
    case EventKind::resume:
    case EventKind::restart:
    case EventKind::join:
    case EventKind::clock:
    case EventKind::network:
    case EventKind::tampered:
    case EventKind::no_effect:
      return Ink::notable;
    case EventKind::request:
    case EventKind::invoke:
    case EventKind::complete:
      return Ink::bold;
    default:
      return Ink::plain;
  }
}

// The sentence without the node's name in front, which has a column of its own.
std::string what_happened(const Session& session, const Event& event) {
  std::string text = sentence_of(session, event);
  if (event.node == nobody) return text;
  const std::string node = session.node_name(event.node);
  if (text.starts_with(node + " ")) return text.substr(node.size() + 1);
  if (text.starts_with(node + ": ")) return text.substr(node.size() + 2);
  return text;
}

struct Columns {
  std::size_t number = 1;
  std::size_t time = 7;
  std::size_t node = 4;
};

Columns columns_for(const HeadlessRun& run) {
  Columns columns;
  columns.number = std::to_string(run.trace.size()).size() + 1;
  columns.time = std::max<std::size_t>(7, clock_time(run.session->now_us()).size());
  constexpr std::int32_t looked_at_max = 1000;
  for (std::int32_t id = 0; id < std::min(run.session->node_count(), looked_at_max); ++id) {
    columns.node = std::max(columns.node, columns_of(run.session->node_name(NodeId{id})));
  }
  columns.node = std::min<std::size_t>(columns.node, 20);
  return columns;
}

// The cause by its number, and in words where the reader would have to look far for it: what set a
// timer. A delivery's cause is the sending, which its own sentence names.
std::string because(const HeadlessRun& run, const Event& event) {
  if (event.cause == no_event) return {};
  std::string text = "← #" + std::to_string(event.cause);
  const bool kept = event.cause >= run.trace.first() && event.cause < run.trace.size();
  if (!kept || event.cause == event.index - 1) return text;
  const Event& cause = run.trace[event.cause];
  if (event.kind == EventKind::timer) return text + " " + sentence_of(*run.session, cause);
  if (cause.at_us != event.at_us) text += " at " + clock_time(cause.at_us);
  return text;
}

std::string line_of(const HeadlessRun& run, const Event& event, const Columns& columns,
                    const std::set<EventIndex>& bad, const StoryStyle& style) {
  const std::string number = "#" + std::to_string(event.index);
  std::string node;
  if (event.node != nobody) node = run.session->node_name(event.node);
  std::string what = what_happened(*run.session, event);
  const bool is_bad = bad.contains(event.index);
  std::string why = because(run, event);
  constexpr std::size_t what_columns = 58;
  if (!why.empty()) what = pad_right(std::move(what), what_columns);
  return ink(style, Ink::dim, pad_left(number, columns.number)) + "  " +
         pad_left(clock_time(event.at_us), columns.time) + "  " +
         ink(style, Ink::bold, pad_right(node, columns.node)) + (is_bad ? " ✗ " : "   ") +
         ink(style, is_bad ? Ink::bad : ink_of(event.kind), what) +
         (why.empty() ? "" : "  " + ink(style, Ink::dim, why)) + "\n";
}

const char* kind_text(PropertyKind kind) {
  switch (kind) {
    case PropertyKind::always:
      return "always";
    case PropertyKind::finally:
      return "finally";
    case PropertyKind::sometimes:
      return "sometimes";
    case PropertyKind::budget:
      return "budget";
  }
  return "";
}

std::string standing_text(const JudgedProperty& property) {
  std::string text = property.state.standing == Standing::holds      ? "holds"
                     : property.state.standing == Standing::violated ? "violated"
                                                                     : "not decided";
  if (property.expected && property.as_expected) return text + ", as expected";
  if (property.expected) {
    return text +
           ", but expected: " + (*property.expected == Standing::holds ? "holds" : "violated");
  }
  return property.as_expected ? text : text + ", which was not expected";
}

std::string verdict_of(const HeadlessRun& run, const JudgedProperty& property,
                       const StoryStyle& style) {
  const PropertyState& state = property.state;
  const bool holds = state.standing == Standing::holds;
  const bool violated = state.standing == Standing::violated;
  const Ink how = holds ? Ink::good : violated ? Ink::bad : Ink::notable;
  std::string text = ink(style, how,
                         holds      ? "✓ "
                         : violated ? "✗ "
                                    : "? ") +
                     ink(style, Ink::bold, std::string(state.name)) + " (" + kind_text(state.kind) +
                     "): " + ink(style, how, standing_text(property)) + "\n";
  text += "    " + std::string(state.sentence) + "\n";
  if (!state.witness.why.empty()) text += "    Why: " + state.witness.why + "\n";
  const EventIndex bad = first_bad_event(run, state);
  if (bad != no_event) {
    const Event& event = run.trace[bad];
    text += "    First bad event: #" + std::to_string(event.index) + " at " +
            clock_time(event.at_us) + ": " + sentence_of(*run.session, event) + "\n";
  } else if (violated && state.first_event != no_event) {
    text += "    First bad event: #" + std::to_string(state.first_event) + " at " +
            clock_time(state.first_us) + "\n";
  }
  return text;
}

std::string price_of(const Counters& counters) {
  std::string text = counted(counters.sent, "message", "messages") + " sent, " +
                     std::to_string(counters.delivered) + " delivered, " +
                     std::to_string(counters.lost) + " lost, " +
                     std::to_string(counters.duplicated) + " duplicated; " +
                     counted(counters.bytes, "byte", "bytes");
  if (counters.nanocents != 0) {
    constexpr std::uint64_t nano = 1'000'000'000;
    text += "; " + std::to_string(counters.nanocents / nano) + "." +
            std::to_string(nano + counters.nanocents % nano).substr(1) + " cents";
  }
  return text;
}

}  // namespace

std::string story_of(const HeadlessRun& run, const StoryStyle& style) {
  const Columns columns = columns_for(run);
  std::set<EventIndex> bad;
  for (const JudgedProperty& property : run.properties) {
    bad.insert(first_bad_event(run, property.state));
  }
  std::string text;
  EventIndex next = 0;
  const auto tell_gap = [&](EventIndex until) {
    if (until <= next) return;
    text += pad_left("…", columns.number) + "  " +
            counted(static_cast<std::uint64_t>(until - next), "event", "events") +
            " left out; --trace writes them all\n";
  };
  for (const auto& [begin, end] : told(run)) {
    tell_gap(begin);
    for (EventIndex i = begin; i < end; ++i)
      text += line_of(run, run.trace[i], columns, bad, style);
    next = end;
  }
  return text;
}

std::string verdicts_of(const HeadlessRun& run, const StoryStyle& style) {
  std::string text;
  for (const JudgedProperty& property : run.properties) {
    text += verdict_of(run, property, style);
  }
  const Session& session = *run.session;
  text += "\nPrice  " + price_of(session.counters()) + "\n";
  text += "End    at " + clock_time(session.now_us()) + " after " +
          counted(session.steps(), "step", "steps") + " and " +
          counted(static_cast<std::uint64_t>(session.events()), "event", "events");
  if (session.ending() == Ending::quiet) text += "; nothing was left to happen";
  if (session.ending() == Ending::too_many_steps) text += "; stopped: too many steps";
  return text + "\n";
}

}  // namespace netsplit::cli
