#include "core/check/check.h"

#include <algorithm>

namespace netsplit::check {
namespace {

bool is_one_of(Action action, std::initializer_list<Action> actions) {
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

}  // namespace

Faults faults_of(const std::vector<Input>& script) {
  Faults faults;
  for (const Input& input : script) {
    if (input.action == Action::drop) ++faults.drops;
    if (input.action == Action::duplicate) ++faults.duplicates;
    if (input.action == Action::crash)
      faults.crashes += static_cast<std::uint32_t>(input.groups[0].size());
  }
  faults.drops = std::min(faults.drops, faults_max);
  faults.duplicates = std::min(faults.duplicates, faults_max);
  faults.crashes = std::min(faults.crashes, faults_max);
  return faults;
}

std::vector<std::string> left_out(const Setup& setup, const Faults& faults) {
  const auto any = [&](std::initializer_list<Action> actions) {
    return std::any_of(setup.script.begin(), setup.script.end(),
                       [&](const Input& input) { return is_one_of(input.action, actions); });
  };
  const auto any_link = [&](std::int64_t LinkSpec::*what) {
    return setup.network.link.*what != 0 ||
           std::any_of(setup.links.begin(), setup.links.end(),
                       [&](const LinkException& one) { return one.link.*what != 0; });
  };
  std::vector<std::string> sentences;
  if (any({Action::cut, Action::heal, Action::partition, Action::isolate, Action::cut_random,
           Action::link})) {
    sentences.push_back(
        "The script's cuts and partitions are not explored; as long as there are drops left, any "
        "message may be lost.");
  }
  if (any({Action::clock_step, Action::clock_drift, Action::clock_ntp}))
    sentences.push_back("The script's changes of clocks are not explored.");
  if (any({Action::alter}) || any_link(&LinkSpec::tamper_ppm))
    sentences.push_back("Messages that are altered on their way are not explored.");
  if (any_link(&LinkSpec::loss_ppm) && faults.drops == 0)
    sentences.push_back("Links lose messages by chance; this was explored without a loss.");
  if (any_link(&LinkSpec::duplicate_ppm) && faults.duplicates == 0)
    sentences.push_back("Links double messages by chance; this was explored without a copy.");
  return sentences;
}

}  // namespace netsplit::check
