#include "ui/branch_comparison.h"

#include <algorithm>
#include <chrono>

namespace netsplit::ui {

void BranchComparison::start(BranchId a, BranchId b) {
  clear();
  a_ = a;
  b_ = b;
}

void BranchComparison::advance(Timeline& timeline, double budget_ms) {
  if (a_ < 0) return;
  if (timeline.find_branch(a_) == nullptr || timeline.find_branch(b_) == nullptr) return clear();
  if (done_) {
    const bool same =
        timeline.head(a_).trace_hash() == hash_a_ && timeline.head(b_).trace_hash() == hash_b_;
    if (!same) clear();
    return;
  }
  constexpr std::uint64_t slice = 128;
  const auto begun = std::chrono::steady_clock::now();
  for (const BranchId id : {a_, b_}) {
    while (!timeline.run_branch_ahead_to(id, timeline.head(id).setup().until_us, slice)) {
      const std::chrono::duration<double, std::milli> taken =
          std::chrono::steady_clock::now() - begun;
      if (taken.count() > budget_ms) return;
    }
  }
  compare(timeline);
}

void BranchComparison::compare(const Timeline& timeline) {
  const Session& head_a = timeline.head(a_);
  const Session& head_b = timeline.head(b_);
  const Trace& trace_a = timeline.trace(a_);
  const Trace& trace_b = timeline.trace(b_);
  hash_a_ = head_a.trace_hash();
  hash_b_ = head_b.trace_hash();
  result_ = {};
  result_.difference = first_difference(trace_a, trace_b);
  if (result_.difference) {
    const TraceDifference& found = *result_.difference;
    result_.event = found.event;
    if (found.in_a) {
      result_.in_a = sentence_of(head_a, trace_a[found.event]);
      result_.in_a_us = trace_a[found.event].at_us;
    }
    if (found.in_b) {
      result_.in_b = sentence_of(head_b, trace_b[found.event]);
      result_.in_b_us = trace_b[found.event].at_us;
    }
    result_.at_us = !found.in_a   ? result_.in_b_us
                    : !found.in_b ? result_.in_a_us
                                  : std::min(result_.in_a_us, result_.in_b_us);
  }
  const auto& a = head_a.properties();
  const auto& b = head_b.properties();
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    // Runs of two protocols have no property in common.
    if (a[i].name != b[i].name) continue;
    if (a[i].standing == b[i].standing)
      ++result_.same_verdicts;
    else
      result_.verdicts.push_back(
          {a[i].name, a[i].standing, b[i].standing, a[i].first_us, b[i].first_us});
  }
  done_ = true;
}

}  // namespace netsplit::ui
