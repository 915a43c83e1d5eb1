// Loading a page: latency adds up where one call waits for another.
//
// "Latency is zero" is the second of the eight fallacies of distributed computing. A page needs 40
// records from a server. Asked for one after the other, as a loop over a list does it without a
// thought, they take 40 round trips, and the page is as slow as they are together: over 80 ms that
// is 3.2 s, however thick the line is and however fast the server. Two remedies: a batch asks for
// all in one call, which is one round trip and one message, but needs a server that offers it; a
// pipeline sends the next call without waiting for the answer to the last one, which is as fast,
// and as many messages as before. Neither helps where a call needs what another one returned.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994); Cheshire, "It's the latency,
// stupid" (1996). Simplified: a client has one page open at a time; records never change.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::page_load {

struct Params {
  std::int64_t batch = 1;
  std::int64_t window = 1;
  Time work_us = 200;
  Time timeout_us = seconds(1);
  std::int64_t attempts = 5;
  bool match_answers = true;
  FIELDS(batch, window, work_us, timeout_us, attempts, match_answers)
};

// clang-format off
// Messages. The records `first` to `first + count - 1` of a page.
struct Get { std::int64_t page = 0; std::int64_t first = 0; std::int64_t count = 0;
             FIELDS(page, first, count) };
struct Records { std::int64_t page = 0; std::int64_t first = 0; std::vector<std::int64_t> values;
                 FIELDS(page, first, values) };
using Message = std::variant<Get, Records>;

// Timers.
struct NoAnswer { FIELDS_NONE };
using Timer = std::variant<NoAnswer>;

// A person's request.
struct OpenPage { std::int64_t records = 40; FIELDS(records) };
// clang-format on
using Request = std::variant<OpenPage>;

using Ctx = Context<Message, Timer, Params>;

// What every page's record says. Any number would do, as long as both sides can tell.
constexpr std::int64_t record_of(std::int64_t page, std::int64_t number) {
  return page * 1'000 + number;
}

struct Server;

struct Client {
  static constexpr Shape shape = Shape::client;
  std::int64_t wanted = 0;                     // records of the page that is loading; 0: none is
  std::int64_t asked = 0;                      // of these, the first so many were asked for
  std::map<std::int64_t, std::int64_t> calls;  // not answered yet: first record and count
  std::int64_t timeouts = 0;                   // since the last answer
  std::vector<std::int64_t> have;              // in the order in which they came
  Hidden<std::uint32_t> operation;
  struct Disk {
    std::int64_t page = 0;  // its number: an answer to an earlier page is none to this
    FIELDS(page)
  } disk;

