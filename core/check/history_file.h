// Reads recorded histories: Jepsen's EDN maps and Jepsen's log lines, as in the test data of etcd
// and of key-value stores that other checkers use.
//
//   {:process 0, :type :invoke, :f :write, :value 3}            one map a line, or a list of maps
//   {:process 0, :type :ok, :f :append, :key "0", :value "x"}
//   INFO  jepsen.util - 2 \t :invoke \t :write \t 4                  process, type, function, value
//
// Types are :invoke, :ok, :fail and :info (nobody knows). An invocation without an answer counts as
// :info. Functions are :read/:get, :write/:put, :append, :cas (value [old new]), :acquire/:lock,
// :release/:unlock, :add, :remove, :contains, :enqueue, :dequeue. For a store a value [key value]
// names a key too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/check/linearizability.h"

namespace netsplit::check {

// The object is guessed from the functions unless given. Places are line numbers of the file.
// Errors: start with `where:line:` and say what was found and what was expected.
Result<History> read_history(std::string_view text, std::string_view where,
                             std::optional<ObjectKind> object = std::nullopt);

}  // namespace netsplit::check
