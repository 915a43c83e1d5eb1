#include "core/sim/operation.h"

namespace netsplit {

std::string answer_of_object(const OperationRecord& record) {
  const std::string_view name = record.operation.name;
  if (name == "read" || name == "dequeue")
    return record.result == nothing ? "nothing" : std::to_string(record.result);
  if (name == "contains") return record.result != 0 ? "yes" : "no";
  if (name == "cas") return record.result != 0 ? "exchanged" : "not exchanged";
  return {};
}

}  // namespace netsplit
