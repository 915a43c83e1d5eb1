// The objects that histories are about: their names, the names of their operations, and which
// object a history speaks of.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/check/linearizability.h"

namespace netsplit::check {

// "register", "cas-register", "key-value", "lock", "set", "queue".
std::string name_of_object(ObjectKind object);

// What operations are called in files and in runs; several names may mean the same.
const std::vector<std::pair<std::string, Verb>>& verbs();

// The object that the operations speak of. `keyed`: they name keys.
ObjectKind guessed_object(const History& history, bool keyed);

// The first operation that the history's object does not have; null when there is none.
const HistoryOperation* first_foreign(const History& history);
std::string foreign_sentence(const History& history, const HistoryOperation& operation);

}  // namespace netsplit::check
