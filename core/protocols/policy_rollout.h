// Two administrators, one network.
//
// "There is one administrator" is the sixth of the eight fallacies of distributed computing. A call
// goes from a client over its site's proxy, and two teams decide what the sites do: one owns the
// firewall, the other the proxies. Each rolls out a change that is right by its own lights. Nothing
// shall leave a site, says the first; so calls still come in, and their answers do not come out:
// reachability has become one-way. A connection that is idle for a second is closed, says the
// other, to save memory; so clients that keep theirs for two seconds send their next call into
// nothing. Neither team sees the clients, and both changes are everywhere at once.
//
// Remedies. A check before a policy is applied, of the whole policy and what is known of those who
// use it, and not of one team's half. A staged roll-out: one site first, then a look at its failed
// calls, and back again when there are any; it finds what no check has thought of, and some pay for
// it. And a change is numbered and confirmed, so that all sites have the same policy in the end.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994); Beyer and others, "Site
// reliability engineering" (2016), chapter 8, for staged roll-outs. Simplified: a site has one
// proxy, which also answers; each team has one change under way at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::policy_rollout {

struct Params {
  bool check = true;
  bool staged = true;
  bool confirm = true;
  Time client_idle_us = seconds(2);
  std::int64_t calls = 20;
  Time watch_us = seconds(4);
  Time retry_us = milliseconds(300);
  FIELDS(check, staged, confirm, client_idle_us, calls, watch_us, retry_us)
};

enum class Setting : std::uint8_t { answers_out, idle };
struct Policy {
  bool answers_out = true;
  Time idle_us = seconds(10);
  FIELDS(answers_out, idle_us)
};
struct Change {
  Token number;  // of this team's changes
  Setting setting{};
  std::int64_t value = 0;
  bool undo = false;
  FIELDS(number, setting, value, undo)
};
inline void put(Policy& policy, Setting setting, std::int64_t value) {
  if (setting == Setting::answers_out) policy.answers_out = value != 0;
  if (setting == Setting::idle) policy.idle_us = value;
}

// clang-format off
// Messages.
struct Apply { Change change; FIELDS(change) };
struct Applied { Change change; bool accepted = false; std::int64_t failed = 0;  // calls since then
                 FIELDS(change, accepted, failed) };
struct Call { std::int64_t number = 0; bool fresh = false; std::int64_t failed = 0;  // so far
              FIELDS(number, fresh, failed) };
struct Answer { std::int64_t number = 0; FIELDS(number) };
using Message = std::variant<Apply, Applied, Call, Answer>;

// Timers.
struct NextCall { FIELDS_NONE };
struct NoAnswer { FIELDS_NONE };
struct ClientIdle { FIELDS_NONE };
struct SiteIdle { NodeId client; FIELDS(client) };
struct Again { FIELDS_NONE };
struct Watch { FIELDS_NONE };
using Timer = std::variant<NextCall, NoAnswer, ClientIdle, SiteIdle, Again, Watch>;

// A person's requests, of a team.
struct CloseOutgoing { FIELDS_NONE };
struct SetIdle { std::int64_t ms = 1000; FIELDS(ms) };
// clang-format on
using Request = std::variant<CloseOutgoing, SetIdle>;

using Ctx = Context<Message, Timer, Params>;

struct Site {
  static constexpr Shape shape = Shape::server;
  struct Entry {
    Change change;  // the team's last
    std::int64_t before = 0;
    std::int64_t failed = 0;  // calls, when it was applied
    FIELDS(change, before, failed)
  };
  struct Disk {
    Policy policy;
    std::map<NodeId, Entry> entries;  // by team
    FIELDS(policy, entries)
  } disk;
  std::set<NodeId> connections;
  std::map<NodeId, std::int64_t> failed;  // calls, as clients tell

  std::int64_t all_failed() const {
    std::int64_t sum = 0;
    for (const auto& entry : failed) sum += entry.second;
    return sum;
  }
  void on(Ctx& ctx, NodeId team, const Apply& m) {
    Entry& entry = disk.entries[team];
    const Change& change = m.change;
    // The same again, or older: a change may come twice, and late.
    const bool is_new = change.number > entry.change.number ||
                        (change.number == entry.change.number && change.undo > entry.change.undo);
    if (is_new) {
      // Who has never had the change has nothing to take back.
      const bool had_it = change.number == entry.change.number;
      Policy changed = disk.policy;
      if (had_it || !change.undo)
        put(changed, change.setting, change.undo ? entry.before : change.value);
      const bool compatible = changed.answers_out && changed.idle_us >= ctx.params().client_idle_us;
      if (ctx.params().check && !compatible && !change.undo)
        return ctx.send(team, Applied{change, false, 0});
      entry.before =
          change.setting == Setting::idle ? disk.policy.idle_us : Time{disk.policy.answers_out};
      entry.failed = all_failed();
      entry.change = change;
      disk.policy = changed;
    }
    ctx.send(team, Applied{change, true, all_failed() - entry.failed});
  }

