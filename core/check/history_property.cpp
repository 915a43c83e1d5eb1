#include "core/check/history_property.h"

#include <algorithm>

#include "core/base/assert.h"
#include "core/check/history_of_run.h"
#include "core/check/history_picture.h"

namespace netsplit::check {
namespace {

// Of one judgement among many: each answer of a run asks for one.
constexpr JudgeLimits limits{1'000'000, 64 << 20};
constexpr std::size_t named_max = 3;

}  // namespace

Verdict judge_clients(ObjectKind object, const std::vector<OperationRecord>& records,
                      const std::function<std::string(NodeId)>& name) {
  if (records.empty()) return holds();
  const Result<History> made = history_of_run(records, {}, object);
  NETSPLIT_ASSERT(made.ok());
  const History& history = made.value();
  const Judgement judgement = judge(history, limits);
  if (judgement.ruling == Ruling::linearizable) return holds();
  if (judgement.ruling == Ruling::unknown) {
    Verdict verdict = undecided(
        "Too many operations overlap: the search for an order was given up "
        "after " +
        std::to_string(judgement.configurations) + " tries.");
    return verdict;
  }
  std::vector<std::int32_t> misfits;
  for (const PartRuling& part : judgement.parts)
    misfits.insert(misfits.end(), part.misfits.begin(), part.misfits.end());
  const auto record = [&](std::int32_t i) -> const OperationRecord& {
    return records[static_cast<std::size_t>(i)];
  };
  std::sort(misfits.begin(), misfits.end(), [&](std::int32_t a, std::int32_t b) {
    return record(a).completed_event < record(b).completed_event;
  });
  Verdict verdict = violated("No order of the operations explains ");
  for (std::size_t i = 0; i < std::min(misfits.size(), named_max); ++i) {
    const OperationRecord& one = record(misfits[i]);
    const HistoryOperation& operation = history.operations[static_cast<std::size_t>(misfits[i])];
    verdict.why +=
        (i == 0 ? "" : ", nor ") + name(one.client) + "'s " + describe(history, operation);
    verdict.events.insert(verdict.events.end(), {one.invoked_event, one.completed_event});
    const auto& nodes = verdict.nodes;
    if (std::find(nodes.begin(), nodes.end(), one.client) == nodes.end())
      verdict.nodes.push_back(one.client);
  }
  if (misfits.size() > named_max)
    verdict.why += ", nor " + std::to_string(misfits.size() - named_max) + " more";
  verdict.why += ".";
  return verdict;
}

}  // namespace netsplit::check
