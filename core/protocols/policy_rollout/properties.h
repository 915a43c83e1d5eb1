// Whether what the teams did was good for those who call.
#pragma once

#include <string>

#include "core/protocols/policy_rollout/client.h"
#include "core/protocols/policy_rollout/site.h"
#include "core/protocols/policy_rollout/team.h"
#include "core/sim/view.h"

namespace netsplit::policy_rollout {

inline constexpr std::int64_t failed_limit = 3;

template <class P>
Verdict symmetric(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Site>([&](NodeId id, const Site& site) {
    if (!site.disk.policy.answers_out && verdict.holds)
      verdict = violated(view.name(id) + " takes calls and lets no answer out.", {id});
  });
  return verdict;
}

template <class P>
std::int64_t failed_calls(const View<P>& view) {
  std::int64_t sum = 0;
  view.template for_each<Client>([&](NodeId, const Client& client) { sum += client.failed; });
  return sum;
}

template <class P>
Verdict few_failed(const View<P>& view) {
  const std::int64_t failed = failed_calls(view);
  return measured(failed, failed_limit, std::to_string(failed) + " calls failed.");
}

template <class P>
Verdict one_policy(const View<P>& view) {
  Verdict verdict = holds();
  const Site* first = nullptr;
  view.template for_each<Site>([&](NodeId id, const Site& site) {
    if (first == nullptr) first = &site;
    if (!(site.disk.policy == first->disk.policy) && verdict.holds)
      verdict = violated(view.name(id) + " has another policy than the first site.", {id});
  });
  return verdict;
}

}  // namespace netsplit::policy_rollout
