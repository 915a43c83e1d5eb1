// The outcome of work on input from outside: a value, or one sentence that says what was found,
// where, and what was expected. No exception crosses a module's edge.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/base/assert.h"

namespace netsplit {

struct Error {
  std::string message;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Error error) : error_(std::move(error.message)) {}

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }

  // Requires: ok().
  const T& value() const& {
    NETSPLIT_ASSERT(ok());
    return *value_;
  }
  T& value() & {
    NETSPLIT_ASSERT(ok());
    return *value_;
  }
  T&& value() && {
    NETSPLIT_ASSERT(ok());
    return std::move(*value_);
  }

  // Requires: !ok().
  const std::string& error() const {
    NETSPLIT_ASSERT(!ok());
    return error_;
  }

 private:
  std::optional<T> value_;
  std::string error_;
};

// Work that yields nothing but may fail.
struct Done {};
using Status = Result<Done>;

}  // namespace netsplit
