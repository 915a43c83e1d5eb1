// What each way of going on keeps.
#pragma once

#include <algorithm>
#include <string>

#include "core/protocols/payments/branch.h"
#include "core/sim/view.h"

namespace netsplit::payments {

// Always: in each branch the accounts together hold what they held at first.
template <class P>
Verdict conserved(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Branch>([&](NodeId id, const Branch& branch) {
    std::int64_t sum = 0;
    for (const auto& [account, amount] : branch.balances(branch.commit)) sum += amount;
    if (sum == accounts * opening || !verdict.holds || branch.disk.totals.empty()) return;
    verdict = violated(view.name(id) + " has " + std::to_string(sum) + " on all accounts, of " +
                           std::to_string(accounts * opening) + ".",
                       {id});
  });
  return verdict;
}

// Always: no account is below zero.
template <class P>
Verdict never_overdrawn(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Branch>([&](NodeId id, const Branch& branch) {
    for (const auto& [account, amount] : branch.balances(branch.commit)) {
      if (amount >= 0 || !verdict.holds) continue;
      verdict = violated(view.name(id) + " has " + std::to_string(amount) + " on account " +
                             std::to_string(account) + ".",
                         {id});
    }
  });
  return verdict;
}

// Finally: all branches tell the same balances.
template <class P>
Verdict converged(const View<P>& view) {
  return of_every_two<Branch>(view, [](const Branch& one, const Branch& other) -> std::string {
    return one.balances(one.commit) == other.balances(other.commit) ? ""
                                                                    : "tell different balances.";
  });
}

// Of the branch that is furthest off: what is too much or too little in all, and below zero.
template <class P>
std::int64_t money_wrong(const View<P>& view) {
  std::int64_t most = 0;
  view.template for_each<Branch>([&](NodeId, const Branch& branch) {
    std::int64_t off = -accounts * opening;
    std::int64_t overdrawn = 0;
    for (const auto& [account, amount] : branch.balances(branch.commit)) {
      off += amount;
      overdrawn += std::max<std::int64_t>(0, -amount);
    }
    most = std::max(most, (off < 0 ? -off : off) + overdrawn);
  });
  return most;
}

}  // namespace netsplit::payments