  void on(Ctx& ctx, NodeId from, const Call& m) {
    failed[from] = m.failed;
    if (m.fresh) connections.insert(from);
    if (!connections.contains(from)) return;  // closed long ago, and the client does not know
    ctx.set_timer(SiteIdle{from}, disk.policy.idle_us);
    if (disk.policy.answers_out) ctx.send(from, Answer{m.number});
  }
  void on(Ctx&, const SiteIdle& timer) { connections.erase(timer.client); }

  std::string caption(NodeNames) const {
    return std::string(disk.policy.answers_out ? "" : "nothing leaves, ") + "idle " +
           std::to_string(disk.policy.idle_us / 1'000) + " ms";
  }
  FIELDS(disk, connections, failed)
};

struct Team {
  static constexpr Shape shape = Shape::coordinator;
  enum class State : std::uint8_t { resting, first_site, watching, all_sites, refused, taken_back };
  struct Disk {
    State state = State::resting;
    Change change;
    std::set<NodeId> open;  // sites that have not confirmed yet
    FIELDS(state, change, open)
  } disk;
  bool watched = false;

  void on(Ctx& ctx, const CloseOutgoing&) { begin(ctx, Setting::answers_out, 0); }
  void on(Ctx& ctx, const SetIdle& request) {
    begin(ctx, Setting::idle, milliseconds(std::clamp<std::int64_t>(request.ms, 1, 3'600'000)));
  }
  void begin(Ctx& ctx, Setting setting, std::int64_t value) {
    if (disk.state == State::first_site || disk.state == State::watching || !disk.open.empty())
      return;  // one at a time
    disk.change = {disk.change.number.next(), setting, value, false};
    tell(ctx, ctx.params().staged ? State::first_site : State::all_sites);
  }
  void tell(Ctx& ctx, State state) {
    disk.state = state;
    const std::vector<NodeId> sites = ctx.all<Site>();
    disk.open = {sites.begin(), sites.end()};
    if (state == State::first_site && !sites.empty()) disk.open = {sites.front()};
    on(ctx, Again{});
  }
  void on(Ctx& ctx, Again) {
    for (const NodeId site : disk.open) ctx.send(site, Apply{disk.change});
    if (!disk.open.empty() && ctx.params().confirm) ctx.set_timer(Again{}, ctx.params().retry_us);
  }
  void restart(Ctx& ctx) {
    if (disk.state == State::watching) ctx.set_timer(Watch{}, ctx.params().watch_us);
    on(ctx, Again{});
  }
  // A look at the first site: the change is told once more, and the answer says what failed.
  void on(Ctx& ctx, Watch) {
    if (disk.state == State::watching) tell(ctx, State::first_site);
    watched = true;
  }
  void on(Ctx& ctx, NodeId from, const Applied& m) {
    if (!(m.change == disk.change) || disk.open.erase(from) == 0) return;
    if (disk.open.empty()) ctx.cancel_timer(Again{});
    if (!m.accepted && !disk.change.undo) return take_back(ctx, State::refused);
    if (disk.state != State::first_site) return;
    if (!watched) {
      disk.state = State::watching;
      return ctx.set_timer(Watch{}, ctx.params().watch_us);
    }
    watched = false;
    if (m.failed > 0) return take_back(ctx, State::taken_back);
    tell(ctx, State::all_sites);
  }
  void take_back(Ctx& ctx, State state) {
    disk.change.undo = true;
    tell(ctx, state);
  }
  std::string caption(NodeNames) const {
    if (disk.state == State::refused) return "its change was refused";
    return disk.state == State::taken_back ? "took its change back" : "";
  }
  FIELDS(disk, watched)
};

struct Client {
  static constexpr Shape shape = Shape::client;
  std::int64_t number = 0;
  bool connected = false;
  std::int64_t failed = 0;
  Hidden<std::uint32_t> operation;

