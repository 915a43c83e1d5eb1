// Small histories with known answers, and random ones of every object against a search over every
// order, by objects that are written once more.
#include "core/check/linearizability.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/names.h"
#include "core/base/rng.h"

namespace netsplit::test::linearizability_test {

using namespace netsplit::check;

namespace {

HistoryOperation op(std::int32_t client, Verb verb, std::int64_t argument, std::int64_t result,
                    std::int64_t invoked, std::int64_t completed, Outcome outcome = Outcome::ok) {
  HistoryOperation made;
  made.client = client;
  made.verb = verb;
  made.argument = argument;
  made.result = result;
  made.invoked = invoked;
  made.completed = completed;
  made.outcome = outcome;
  return made;
}

Ruling ruling_of(ObjectKind kind, std::vector<HistoryOperation> operations) {
  History history;
  history.object = kind;
  history.operations = std::move(operations);
  return judge(history).ruling;
}

// The objects once more, as plainly as can be. A state is a list of texts: the register's value,
// the set's elements, the queue's content, the lock's holder.
using PlainState = std::vector<std::string>;

bool plain_step(const History& history, const HistoryOperation& o, PlainState& state) {
  const bool known = o.outcome == Outcome::ok;
  const auto text = [&](std::int64_t value) {
    return history.object == ObjectKind::key_value ? history.texts[std::size_t(value)]
                                                   : std::to_string(value);
  };
  const auto element = std::find(state.begin(), state.end(), text(o.argument));
  const std::string client = std::to_string(o.client);
  switch (o.verb) {
    case Verb::read:
      return !known || state[0] == text(o.result);
    case Verb::write:
      state[0] = text(o.argument);
      return true;
    case Verb::append:
      state[0] += text(o.argument);
      return true;
    case Verb::cas: {
      const bool fits = state[0] == text(o.expected);
      if (fits) state[0] = text(o.argument);
      return !known || fits == (o.result != 0);
    }
    case Verb::acquire:
      if (!state.empty()) return false;
      state.push_back(client);
      return true;
    case Verb::release:
      if (state != PlainState{client}) return false;
      state.clear();
      return true;
    case Verb::add:
      if (element == state.end()) state.push_back(text(o.argument));
      return true;
    case Verb::remove:
      if (element != state.end()) state.erase(element);
      return true;
    case Verb::contains:
      return !known || (element != state.end()) == (o.result != 0);
    case Verb::enqueue:
      state.push_back(text(o.argument));
      return true;
    case Verb::dequeue: {
      const std::string front = state.empty() ? text(nothing) : state.front();
      if (!state.empty()) state.erase(state.begin());
      return !known || front == text(o.result);
    }
  }
  return false;
}

// Whether some order explains the operations, by trying every one.
// Only what was answered by `until` must have happened.
bool brute_force(const History& history, const std::vector<HistoryOperation>& left,
                 const PlainState& state, std::int64_t until) {
  std::int64_t first_answer = INT64_MAX;
  for (const HistoryOperation& o : left) {
    if (o.outcome == Outcome::ok && o.completed <= until)
      first_answer = std::min(first_answer, o.completed);
  }
  if (first_answer == INT64_MAX) return true;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i].invoked > first_answer) continue;
    PlainState next = state;
    if (!plain_step(history, left[i], next)) continue;
    std::vector<HistoryOperation> rest = left;
    rest.erase(rest.begin() + std::ptrdiff_t(i));
    if (brute_force(history, rest, next, until)) return true;
  }
  return false;
}
bool brute_force(const History& history, const std::vector<HistoryOperation>& all,
                 std::int64_t until = 1'000'000) {
  PlainState state;
  if (history.object == ObjectKind::reg || history.object == ObjectKind::cas_register)
    state = {std::to_string(nothing)};
  if (history.object == ObjectKind::key_value) state = {""};
  return brute_force(history, all, state, until);
}

// What PartRuling::misfits says, word by word.
std::vector<std::int32_t> plain_misfits(const History& history) {
  std::vector<std::int32_t> answers;
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    if (history.operations[i].outcome == Outcome::ok) answers.push_back(std::int32_t(i));
  }
  const auto completed = [&](std::int32_t i) {
    return history.operations[std::size_t(i)].completed;
  };
  std::sort(answers.begin(), answers.end(),
            [&](auto a, auto b) { return completed(a) < completed(b); });
  std::vector<std::int32_t> misfits;
  for (const std::int32_t last : answers) {
    std::vector<HistoryOperation> prefix;
    for (std::size_t i = 0; i < history.operations.size(); ++i) {
      const HistoryOperation& o = history.operations[i];
      if (o.outcome == Outcome::failed || o.invoked > completed(last)) continue;
      if (std::count(misfits.begin(), misfits.end(), std::int32_t(i)) > 0) continue;
      prefix.push_back(o);
    }
    if (!brute_force(history, prefix, completed(last))) misfits.push_back(last);
  }
  return misfits;
}

