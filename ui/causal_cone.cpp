#include "ui/causal_cone.h"

#include <algorithm>

namespace netsplit::ui {

void CausalCone::follow(const Trace& trace, std::uint64_t generation, std::int32_t branch,
                        EventIndex chosen) {
  if (chosen < trace.first() || chosen >= trace.size()) chosen = no_event;
  const EventIndex known = first_ + static_cast<EventIndex>(tenses_.size());
  if (chosen != chosen_ || generation != generation_ || branch != branch_ || trace.size() < known)
    choose(trace, chosen);
  generation_ = generation;
  branch_ = branch;
  if (chosen_ == no_event) return;
  const auto from_chosen = [&](EventIndex index) {
    return index >= chosen_ && leads_[static_cast<std::size_t>(index - first_)];
  };
  for (EventIndex i = first_ + static_cast<EventIndex>(tenses_.size()); i < trace.size(); ++i) {
    const Event& event = trace[i];
    const bool leads = from_chosen(event.cause) || from_chosen(event.previous);
    const bool future = trace.width() > 0 ? trace.happened_before(chosen_, i)
                                          : leads && event.stamped() && trace[chosen_].stamped();
    leads_.push_back(leads);
    future_ += future ? 1 : 0;
    tenses_.push_back(future ? Tense::future : Tense::concurrent);
  }
}

// The past; the future follows as the trace is read on. Up to vector_nodes_max nodes the stamps
// tell it, above that every event whose effect was followed back.
void CausalCone::choose(const Trace& trace, EventIndex chosen) {
  tenses_.clear();
  leads_.clear();
  past_ = future_ = 0;
  chosen_ = chosen;
  first_ = trace.first();
  if (chosen == no_event) return;
  tenses_.assign(static_cast<std::size_t>(chosen - first_ + 1), Tense::concurrent);
  std::vector<bool> causes(tenses_.size());
  causes.back() = true;
  const bool walk = trace.width() == 0;
  for (EventIndex i = chosen; walk && i >= first_; --i) {
    if (!causes[static_cast<std::size_t>(i - first_)]) continue;
    for (const EventIndex before : {trace[i].cause, trace[i].previous}) {
      if (before >= first_ && before < i) causes[static_cast<std::size_t>(before - first_)] = true;
    }
  }
  for (EventIndex i = first_; i < chosen; ++i) {
    const auto at = static_cast<std::size_t>(i - first_);
    const bool past = walk ? causes[at] && trace[i].stamped() && trace[chosen].stamped()
                           : trace.happened_before(i, chosen);
    if (!past) continue;
    tenses_[at] = Tense::past;
    ++past_;
  }
  tenses_.back() = Tense::self;
  leads_.assign(tenses_.size(), false);
  leads_.back() = true;
}

}  // namespace netsplit::ui
