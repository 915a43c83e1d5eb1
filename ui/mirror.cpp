#include "ui/mirror.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/hash.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// Just enough of a JSON writer: the library the core uses for reading is no part of the window.
class Writer {
 public:
  Writer& open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
    return *this;
  }
  Writer& close(char bracket) {
    out_ += bracket;
    fresh_ = false;
    return *this;
  }
  Writer& key(std::string_view name) {
    text(name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }
  Writer& text(std::string_view value) {
    separate();
    out_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned char>(c));
        out_ += escaped;
      } else {
        out_ += c;
      }
    }
    out_ += '"';
    return *this;
  }
  Writer& number(std::int64_t value) {
    separate();
    out_ += std::to_string(value);
    return *this;
  }
  Writer& flag(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
  }
  // CSS pixels, to a tenth.
  Writer& pixels(float value) {
    separate();
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.1f", static_cast<double>(value / scale()));
    out_ += digits;
    return *this;
  }
  Writer& at(ImVec2 point) { return key("x").pixels(point.x).key("y").pixels(point.y); }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  std::string out_;
  bool fresh_ = true;
};

std::string_view condition_word(Condition condition) {
  constexpr std::array<std::string_view, 4> words{"up", "paused", "down", "absent"};
  return words[static_cast<std::size_t>(condition)];
}

constexpr std::size_t listed_max = 200;
constexpr EventIndex events_listed = 30;

void write_properties(Writer& out, const Model& model) {
  constexpr std::array<std::string_view, 4> kinds{"always", "finally", "sometimes", "budget"};
  constexpr std::array<std::string_view, 3> standings{"open", "holds", "violated"};
  const auto& ahead = model.timeline->head().properties();
  const auto& here = model.session().properties();
  out.key("properties").open('[');
  for (std::size_t i = 0; i < here.size(); ++i) {
    const PropertyState& state = here[i];
    out.open('{').key("name").text(state.name).key("sentence").text(state.sentence);
    out.key("kind").text(kinds[static_cast<std::size_t>(state.kind)]);
    const bool withheld = model.withheld.covers(i, state);
    out.key("standing")
        .text(withheld ? "withheld" : standings[static_cast<std::size_t>(state.standing)]);
    out.key("why").text(withheld ? "" : state.witness.why);
    if (state.first_event != no_event && !withheld)
      out.key("event").number(state.first_event).key("at_us").number(state.first_us);
    const bool known = i < ahead.size() && !model.withheld.covers_ahead(i, ahead[i]);
    out.key("ahead").text(
        withheld ? "withheld"
                 : standings[static_cast<std::size_t>(known ? ahead[i].standing : state.standing)]);
    out.close('}');
  }
  out.close(']');
}

void write_network(Writer& out, const Model& model) {
  const Moment& moment = model.moment;
  const Session& session = model.session();
  out.key("nodes").open('[');
  for (std::size_t i = 0; i < std::min({moment.nodes.size(), model.node_at.size(), listed_max});
       ++i) {
    const NodeShown& node = moment.nodes[i];
    const NodeId id{static_cast<std::int32_t>(i)};
    out.open('{').key("name").text(node.name.empty() ? session.node_name(id) : node.name);
    out.key("role").text(
        session.protocol().roles[static_cast<std::size_t>(session.node_role(id))].name);
    out.key("condition").text(condition_word(node.condition)).key("caption").text(node.caption);
    out.key("drift_ppm").number(node.drift_ppm).key("wall_error_us").number(node.wall_error_us);
    out.key("ntp").flag(node.ntp).key("waiting").number(node.waiting);
    if (i < model.words_at.size() && model.words_at[i].w > 0) {
      const Rect& words = model.words_at[i];
      out.key("words").open('{').at(words.min()).key("w").pixels(words.w);
      out.key("h").pixels(words.h).close('}');
    }
    out.key("selected").flag(model.selected_node == id).at(model.node_at[i]).close('}');
  }
  out.close(']').key("links").open('[');
  for (std::size_t i = 0; i < std::min(moment.links.size(), listed_max); ++i) {
    const LinkShown& link = moment.links[i];
    const auto a = static_cast<std::size_t>(link.a.value);
    const auto b = static_cast<std::size_t>(link.b.value);
    if (std::max(a, b) >= model.node_at.size()) continue;
    out.open('{')
        .key("from")
        .text(session.node_name(link.a))
        .key("to")
        .text(session.node_name(link.b));
    out.key("state").text(link.cut_ab && link.cut_ba   ? "cut"
                          : link.cut_ab || link.cut_ba ? "one_way"
                                                       : "open");
    out.at(lerp(model.node_at[a], model.node_at[b], 0.5f)).close('}');
  }
  out.close(']').key("islands").open('[');
  for (const Island& island : moment.islands) out.text(island.caption);
  out.close(']').key("manual").flag(model.manual());
  out.key("messages").open('[');
  constexpr std::array<std::string_view, 3> statuses{"in_flight", "held", "waiting"};
  for (std::size_t i = 0;
       i < std::min({moment.messages.size(), model.message_at.size(), listed_max}); ++i) {
    const MessageView& message = moment.messages[i];
    out.open('{').key("id").number(static_cast<std::int64_t>(message.id));
    out.key("label").text(i < moment.labels.size()
                              ? moment.labels[i]
                              : session.protocol().messages[message.kind].name);
    out.key("from")
        .text(session.node_name(message.from))
        .key("to")
        .text(session.node_name(message.to));
    out.key("status")
        .text(statuses[static_cast<std::size_t>(message.status)])
        .at(model.message_at[i].at)
        .close('}');
  }
  out.close(']');
}

