// A protocol for the checker's own tests: timers whose windows overlap and do not, choices as a
// node starts and later, operations, a disk. Its handlers read no clock.
#pragma once

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::test::errands {

struct Params {
  std::int64_t rounds = 2;
  bool stuck = false;  // a runner that was told to stay never comes home
  FIELDS(rounds, stuck)
};

// clang-format off
struct Errand { std::int64_t number = 0; FIELDS(number) };
struct Done { std::int64_t number = 0; FIELDS(number) };
using Message = std::variant<Errand, Done>;

struct Soon { FIELDS_NONE };                                   // 5 to 10 ms
struct Later { std::int64_t number = 0; FIELDS(number) };      // 20 to 30 ms
struct Between { FIELDS_NONE };                                // 8 to 25 ms
using Timer = std::variant<Soon, Later, Between>;

struct Go { NodeId to; std::int64_t number = 0; FIELDS(to, number) };
struct Wait { FIELDS_NONE };
using Request = std::variant<Go, Wait>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Runner {
  static constexpr Shape shape = Shape::client;
  struct Disk {
    std::int64_t lives = 0;
    FIELDS(lives)
  } disk;
  std::int64_t mood = 0;
  std::vector<std::int64_t> seen;
  std::vector<std::uint32_t> open;

  void start(Ctx& ctx) {
    ++disk.lives;
    mood = ctx.choose(2);
    if (mood == 1) ctx.set_timer(Soon{}, milliseconds(5), milliseconds(10));
  }
  void on(Ctx& ctx, const Go& request) {
    open.push_back(ctx.invoke({"go", 0, request.number, 0}));
    ctx.send(request.to, Errand{request.number});
    ctx.set_timer(Later{request.number}, milliseconds(20), milliseconds(30));
  }
  void on(Ctx& ctx, const Wait&) {
    ctx.set_timer(Later{-1}, milliseconds(20), milliseconds(30));
    ctx.set_timer(Between{}, milliseconds(8), milliseconds(25));
    ctx.set_timer(Soon{}, milliseconds(5), milliseconds(10));
  }
  void on(Ctx& ctx, NodeId from, const Errand& m) {
    seen.push_back(m.number);
    if (ctx.choose(3) == 1) ctx.set_timer(Between{}, milliseconds(8), milliseconds(25));
    ctx.send(from, Done{m.number});
  }
  void on(Ctx& ctx, NodeId, const Done& m) {
    seen.push_back(100 + m.number);
    ctx.cancel_timer(Later{m.number});
    if (!open.empty()) {
      ctx.complete(open.front(), Outcome::ok, m.number);
      open.erase(open.begin());
    }
  }
  void on(Ctx&, Soon) { seen.push_back(-1); }
  void on(Ctx& ctx, Between) {
    seen.push_back(-2);
    if (static_cast<std::int64_t>(seen.size()) < ctx.params().rounds)
      ctx.set_timer(Soon{}, milliseconds(5), milliseconds(10));
  }
  void on(Ctx& ctx, const Later& timer) {
    seen.push_back(13 + timer.number);
    if (ctx.params().stuck) mood = 7;
  }
  FIELDS(disk, mood, seen, open)
};

struct Protocol;
inline Verdict in_time(const View<Protocol>& view);
inline Verdict all_home(const View<Protocol>& view);
inline Verdict somebody_in_mood(const View<Protocol>& view);
inline Verdict before_noon(const View<Protocol>& view);

struct Protocol {
  using Message = errands::Message;
  using Timer = errands::Timer;
  using Request = errands::Request;
  using Node = std::variant<Runner>;
  using Params = errands::Params;
  static constexpr std::string_view name = "errands";
  static constexpr std::string_view title = "Errands";
  static constexpr std::string_view sentence = "What the tests of the checker run.";
  static std::vector<Parameter<Params>> parameters() {
    return {count_parameter<&Params::rounds>("rounds", 0, 10, "How often."),
            flag_parameter<&Params::stuck>("stuck", "Whoever waits too long stays.")};
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"in_time", "Of timers set together one that must run out earlier does.",
         PropertyKind::always, in_time},
        {"all_home", "Nobody is stuck.", PropertyKind::finally, all_home},
        {"somebody_in_mood", "Somebody chose 1.", PropertyKind::sometimes, somebody_in_mood},
        {"before_noon", "It looks at the time.", PropertyKind::always, before_noon},
    };
  }
};

// Wait sets Soon and Later{-1} at once, and Later leaves 12 behind.
inline Verdict in_time(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Runner>([&](NodeId id, const Runner& runner) {
    for (const std::int64_t mark : runner.seen) {
      if (mark == -1) return;
      if (mark == 12) verdict = violated(view.name(id) + " was late.", {id});
    }
  });
  return verdict;
}
inline Verdict all_home(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Runner>([&](NodeId id, const Runner& runner) {
    if (runner.mood == 7) verdict = violated(view.name(id) + " stays.", {id});
  });
  return verdict;
}
inline Verdict somebody_in_mood(const View<Protocol>& view) {
  Verdict verdict = not_seen();
  view.for_each<Runner>([&](NodeId id, const Runner& runner) {
    if (runner.mood == 1) verdict = seen(view.name(id) + " is.", {id});
  });
  return verdict;
}
inline Verdict before_noon(const View<Protocol>& view) {
  return view.now_us() < hours(2) ? holds() : violated("It is late.");
}

}  // namespace netsplit::test::errands
