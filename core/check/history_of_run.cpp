#include "core/check/history_of_run.h"

#include <map>

#include "core/base/names.h"
#include "core/check/history_object.h"

namespace netsplit::check {
namespace {

// A store's values are texts: those of a run are its numbers in decimal.
void name_numbers(History& history) {
  std::map<std::int64_t, std::int64_t> places;
  const auto place = [&](std::int64_t number) {
    const auto [at, fresh] =
        places.try_emplace(number, static_cast<std::int64_t>(history.texts.size()));
    if (fresh) history.texts.push_back(number == nothing ? "" : std::to_string(number));
    return at->second;
  };
  std::map<std::int64_t, std::int64_t> keys;
  for (HistoryOperation& operation : history.operations) {
    operation.argument = place(operation.argument);
    operation.expected = place(operation.expected);
    if (operation.verb == Verb::read) operation.result = place(operation.result);
    const auto [at, fresh] =
        keys.try_emplace(operation.key, static_cast<std::int64_t>(keys.size()));
    if (fresh) history.keys.push_back(std::to_string(operation.key));
    operation.key = at->second;
  }
}

}  // namespace

Result<History> history_of_run(const std::vector<OperationRecord>& records,
                               const std::vector<std::string>& names,
                               std::optional<ObjectKind> object) {
  if (records.empty()) return Error{"no client has invoked an operation in this run"};
  History history;
  history.clients = names;
  bool keyed = false;
  for (const OperationRecord& record : records) {
    HistoryOperation made;
    std::vector<std::string> known;
    bool found = false;
    for (const auto& [name, verb] : verbs()) {
      known.push_back(name);
      if (record.operation.name == name) {
        made.verb = verb;
        found = true;
      }
    }
    if (!found) {
      return Error{"the run's operation \"" + std::string(record.operation.name) +
                   "\" belongs to no object that can be judged; " + expected_names("", known)};
    }
    made.client = record.client.value;
    made.key = record.operation.key;
    made.argument = record.operation.argument;
    made.expected = record.operation.expected;
    made.result = record.result;
    made.outcome = record.outcome == Outcome::pending ? Outcome::unknown : record.outcome;
    // Events are counted in the order they happened, which is exact where times are equal.
    made.invoked = record.invoked_event;
    made.completed = record.completed_event;
    made.line = static_cast<std::int64_t>(history.operations.size()) + 1;
    keyed = keyed || made.key != 0;
    history.operations.push_back(made);
  }
  history.object = object ? *object : guessed_object(history, keyed);
  if (const HistoryOperation* foreign = first_foreign(history))
    return Error{foreign_sentence(history, *foreign)};
  if (history.object == ObjectKind::key_value) name_numbers(history);
  return history;
}

}  // namespace netsplit::check