  void start(Ctx& ctx) { ctx.set_timer(NextCall{}, milliseconds(300)); }
  void on(Ctx& ctx, NextCall) {
    if (number >= ctx.params().calls) return;
    operation.value = ctx.invoke({"call", ++number});
    ctx.send(my_site(ctx), Call{number, !connected, failed});
    ctx.cancel_timer(ClientIdle{});
    ctx.set_timer(NoAnswer{}, milliseconds(250));
    // Three calls soon after each other, then a rest.
    ctx.set_timer(NextCall{}, milliseconds(number % 3 == 0 ? 1'500 : 300));
  }
  static NodeId my_site(Ctx& ctx) {
    const std::vector<NodeId> sites = ctx.all<Site>();
    const std::vector<NodeId> clients = ctx.all<Client>();
    if (sites.empty()) return nobody;
    const auto place = static_cast<std::size_t>(ctx.self().value - clients.front().value);
    return sites[place % sites.size()];
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    if (m.number != number || operation.value == 0) return;
    connected = true;
    ctx.set_timer(ClientIdle{}, ctx.params().client_idle_us);
    finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NoAnswer) {
    connected = false;
    ++failed;
    finish(ctx, Outcome::unknown);
  }
  void on(Ctx&, ClientIdle) { connected = false; }
  void finish(Ctx& ctx, Outcome outcome) {
    ctx.cancel_timer(NoAnswer{});
    if (operation.value != 0) ctx.complete(operation.value, outcome);
    operation.value = 0;
  }
  std::string caption(NodeNames) const {
    return failed == 0 ? ""
                       : std::to_string(failed) + (failed == 1 ? " call" : " calls") + " failed";
  }
  FIELDS(number, connected, failed, operation)
};

struct Protocol;

inline Verdict symmetric(const View<Protocol>& view);
inline Verdict few_failed(const View<Protocol>& view);
inline Verdict one_policy(const View<Protocol>& view);
inline std::int64_t failed_calls(const View<Protocol>& view);

inline constexpr std::int64_t failed_limit = 3;

struct Protocol {
  using Message = policy_rollout::Message;
  using Timer = policy_rollout::Timer;
  using Request = policy_rollout::Request;
  using Node = std::variant<Team, Site, Client>;
  using Params = policy_rollout::Params;
  static constexpr std::string_view name = "policy_rollout";
  static constexpr std::string_view title = "Policy roll-out";
  static constexpr std::string_view sentence =
      "Two teams change what the sites do, and clients call through the sites all the time.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::check>(
            "check", "A site applies no policy that does not fit what its clients do."),
        flag_parameter<&Params::staged>(
            "staged", "A change goes to one site first, and back when calls fail there."),
        flag_parameter<&Params::confirm>(
            "confirm", "A team tells a site its change until the site has confirmed it."),
        time_parameter<&Params::client_idle_us>(
            "client_idle", 0, hours(1), "How long a client keeps a connection that is idle."),
        count_parameter<&Params::calls>("calls", 0, 10'000, "Calls that each client makes."),
        time_parameter<&Params::watch_us>("watch", milliseconds(1), hours(1),
                                          "How long a team watches the first site."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "When a change that is not confirmed is told again."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"symmetric", "Who can be called can answer.", PropertyKind::always, symmetric},
        {"few_failed", "At most 3 calls fail during the roll-out.", PropertyKind::budget,
         few_failed},
        {"one_policy", "In the end all sites have the same policy.", PropertyKind::finally,
         one_policy},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {{"failed_calls", MeterUnit::count, "Calls that had no answer.", failed_calls}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return (a == "Site") != (b == "Site");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "call " + std::to_string(record.operation.key);
  }
};

inline Verdict symmetric(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Site>([&](NodeId id, const Site& site) {
    if (!site.disk.policy.answers_out && verdict.holds)
      verdict = violated(view.name(id) + " takes calls and lets no answer out.", {id});
  });
  return verdict;
}

inline std::int64_t failed_calls(const View<Protocol>& view) {
  std::int64_t sum = 0;
  view.for_each<Client>([&](NodeId, const Client& client) { sum += client.failed; });
  return sum;
}

inline Verdict few_failed(const View<Protocol>& view) {
  const std::int64_t failed = failed_calls(view);
  return measured(failed, failed_limit, std::to_string(failed) + " calls failed.");
}

inline Verdict one_policy(const View<Protocol>& view) {
  Verdict verdict = holds();
  const Site* first = nullptr;
  view.for_each<Site>([&](NodeId id, const Site& site) {
    if (first == nullptr) first = &site;
    if (!(site.disk.policy == first->disk.policy) && verdict.holds)
      verdict = violated(view.name(id) + " has another policy than the first site.", {id});
  });
  return verdict;
}

}  // namespace netsplit::policy_rollout