void write_diagram(Writer& out, const Model& model) {
  const TimeView& view = model.time_view;
  out.key("diagram").open('{').key("axis").text(view.axis == Axis::real ? "real" : "logical");
  out.key("from").number(std::llround(view.from)).key("to").number(std::llround(view.to));
  out.key("lines").open('[');
  // Between two frames the order may still be that of a run with more nodes.
  for (std::size_t i = 0; i < std::min(view.order.size(), listed_max); ++i) {
    if (view.order[i].value < model.session().node_count())
      out.text(model.session().node_name(view.order[i]));
  }
  out.close(']').key("event").number(model.selected_event);
  out.key("past").number(model.cone.past_count()).key("future").number(model.cone.future_count());
  out.close('}');
  const WhatIf& what_if = model.what_if;
  if (what_if.asked()) {
    out.key("what_if").open('{').key("running").flag(what_if.running());
    out.key("tried").number(static_cast<std::int64_t>(what_if.tried()));
    out.key("saves").flag(what_if.saves()).key("found").open('[');
    for (const WhatIf::Finding& finding : what_if.findings())
      out.text(what_if.change(finding.change).words);
    out.close(']').close('}');
  }
  const BranchComparison& comparison = model.comparison;
  if (comparison.done()) {
    out.key("comparison").open('{').key("equal").flag(!comparison.result().difference);
    out.key("event").number(comparison.result().event);
    out.key("a").text(comparison.result().in_a).key("b").text(comparison.result().in_b);
    out.key("verdicts").open('[');
    for (const auto& verdicts : comparison.result().verdicts) out.text(verdicts.property);
    out.close(']').close('}');
  }
}

// The step told, what it asks, what was answered and what the run has said.
void write_lesson(Writer& out, const Model& model) {
  const LessonStep* step = step_told(model);
  if (step == nullptr) return;
  const LessonState& state = model.lesson;
  out.key("lesson").open('{').key("step").number(static_cast<std::int64_t>(state.place));
  out.key("steps").number(static_cast<std::int64_t>(model.scenario.lesson.size()));
  out.key("note").text(state.left ? t().changed_run : "");
  out.key("title").text(step->title).key("text").text(step->text);
  out.key("waits").flag(holds_up(model, state.place));
  if (step->wait) {
    out.key("task").text(task_words(model, *step->wait));
    out.key("task_done").flag(state.task_done);
  }
  if (!step->question.empty()) {
    out.key("question").text(step->question).key("answers").open('[');
    for (const std::string& answer : step->answers) out.text(answer);
    out.close(']');
    const auto picked = state.picked.find(state.place);
    if (picked != state.picked.end()) out.key("picked").text(step->answers[picked->second]);
    if (const LessonState::Truth* truth = truth_of(model, state.place)) {
      out.key("truth").text(truth->text);
      out.key("right").flag(picked != state.picked.end() && truth->right == picked->second);
    }
  }
  // What was guessed at and has come out, of every step.
  out.key("answered").open('[');
  for (const auto& [index, guess] : state.picked) {
    const LessonState::Truth* truth = truth_of(model, index);
    if (truth == nullptr) continue;
    const LessonStep& asked = model.scenario.lesson[index];
    out.open('{').key("step").number(static_cast<std::int64_t>(index));
    out.key("question").text(asked.question).key("picked").text(asked.answers[guess]);
    out.key("truth").text(truth->right ? asked.answers[*truth->right] : truth->text);
    out.key("right").flag(truth->right == guess).close('}');
  }
  out.close(']').close('}');
}