  void on(Ctx& ctx, const OpenPage& request) {
    const std::int64_t records = std::clamp<std::int64_t>(request.records, 1, 1'000);
    const std::uint32_t number = ctx.invoke({"page", disk.page + 1, records});
    if (wanted > 0) return ctx.complete(number, Outcome::failed);  // one at a time
    wanted = records;
    asked = 0;
    have.clear();
    operation.value = number;
    ++disk.page;
    ask_for_more(ctx);
  }

  // As many calls at once as the window allows: 1 is one after the other.
  void ask_for_more(Ctx& ctx) {
    while (asked < wanted && static_cast<std::int64_t>(calls.size()) < ctx.params().window) {
      const std::int64_t first = asked + 1;
      const std::int64_t count = std::min(ctx.params().batch, wanted - asked);
      calls[first] = count;
      asked += count;
      ctx.send(ctx.first<Server>(), Get{disk.page, first, count});
    }
    ctx.set_timer(NoAnswer{}, ctx.params().timeout_us);
  }
  // To read is idempotent: asking again is always safe.
  void on(Ctx& ctx, NoAnswer) {
    if (++timeouts >= ctx.params().attempts) return finish(ctx, Outcome::failed);
    for (const auto& call : calls)
      ctx.send(ctx.first<Server>(), Get{disk.page, call.first, call.second});
    ctx.set_timer(NoAnswer{}, ctx.params().timeout_us);
  }

  void on(Ctx& ctx, NodeId, const Records& m) {
    // Of an earlier page, or a second copy: answers come in any order, and each says to what.
    const bool expected = m.page == disk.page && calls.erase(m.first) > 0;
    if (wanted == 0 || (ctx.params().match_answers && !expected)) return;
    timeouts = 0;
    have.insert(have.end(), m.values.begin(), m.values.end());
    if (static_cast<std::int64_t>(have.size()) < wanted) return ask_for_more(ctx);
    finish(ctx, Outcome::ok);
  }
  void finish(Ctx& ctx, Outcome outcome) {
    ctx.cancel_timer(NoAnswer{});
    ctx.complete(operation.value, outcome, static_cast<std::int64_t>(have.size()));
    wanted = 0;
    timeouts = 0;
    calls.clear();
    if (outcome != Outcome::ok) have.clear();
  }

  std::string caption(NodeNames) const {
    const std::string records = std::to_string(have.size());
    if (wanted > 0) return "has " + records + " of " + std::to_string(wanted);
    return have.empty() ? "" : "page of " + records;
  }
  FIELDS(wanted, asked, calls, timeouts, have, operation, disk)
};

struct Server {
  static constexpr Shape shape = Shape::storage;
  std::int64_t calls = 0;
  void on(Ctx& ctx, NodeId from, const Get& m) {
    ++calls;
    ctx.work(ctx.params().work_us * m.count);
    Records records{m.page, m.first, {}};
    for (std::int64_t i = 0; i < m.count; ++i)
      records.values.push_back(record_of(m.page, m.first + i));
    ctx.send(from, records);
  }
  std::string caption(NodeNames) const {
    return calls == 0 ? "" : std::to_string(calls) + (calls == 1 ? " call" : " calls");
  }
  FIELDS(calls)
};

struct Protocol;

inline Verdict page_is_whole(const View<Protocol>& view);
inline Verdict page_in_time(const View<Protocol>& view);
inline Time page_time(const View<Protocol>& view);

inline constexpr Time page_limit_us = milliseconds(500);

struct Protocol {
  using Message = page_load::Message;
  using Timer = page_load::Timer;
  using Request = page_load::Request;
  using Node = std::variant<Client, Server>;
  using Params = page_load::Params;
  static constexpr std::string_view name = "page_load";
  static constexpr std::string_view title = "Loading a page";
  static constexpr std::string_view sentence =
      "A client needs many records from a server: one call after the other, all at once, or all "
      "in one.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        count_parameter<&Params::batch>("batch", 1, 1'000, "Records that one call asks for."),
        count_parameter<&Params::window>(
            "window", 1, 1'000,
            "Calls that may wait for their answers at once; 1 is one after the other."),
        time_parameter<&Params::work_us>("work", 0, seconds(1),
                                         "How long a server works for each record."),
        time_parameter<&Params::timeout_us>(
            "timeout", milliseconds(1), hours(1),
            "How long a client waits for any answer before it asks again."),
        count_parameter<&Params::attempts>(
            "attempts", 1, 100, "How often in a row it waits in vain before the page fails."),
        flag_parameter<&Params::match_answers>(
            "match_answers", "An answer counts for the call it names; off: whatever comes counts."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"page_in_time", "A page is ready within 500 ms.", PropertyKind::budget, page_in_time},
        {"page_is_whole", "A page that is ready has each of its records once, and no others.",
         PropertyKind::always, page_is_whole},
        {"all_answered", "Every page is ready in the end, or has failed.", PropertyKind::finally,
         all_answered<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {{"page_time", MeterUnit::time_us, "How long the slowest page took.", page_time}};
  }
  static bool linked(std::string_view a, std::string_view b) { return a != b; }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "page of " + std::to_string(record.operation.argument) + " records";
  }
};

inline Time page_time(const View<Protocol>& view) {
  Time longest_us = 0;
  const Time now_us = view.now_us();
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& page = view.history()[i];
    longest_us = std::max(longest_us, std::min(page.completed_us, now_us) - page.invoked_us);
  }
  return longest_us;
}

inline Verdict page_in_time(const View<Protocol>& view) {
  const Time longest_us = page_time(view);
  return measured(longest_us, page_limit_us,
                  "The slowest page took " + std::to_string(longest_us / 1'000) + " ms.");
}

inline Verdict page_is_whole(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Client>([&](NodeId id, const Client& client) {
    if (client.wanted > 0 || client.have.empty()) return;
    std::vector<std::int64_t> records = client.have;
    std::sort(records.begin(), records.end());
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (records[i] == record_of(client.disk.page, static_cast<std::int64_t>(i) + 1)) continue;
      verdict = violated(view.name(id) + "'s page has record " + std::to_string(records[i]) +
                             " in place " + std::to_string(i + 1) + ".",
                         {id});
      return;
    }
  });
  return verdict;
}

}  // namespace netsplit::page_load