// Few clients, few values, many overlaps; answers that may be wrong.
History random_history(ObjectKind kind, std::uint32_t seed) {
  const std::vector<std::vector<Verb>> verbs{
      {Verb::read, Verb::write},
      {Verb::read, Verb::write, Verb::cas, Verb::cas},
      {Verb::read, Verb::read, Verb::write, Verb::append, Verb::append},
      {Verb::acquire, Verb::release},
      {Verb::add, Verb::remove, Verb::contains},
      {Verb::enqueue, Verb::dequeue}};
  const std::vector<Verb>& some = verbs[std::size_t(kind)];
  Rng rng(seed, 77, std::uint32_t(kind));
  History history;
  history.object = kind;
  if (kind == ObjectKind::key_value) history.texts = {"", "a", "b", "ab", "ba", "aab", "a"};
  std::vector<std::int64_t> moments(14);
  std::iota(moments.begin(), moments.end(), 1);
  for (std::size_t i = moments.size(); i > 1; --i)
    std::swap(moments[i - 1], moments[rng.below(std::uint32_t(i))]);
  for (std::size_t i = 0; i < 7; ++i) {
    HistoryOperation made;
    made.client = std::int32_t(rng.below(3));
    made.verb = some[rng.below(std::uint32_t(some.size()))];
    // Mostly short, so that some histories have an order and some have none.
    made.invoked = moments[2 * i];
    made.completed = moments[2 * i + 1];
    if (made.completed < made.invoked) std::swap(made.invoked, made.completed);
    const auto value = [&](bool answer) -> std::int64_t {
      if (kind == ObjectKind::key_value) return rng.below(answer ? 6 : 3) + (answer ? 0 : 1);
      if (answer && rng.below(4) == 0) return nothing;
      return rng.below(2);
    };
    made.argument = kind == ObjectKind::set ? 5 : value(false);
    if (kind == ObjectKind::key_value && made.argument == 3) made.argument = 6;
    made.expected = value(true);
    made.result =
        made.verb == Verb::cas || made.verb == Verb::contains ? rng.below(2) : value(true);
    const std::uint32_t luck = rng.below(8);
    if (luck == 0) made.outcome = Outcome::failed;
    if (luck <= 2 && made.verb != Verb::read) made.outcome = Outcome::unknown;
    history.operations.push_back(made);
  }
  return history;
}

// The order holds every certain operation but the misfits, once, respects real time, and explains
// the answers.
void check_order(const History& history, const PartRuling& part) {
  std::vector<std::int32_t> certain;
  PlainState state;
  if (history.object == ObjectKind::reg || history.object == ObjectKind::cas_register)
    state = {std::to_string(nothing)};
  if (history.object == ObjectKind::key_value) state = {""};
  std::int64_t latest = 0;
  for (const std::int32_t i : part.order) {
    const HistoryOperation& o = history.operations[std::size_t(i)];
    CHECK(plain_step(history, o, state));
    latest = std::max(latest, o.invoked);
    if (o.outcome != Outcome::ok) continue;
    CHECK(o.completed >= latest);
    certain.push_back(i);
  }
  certain.insert(certain.end(), part.misfits.begin(), part.misfits.end());
  std::sort(certain.begin(), certain.end());
  std::vector<std::int32_t> expected;
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    if (history.operations[i].outcome == Outcome::ok) expected.push_back(std::int32_t(i));
  }
  CHECK(certain == expected);
}

}  // namespace

TEST_CASE("linearizability: a read that overlaps a write may see either value") {
  for (const std::int64_t seen : {nothing, std::int64_t{5}}) {
    CHECK(ruling_of(ObjectKind::reg, {op(0, Verb::write, 5, 0, 0, 10),
                                      op(1, Verb::read, 0, seen, 2, 4)}) == Ruling::linearizable);
  }
  CHECK(ruling_of(ObjectKind::reg,
                  {op(0, Verb::write, 5, 0, 0, 10), op(1, Verb::read, 0, nothing, 12, 14)}) ==
        Ruling::not_linearizable);
}

TEST_CASE("linearizability: two reads during one write must not go backwards") {
  CHECK(ruling_of(ObjectKind::reg,
                  {op(0, Verb::write, 1, 0, 0, 100), op(1, Verb::read, 0, 1, 10, 20),
                   op(2, Verb::read, 0, nothing, 30, 40)}) == Ruling::not_linearizable);
}

