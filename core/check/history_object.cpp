#include "core/check/history_object.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/base/names.h"

namespace netsplit::check {

std::string name_of_object(ObjectKind object) {
  constexpr std::array<std::string_view, 6> names{"register", "cas-register", "key-value",
                                                  "lock",     "set",          "queue"};
  return std::string(names[static_cast<std::size_t>(object)]);
}

const std::vector<std::pair<std::string, Verb>>& verbs() {
  static const std::vector<std::pair<std::string, Verb>> known{
      {"read", Verb::read},         {"get", Verb::read},        {"write", Verb::write},
      {"put", Verb::write},         {"append", Verb::append},   {"cas", Verb::cas},
      {"acquire", Verb::acquire},   {"lock", Verb::acquire},    {"release", Verb::release},
      {"unlock", Verb::release},    {"add", Verb::add},         {"remove", Verb::remove},
      {"contains", Verb::contains}, {"enqueue", Verb::enqueue}, {"dequeue", Verb::dequeue}};
  return known;
}

ObjectKind guessed_object(const History& history, bool keyed) {
  const auto uses = [&](std::initializer_list<Verb> some) {
    for (const HistoryOperation& operation : history.operations) {
      if (std::find(some.begin(), some.end(), operation.verb) != some.end()) return true;
    }
    return false;
  };
  if (keyed || uses({Verb::append})) return ObjectKind::key_value;
  if (uses({Verb::acquire, Verb::release})) return ObjectKind::lock;
  if (uses({Verb::enqueue, Verb::dequeue})) return ObjectKind::queue;
  if (uses({Verb::add, Verb::remove, Verb::contains})) return ObjectKind::set;
  return uses({Verb::cas}) ? ObjectKind::cas_register : ObjectKind::reg;
}

const HistoryOperation* first_foreign(const History& history) {
  constexpr std::array<std::array<Verb, 4>, 6> understood{
      {{Verb::read, Verb::write, Verb::write, Verb::write},
       {Verb::read, Verb::write, Verb::cas, Verb::cas},
       {Verb::read, Verb::write, Verb::append, Verb::cas},
       {Verb::acquire, Verb::release, Verb::release, Verb::release},
       {Verb::add, Verb::remove, Verb::contains, Verb::contains},
       {Verb::enqueue, Verb::dequeue, Verb::dequeue, Verb::dequeue}}};
  const auto& verbs = understood[static_cast<std::size_t>(history.object)];
  for (const HistoryOperation& operation : history.operations) {
    if (std::find(verbs.begin(), verbs.end(), operation.verb) == verbs.end()) return &operation;
  }
  return nullptr;
}

std::string foreign_sentence(const History& history, const HistoryOperation& operation) {
  return "\"" + std::string(enumerator_name_of(operation.verb)) + "\" is nothing that a " +
         name_of_object(history.object) + " can do";
}

}  // namespace netsplit::check
