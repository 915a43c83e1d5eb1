// Judging recorded histories, beside the textbook's search in the same run: a register whose
// clients sometimes get no answer and one of whose reads is wrong; the same one without the wrong
// read; and a store of 50 clients.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/check/linearizability.h"
#include "tests/bench/recorded_history.h"
#include "tests/bench/textbook_judge.h"
#include "tests/bench/yardsticks.h"

namespace netsplit::bench {
namespace {

using check::History;
using check::HistoryOperation;
using check::ObjectKind;
using check::Ruling;
using check::Verb;

std::optional<std::int64_t> step_register(std::int64_t state, const HistoryOperation& operation) {
  const bool known = operation.outcome == Outcome::ok;
  if (operation.verb == Verb::write) return operation.argument;
  if (operation.verb == Verb::read) {
    if (known && operation.result != state) return std::nullopt;
    return state;
  }
  const bool fits = state == operation.expected;
  if (known && fits != (operation.result != 0)) return std::nullopt;
  return fits ? operation.argument : state;
}

TextbookRuling textbook_register(const History& history) {
  return judge_by_textbook<std::int64_t>(
      history.operations, check::nothing, step_register,
      [](std::int64_t state) { return static_cast<std::uint64_t>(state); });
}

TextbookRuling textbook_store(const History& history) {
  std::map<std::int64_t, std::vector<HistoryOperation>> parts;
  for (const HistoryOperation& operation : history.operations)
    parts[operation.key].push_back(operation);
  const auto step = [&](const std::string& state,
                        const HistoryOperation& operation) -> std::optional<std::string> {
    if (operation.verb == Verb::append)
      return state + history.texts[static_cast<std::size_t>(operation.argument)];
    if (state != history.texts[static_cast<std::size_t>(operation.result)]) return std::nullopt;
    return state;
  };
  const auto hash = [](const std::string& state) {
    Hasher hasher;
    hasher.text(state);
    return hasher.digest();
  };
  TextbookRuling all{true, 0};
  for (const auto& [key, part] : parts) {
    const TextbookRuling one = judge_by_textbook<std::string>(part, "", step, hash);
    all.linearizable = all.linearizable && one.linearizable;
    all.configurations += one.configurations;
  }
  return all;
}

History easy_register() {
  Recording recording;
  recording.unknown_ppm = 50'000;
  recording.seed = 51;
  return record(recording);
}

// The seed is one of those for which the textbook's search takes about as long as other checkers
// report for a hard history of this size.
History hard_register() {
  History history = easy_register();
  spoil(history);
  return history;
}

History large_store() {
  Recording recording;
  recording.object = ObjectKind::key_value;
  recording.clients = 50;
  recording.operations = 7'000;
  recording.keys = 33;
  recording.seed = 3;
  return record(recording);
}

// `judged` says whether it was linearizable and how many configurations it took.
template <class Judge>
void measure(benchmark::State& state, const History& history, bool expected, Judge judged) {
  using Stopwatch = std::chrono::steady_clock;
  TextbookRuling ruling;
  std::chrono::duration<double, std::milli> taken{};
  for (auto _ : state) {
    const auto begun = Stopwatch::now();
    ruling = judged(history);
    taken += Stopwatch::now() - begun;
  }
  if (ruling.linearizable != expected) state.SkipWithError("the ruling is wrong");
  state.SetItemsProcessed(state.iterations());
  state.counters["ms"] = taken.count() / static_cast<double>(state.iterations());
  state.counters["configurations"] = static_cast<double>(ruling.configurations);
}

TextbookRuling ours(const History& history) {
  const check::Judgement judgement = check::judge(history);
  return {judgement.ruling == Ruling::linearizable,
          static_cast<std::int64_t>(judgement.configurations)};
}

void register_hard(benchmark::State& state) { measure(state, hard_register(), false, ours); }
void register_hard_textbook(benchmark::State& state) {
  measure(state, hard_register(), false, textbook_register);
}
void register_easy(benchmark::State& state) { measure(state, easy_register(), true, ours); }
void store_50(benchmark::State& state) { measure(state, large_store(), true, ours); }
void store_50_textbook(benchmark::State& state) {
  measure(state, large_store(), true, textbook_store);
}

BENCHMARK(register_hard)->Name("judge/hard")->Repetitions(rounds)->Unit(benchmark::kMillisecond);
BENCHMARK(register_hard_textbook)
    ->Name("judge/hard/textbook")
    ->Repetitions(3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(register_easy)->Name("judge/easy")->Repetitions(rounds)->Unit(benchmark::kMillisecond);
BENCHMARK(store_50)->Name("judge/store50")->Repetitions(rounds)->Unit(benchmark::kMillisecond);
BENCHMARK(store_50_textbook)
    ->Name("judge/store50/textbook")
    ->Repetitions(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace netsplit::bench