TEST_CASE(
    "linearizability: an unknown write may take effect late, or never, but not before it began") {
  const auto unknown = op(0, Verb::write, 7, 0, 10, 0, Outcome::unknown);
  CHECK(ruling_of(ObjectKind::reg, {unknown, op(1, Verb::read, 0, nothing, 20, 30)}) ==
        Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::reg, {unknown, op(1, Verb::read, 0, nothing, 20, 30),
                                    op(1, Verb::read, 0, 7, 90, 91)}) == Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::reg, {unknown, op(1, Verb::read, 0, 7, 1, 5)}) ==
        Ruling::not_linearizable);
  const auto failed = op(0, Verb::write, 7, 0, 10, 0, Outcome::failed);
  CHECK(ruling_of(ObjectKind::reg, {failed, op(1, Verb::read, 0, 7, 20, 30)}) ==
        Ruling::not_linearizable);
}

TEST_CASE(
    "linearizability: a lock is held by one client, and an unknown acquire may never have been") {
  const auto acquire = [](int c, int from, int to) { return op(c, Verb::acquire, 0, 0, from, to); };
  const auto release = [](int c, int from, int to) { return op(c, Verb::release, 0, 0, from, to); };
  CHECK(ruling_of(ObjectKind::lock, {acquire(0, 0, 1), release(0, 2, 5), acquire(1, 3, 4)}) ==
        Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::lock, {acquire(0, 0, 1), acquire(1, 3, 4), release(0, 5, 6)}) ==
        Ruling::not_linearizable);
  auto lost = acquire(2, 0, 0);
  lost.outcome = Outcome::unknown;
  CHECK(ruling_of(ObjectKind::lock, {lost, acquire(0, 1, 2), release(0, 3, 4)}) ==
        Ruling::linearizable);
}

TEST_CASE("linearizability: compare-and-set, queue and set answer as one copy would") {
  auto cas = op(0, Verb::cas, 2, 1, 10, 20);
  cas.expected = 1;
  CHECK(ruling_of(ObjectKind::cas_register,
                  {op(0, Verb::write, 1, 0, 0, 5), cas, op(1, Verb::read, 0, 2, 30, 40)}) ==
        Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::cas_register, {op(0, Verb::write, 3, 0, 0, 5), cas}) ==
        Ruling::not_linearizable);
  CHECK(ruling_of(ObjectKind::queue,
                  {op(0, Verb::enqueue, 1, 0, 0, 1), op(0, Verb::enqueue, 2, 0, 2, 3),
                   op(1, Verb::dequeue, 0, 2, 4, 5)}) == Ruling::not_linearizable);
  CHECK(ruling_of(ObjectKind::queue,
                  {op(0, Verb::enqueue, 1, 0, 0, 3), op(0, Verb::enqueue, 2, 0, 2, 3),
                   op(1, Verb::dequeue, 0, 2, 4, 5)}) == Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::set, {op(0, Verb::add, 4, 0, 0, 1), op(0, Verb::contains, 5, 0, 2, 3),
                                    op(1, Verb::contains, 4, 0, 4, 5)}) ==
        Ruling::not_linearizable);
}

TEST_CASE("linearizability: a store is judged key by key, and the bad key is named") {
  History history;
  history.object = ObjectKind::key_value;
  history.texts = {"", "a", "b", "ab", "ba"};
  const auto on_key = [](std::int64_t key, HistoryOperation made) {
    made.key = key;
    return made;
  };
  history.operations = {
      on_key(1, op(0, Verb::append, 1, 0, 0, 1)), on_key(1, op(0, Verb::append, 2, 0, 2, 3)),
      on_key(1, op(1, Verb::read, 0, 3, 4, 5)), on_key(2, op(1, Verb::read, 0, 0, 6, 7))};
  CHECK(judge(history).ruling == Ruling::linearizable);
  history.operations[2].result = 4;
  const Judgement bad = judge(history);
  CHECK(bad.ruling == Ruling::not_linearizable);
  REQUIRE(bad.parts.size() == 2);
  CHECK(bad.parts[0].key == 1);
  CHECK(bad.parts[0].ruling == Ruling::not_linearizable);
  CHECK(bad.parts[0].order == std::vector<std::int32_t>{0, 1});
  CHECK(bad.parts[0].misfits == std::vector<std::int32_t>{2});
  CHECK(bad.parts[1].ruling == Ruling::linearizable);
}

