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

#include <string>
#include <vector>

#include "core/protocols/policy_rollout/client.h"
#include "core/protocols/policy_rollout/properties.h"
#include "core/protocols/policy_rollout/site.h"
#include "core/protocols/policy_rollout/team.h"

namespace netsplit::policy_rollout {

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
        {"symmetric", "Who can be called can answer.", PropertyKind::always, symmetric<Protocol>},
        {"few_failed", "At most 3 calls fail during the roll-out.", PropertyKind::budget,
         few_failed<Protocol>},
        {"one_policy", "In the end all sites have the same policy.", PropertyKind::finally,
         one_policy<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"failed_calls", MeterUnit::count, "Calls that had no answer.", failed_calls<Protocol>}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return (a == "Site") != (b == "Site");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "call " + std::to_string(record.operation.key);
  }
};

}  // namespace netsplit::policy_rollout