// The clients' last operations.
void write_operations(Writer& out, const Model& model) {
  constexpr std::size_t listed = 12;
  const Session& session = model.session();
  const std::vector<OperationRecord> history = session.history();
  out.key("operations").open('[');
  for (std::size_t i = history.size() - std::min(history.size(), listed); i < history.size(); ++i) {
    const OperationRecord& record = history[i];
    out.open('{').key("client").text(session.node_name(record.client));
    out.key("number").number(record.number).key("text").text(session.describe_operation(record));
    out.key("outcome").text(enumerator_name_of(record.outcome));
    out.key("answer").text(session.describe_answer(record)).close('}');
  }
  out.close(']');
}

void write_compared(Writer& out, const Model& model) {
  if (model.compared.empty()) return;
  out.key("compare").open('{').key("runs").open('[');
  for (const std::string& name : model.compared_shown.names) out.text(name);
  out.close(']').key("rows").open('[');
  for (const ComparedShown::Row& row : model.compared_shown.rows) {
    out.open('{').key("name").text(row.name).key("sentence").text(row.sentence);
    out.key("differs").flag(row.differs).key("values").open('[');
    for (const ComparedShown::Cell& cell : row.cells) out.text(cell.text);
    out.close(']').close('}');
  }
  out.close(']').close('}');
}

void write_time(Writer& out, const Model& model) {
  const Timeline& timeline = *model.timeline;
  out.key("time_us")
      .number(timeline.cursor_us())
      .key("time")
      .text(clock_text(timeline.cursor_us()));
  // While a seek is on its way: where to.
  out.key("heading_us").number(model.heading ? model.heading->to_us : timeline.cursor_us());
  out.key("heading").text(model.heading_text());
  out.key("until_us").number(model.session().setup().until_us);
  out.key("step").number(static_cast<std::int64_t>(timeline.cursor_step()));
  out.key("steps_known").number(static_cast<std::int64_t>(timeline.head().steps()));
  out.key("trace_hash").text(format_hash(timeline.head().trace_hash()));
  // As text too: a reader whose numbers are doubles loses the last digits of a large one.
  const std::uint64_t seed = model.session().setup().seed;
  out.key("seed")
      .number(static_cast<std::int64_t>(seed))
      .key("seed_text")
      .text(std::to_string(seed));
  write_diagram(out, model);
  out.key("branch").number(timeline.branch()).key("branches").open('[');
  for (const BranchInfo& info : timeline.branches()) {
    out.open('{')
        .key("id")
        .number(info.id)
        .key("parent")
        .number(info.parent)
        .key("name")
        .text(branch_name(info.name));
    out.key("fork_us").number(info.fork_us).close('}');
  }
  out.close(']').key("events").open('[');
  const Trace& trace = timeline.trace();
  const EventIndex last = trace.first_after_step(timeline.cursor_step());
  for (EventIndex i = std::max(trace.first(), last - events_listed); i < last; ++i) {
    out.open('{').key("index").number(i).key("at_us").number(trace[i].at_us);
    out.key("text").text(sentence_of(model.session(), trace[i])).close('}');
  }
  out.close(']').key("parameters").open('[');
  const auto& infos = model.session().protocol().parameters;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const std::int64_t value = model.session().parameter(static_cast<std::int64_t>(i));
    out.open('{')
        .key("name")
        .text(infos[i].name)
        .key("value")
        .text(format_parameter(infos[i], value));
    out.key("sentence").text(infos[i].sentence).close('}');
  }
  out.close(']');
}