TEST_CASE(
    "linearizability: random histories of every object agree with a search over every order") {
  for (const ObjectKind kind : {ObjectKind::reg, ObjectKind::cas_register, ObjectKind::key_value,
                                ObjectKind::lock, ObjectKind::set, ObjectKind::queue}) {
    int good = 0;
    int bad = 0;
    for (std::uint32_t seed = 1; seed <= 600; ++seed) {
      const History history = random_history(kind, seed);
      const Judgement judgement = judge(history);
      const std::vector<std::int32_t> misfits = plain_misfits(history);
      INFO(enumerator_name_of(kind) << ", seed " << seed);
      std::vector<HistoryOperation> happened;
      for (const HistoryOperation& o : history.operations) {
        if (o.outcome != Outcome::failed) happened.push_back(o);
      }
      const bool expected = brute_force(history, happened);
      (expected ? good : bad) += 1;
      CHECK((judgement.ruling == Ruling::linearizable) == expected);
      REQUIRE(judgement.parts.size() <= 1);
      if (judgement.parts.empty()) continue;
      const PartRuling& part = judgement.parts[0];
      CHECK(part.misfits == misfits);
      check_order(history, part);
    }
    CHECK(good > 60);
    CHECK(bad > 60);
  }
}

TEST_CASE("linearizability: the longest prefix ends at the first misfit, and the rest is ordered") {
  History history;
  history.object = ObjectKind::reg;
  history.operations = {op(0, Verb::write, 1, 0, 0, 1), op(1, Verb::read, 0, 2, 2, 3),
                        op(0, Verb::write, 2, 0, 4, 5), op(1, Verb::read, 0, 2, 6, 7),
                        op(2, Verb::read, 0, 1, 8, 9),  op(0, Verb::write, 3, 0, 10, 11)};
  const Judgement judgement = judge(history);
  REQUIRE(judgement.parts.size() == 1);
  CHECK(judgement.parts[0].misfits == std::vector<std::int32_t>{1, 4});
  CHECK(judgement.parts[0].order == std::vector<std::int32_t>{0, 2, 3, 5});
  CHECK(judgement.parts[0].stopped_at == -1);
}

namespace {

// Unknown exchanges between any two of five values, and at the end a read of another one: before
// that can be refused, every way through them has to be.
History hard_history() {
  History history;
  history.object = ObjectKind::cas_register;
  history.operations.push_back(op(0, Verb::write, 0, 0, 0, 1));
  for (std::int64_t i = 0; i < 25; ++i) {
    auto made = op(std::int32_t(i) + 1, Verb::cas, i / 5, 0, 2, 0, Outcome::unknown);
    made.expected = i % 5;
    history.operations.push_back(made);
  }
  for (std::int64_t i = 0; i < 5; ++i)
    history.operations.push_back(op(0, Verb::read, 0, i * 2 % 5, 10 + 2 * i, 11 + 2 * i));
  history.operations.push_back(op(0, Verb::read, 0, 99, 50, 51));
  return history;
}

}  // namespace

TEST_CASE("linearizability: past a limit the answer is that it is not known") {
  const History history = hard_history();
  const Judgement whole = judge(history);
  CHECK(whole.ruling == Ruling::not_linearizable);
  CHECK(whole.configurations > 1'000);
  const Judgement few = judge(history, {20, 512 << 20});
  CHECK(few.ruling == Ruling::unknown);
  CHECK(few.parts[0].stopped_at >= 0);
  CHECK(few.configurations <= 21);
  // Less memory than the search begins with.
  CHECK(judge(history, {50'000'000, 1'000}).ruling == Ruling::unknown);
}

TEST_CASE(
    "linearizability: many operations at once, and many of unknown outcome, are no obstacle") {
  // 200 writes that overlap, each read afterwards in another order, while all are still open.
  History history;
  history.object = ObjectKind::reg;
  for (std::int32_t i = 0; i < 200; ++i)
    history.operations.push_back(op(i, Verb::write, i, 0, 0, 10'000));
  for (std::int32_t i = 0; i < 200; ++i)
    history.operations.push_back(op(300, Verb::read, 0, i * 77 % 200, 10 + 2 * i, 11 + 2 * i));
  CHECK(judge(history).ruling == Ruling::linearizable);
  for (HistoryOperation& o : history.operations) {
    if (o.verb == Verb::write) o.outcome = Outcome::unknown;
  }
  const Judgement unknown = judge(history);
  CHECK(unknown.ruling == Ruling::linearizable);
  CHECK(unknown.configurations < 1'000);
  history.operations.push_back(op(300, Verb::read, 0, 0, 20'000, 20'001));
  CHECK(judge(history).ruling == Ruling::not_linearizable);
}

}  // namespace netsplit::test::linearizability_test