void write_task(Writer& out, const Model& model, JobKind kind) {
  const CheckerTask& task = model.checker.task(kind);
  out.open('{').key("kind").text(job_names[static_cast<std::size_t>(kind)]);
  out.key("running").flag(task.job != 0).key("cancelled").flag(task.cancelled);
  out.key("stale").flag(task.result.has_value() && !is_of_this_run(model, kind));
  out.key("elapsed_ms").number(task.progress.elapsed_ms);
  out.key("done").number(static_cast<std::int64_t>(task.progress.done));
  out.key("total").number(static_cast<std::int64_t>(task.progress.total));
  out.key("frontier").number(static_cast<std::int64_t>(task.progress.frontier));
  out.key("depth").number(static_cast<std::int64_t>(task.progress.depth));
  out.key("failing").number(static_cast<std::int64_t>(task.progress.failing));
  out.key("error").text(task.error);
  out.key("headline").text(task.result ? task.result->headline : "");
  out.key("coverage").open('[');
  if (task.result) {
    for (const CoverageLine& line : task.result->coverage)
      out.open('{').key("label").text(line.label).key("text").text(line.text).close('}');
  }
  out.close(']').key("findings").open('[');
  if (task.result) {
    constexpr std::array<std::string_view, 3> standings{"open", "holds", "violated"};
    for (const JobFinding& one : task.result->findings) {
      out.open('{').key("name").text(one.name).key("verdict").text(one.verdict);
      out.key("standing").text(standings[static_cast<std::size_t>(one.standing)]);
      out.key("expected").flag(one.expected).key("sentence").text(one.sentence);
      out.key("why").text(one.why).key("opens").flag(!one.scenario.empty());
      out.key("at_us").number(one.at_us).key("steps").open('[');
      for (const std::string& step : one.steps) out.text(step);
      out.close(']').close('}');
    }
  }
  out.close(']').close('}');
}

void write_legend(Writer& out, const Legend& legend) {
  out.key("legend").open('{').key("open").flag(legend.open).key("parts").open('[');
  for (const LegendPart& part : legend.parts()) {
    out.open('{').key("title").text(part.title).key("rows").open('[');
    for (const LegendRow& row : part.rows)
      out.open('{').key("text").text(row.text).key("names").text(row.names).close('}');
    out.close(']').close('}');
  }
  out.close(']').close('}');
}

void write_checker(Writer& out, const Model& model) {
  out.key("checker").open('{').key("open").flag(model.check_open || model.sheet == Sheet::check);
  out.key("shown").text(job_names[static_cast<std::size_t>(model.checker.shown)]);
  out.key("found").flag(model.found_from() >= 0).key("tasks").open('[');
  for (std::size_t i = 0; i < job_kinds; ++i) write_task(out, model, static_cast<JobKind>(i));
  out.close(']').close('}');
}

}  // namespace

std::string mirror_of(const Model& model) {
  Writer out;
  out.open('{').key("open").flag(model.open());
  out.key("playing").flag(model.playing).key("speed_ppm").number(std::llround(model.speed * 1e6));
  out.key("tool").text(tool_names[static_cast<std::size_t>(model.tool)]);
  out.key("theme").text(theme() == Theme::dark ? "dark" : "light");
  out.key("language").text(languages[static_cast<std::size_t>(language())].code);
  constexpr std::array<std::string_view, 3> forms{"wide", "medium", "narrow"};
  out.key("form").text(forms[static_cast<std::size_t>(model.places.form)]);
  constexpr std::array<std::string_view, 3> tones{"plain", "good", "bad"};
  const bool toasting = model.now_s - model.toast.born_s <= toast_life_s;
  out.key("toast").text(toasting ? model.toast.text : "");
  out.key("toast_tone").text(tones[static_cast<std::size_t>(model.toast.tone)]);
  constexpr std::array<std::string_view, 5> overlays{"none", "palette", "keys", "open_file",
                                                     "save_file"};
  out.key("overlay").text(overlays[static_cast<std::size_t>(model.overlay)]);
  out.key("editing").text(model.editing ? section_names[static_cast<std::size_t>(model.section)]
                                        : "");
  out.key("focus").text(model.controls.focus);
  out.key("refused").open('[');
  for (const auto& [name, sentence] : model.refused)
    out.open('{').key("name").text(name).key("sentence").text(sentence).close('}');
  out.close(']');
  out.key("link").text(model.last_link);
  if (model.open()) {
    out.key("scenario")
        .open('{')
        .key("id")
        .text(model.scenario.id)
        .key("title")
        .text(model.scenario.title);
    out.key("chapter")
        .text(model.scenario.chapter)
        .key("summary")
        .text(model.scenario.summary)
        .close('}');
    write_time(out, model);
    write_lesson(out, model);
    write_compared(out, model);
    write_properties(out, model);
    write_network(out, model);
    write_operations(out, model);
    write_checker(out, model);
    write_legend(out, model.legend);
  }
  out.key("controls").open('[');
  for (const Control& control : model.controls.list) {
    out.open('{').key("name").text(control.name).at(control.rect.min());
    out.key("w")
        .pixels(control.rect.w)
        .key("h")
        .pixels(control.rect.h)
        .key("enabled")
        .flag(control.enabled)
        .close('}');
  }
  return out.close(']').close('}').take();
}

}  // namespace netsplit::ui
