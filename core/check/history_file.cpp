#include "core/check/history_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/names.h"
#include "core/check/edn.h"
#include "core/check/history_object.h"

namespace netsplit::check {
namespace {

constexpr std::size_t operations_max = 1'000'000;

// One line of a history, before invocations are joined with their answers.
struct Moment {
  bool client = true;  // otherwise the one who breaks things: no operation
  std::int64_t process = 0;
  std::string type;
  std::string function;
  Datum key;
  Datum value;
  std::int64_t line = 0;
};

class Builder {
 public:
  Builder(const EdnReader& reader, std::optional<ObjectKind> object)
      : reader_(reader), given_(object) {}

  Status add(const Moment& moment);
  Result<History> finish();

 private:
  Status begin(const Moment& moment, Verb verb);
  Status end(const Moment& moment, HistoryOperation& operation);
  Result<std::int64_t> number(const Datum& value, std::int64_t line) {
    if (value.kind == Datum::Kind::nil) return nothing;
    if (value.kind == Datum::Kind::integer || value.kind == Datum::Kind::boolean)
      return value.integer;
    return reader_.fault(line, "expected a whole number or nil, found " + shown(value));
  }
  std::int64_t text_number(const Datum& value) {
    const std::string text = value.kind == Datum::Kind::text || value.kind == Datum::Kind::keyword
                                 ? value.text
                             : value.kind == Datum::Kind::nil ? std::string()
                                                              : shown(value);
    const auto [at, fresh] =
        texts_.try_emplace(text, static_cast<std::int64_t>(history_.texts.size()));
    if (fresh) history_.texts.push_back(text);
    return at->second;
  }
  std::int64_t key_number(const Datum& key) {
    const std::string name = shown(key);
    const auto [at, fresh] = keys_.try_emplace(name, static_cast<std::int64_t>(keys_.size()));
    if (fresh) history_.keys.push_back(name);
    return at->second;
  }
  std::int32_t client_number(std::int64_t process) {
    const auto [at, fresh] =
        clients_.try_emplace(process, static_cast<std::int32_t>(clients_.size()));
    if (fresh) history_.clients.push_back("process " + std::to_string(process));
    return at->second;
  }

  const EdnReader& reader_;
  std::optional<ObjectKind> given_;
  History history_;
  std::map<std::int64_t, std::size_t> pending_;  // by process
  std::map<std::string, std::int64_t> texts_;
  std::map<std::string, std::int64_t> keys_;
  std::map<std::int64_t, std::int32_t> clients_;
  std::int64_t place_ = 0;
  bool keyed_ = false;
  std::int64_t keyless_line_ = 0;  // of the first operation without a key; 0: all have one
};

Status Builder::add(const Moment& moment) {
  ++place_;
  if (history_.operations.size() >= operations_max) {
    return reader_.fault(moment.line,
                         "more than " + std::to_string(operations_max) + " operations");
  }
  const auto open = pending_.find(moment.process);
  const std::string process = "process " + std::to_string(moment.process);
  if (moment.type == "invoke") {
    if (open != pending_.end()) {
      return reader_.fault(
          moment.line, process + " begins an operation before its last one (line " +
                           std::to_string(history_.operations[open->second].line) + ") has ended");
    }
    std::vector<std::string> known;
    for (const auto& [name, verb] : verbs()) {
      if (name == moment.function) return begin(moment, verb);
      known.push_back(name);
    }
    return reader_.fault(moment.line, "there is no function \":" + moment.function + "\"; " +
                                          expected_names(moment.function, known));
  }
  if (moment.type != "ok" && moment.type != "fail" && moment.type != "info") {
    return reader_.fault(
        moment.line, "\":" + moment.type + "\" is no type; expected :invoke, :ok, :fail or :info");
  }
  if (open == pending_.end()) {
    return reader_.fault(moment.line, process + " ends an operation that it never began");
  }
  HistoryOperation& operation = history_.operations[open->second];
  pending_.erase(open);
  return end(moment, operation);
}

Status Builder::begin(const Moment& moment, Verb verb) {
  HistoryOperation operation;
  operation.client = client_number(moment.process);
  operation.verb = verb;
  operation.outcome = Outcome::unknown;
  operation.invoked = place_;
  operation.line = moment.line;
  Datum value = moment.value;
  if (moment.key.kind != Datum::Kind::nil) {
    operation.key = key_number(moment.key);
    keyed_ = true;
  } else if (given_ == ObjectKind::key_value && value.kind == Datum::Kind::list &&
             value.items.size() == 2) {
    operation.key = key_number(value.items[0]);
    const Datum inner = value.items[1];
    value = inner;
    keyed_ = true;
  } else if (keyless_line_ == 0) {
    keyless_line_ = moment.line;
  }
  if (verb == Verb::cas) {
    if (value.kind != Datum::Kind::list || value.items.size() != 2) {
      return reader_.fault(moment.line, "a :cas needs the value [old new], found " + shown(value));
    }
    if (keyed_) {
      operation.expected = text_number(value.items[0]);
      operation.argument = text_number(value.items[1]);
      pending_[moment.process] = history_.operations.size();
      history_.operations.push_back(operation);
      return Done{};
    }
    const Result<std::int64_t> from = number(value.items[0], moment.line);
    const Result<std::int64_t> to = number(value.items[1], moment.line);
    if (!from) return Error{from.error()};
    if (!to) return Error{to.error()};
    operation.expected = from.value();
    operation.argument = to.value();
  } else if (keyed_ || verb == Verb::append) {
    operation.argument = text_number(value);
  } else if (verb != Verb::read && verb != Verb::dequeue && verb != Verb::acquire &&
             verb != Verb::release) {
    const Result<std::int64_t> argument = number(value, moment.line);
    if (!argument) return Error{argument.error()};
    operation.argument = argument.value();
  }
  pending_[moment.process] = history_.operations.size();
  history_.operations.push_back(operation);
  return Done{};
}

Status Builder::end(const Moment& moment, HistoryOperation& operation) {
  operation.completed = place_;
  if (moment.type == "info") return Done{};
  // A read that failed saw nothing; a compare-and-set that failed saw another value.
  if (moment.type == "fail") {
    const bool answered = operation.verb == Verb::cas && moment.value.kind != Datum::Kind::keyword;
    operation.outcome = answered ? Outcome::ok : Outcome::failed;
    operation.result = 0;
    return Done{};
  }
  operation.outcome = Outcome::ok;
  if (operation.verb == Verb::cas || operation.verb == Verb::contains) {
    operation.result = moment.value.kind == Datum::Kind::boolean ? moment.value.integer : 1;
  } else if (operation.verb == Verb::read || operation.verb == Verb::dequeue) {
    Datum value = moment.value;
    if (keyed_ && value.kind == Datum::Kind::list && value.items.size() == 2) {
      const Datum inner = value.items[1];
      value = inner;
    }
    if (keyed_) {
      operation.result = text_number(value);
      return Done{};
    }
    const Result<std::int64_t> result = number(value, moment.line);
    if (!result) return Error{result.error()};
    operation.result = result.value();
  }
  return Done{};
}

Result<History> Builder::finish() {
  if (history_.operations.empty()) return reader_.fault(1, "there is no operation in this file");
  history_.object = given_ ? *given_ : guessed_object(history_, keyed_);
  if (const HistoryOperation* foreign = first_foreign(history_))
    return reader_.fault(foreign->line, foreign_sentence(history_, *foreign));
  // With a key values are texts, without one they are numbers: the two cannot be compared.
  if (history_.object == ObjectKind::key_value && keyless_line_ != 0)
    return reader_.fault(keyless_line_, "an operation on a store needs a :key, this one has none");
  return std::move(history_);
}

// `INFO  jepsen.util - 2 \t :invoke \t :write \t 4`: what stands after the dash is four values.
Result<Moment> moment_of_log(const EdnReader& reader, std::string_view line, std::string_view where,
                             std::int64_t number) {
  const std::size_t dash = line.find(" - ");
  Moment moment;
  moment.line = number;
  EdnReader words(line.substr(dash + 3), where);
  std::array<Datum, 4> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!words.more()) {
      if (i == 3) break;
      return reader.fault(number,
                          "the line ends early; expected process, type, function and value");
    }
    Result<Datum> part = words.datum();
    if (!part) return reader.fault(number, "expected process, type, function and value");
    parts[i] = std::move(part).value();
  }
  moment.client = parts[0].kind != Datum::Kind::keyword;
  if (moment.client && parts[0].kind != Datum::Kind::integer) {
    return reader.fault(number, "expected a process number, found " + shown(parts[0]));
  }
  moment.process = parts[0].integer;
  moment.type = parts[1].text;
  moment.function = parts[2].text;
  moment.value = parts[3];
  return moment;
}

Result<Moment> moment_of_map(const EdnReader& reader, const Datum& map) {
  Moment moment;
  moment.line = map.line;
  if (map.kind != Datum::Kind::map)
    return reader.fault(map.line, "expected a map {…}, found " + shown(map));
  const Datum* process = map.find("process");
  if (process != nullptr && process->kind == Datum::Kind::keyword) {
    moment.client = false;
    return moment;
  }
  if (process == nullptr || process->kind != Datum::Kind::integer) {
    return reader.fault(map.line, "expected a :process with a whole number");
  }
  moment.process = process->integer;
  for (auto [key, field] : {std::pair("type", &moment.type), std::pair("f", &moment.function)}) {
    const Datum* word = map.find(key);
    if (word == nullptr || word->kind != Datum::Kind::keyword) {
      return reader.fault(map.line, std::string("expected a keyword under :") + key);
    }
    *field = word->text;
  }
  if (const Datum* key = map.find("key")) moment.key = *key;
  if (const Datum* value = map.find("value")) moment.value = *value;
  return moment;
}

}  // namespace

Result<History> read_history(std::string_view text, std::string_view where,
                             std::optional<ObjectKind> object) {
  EdnReader reader(text, where);
  Builder builder(reader, object);
  while (reader.more()) {
    std::vector<Moment> moments;
    if (reader.peek() == '{' || reader.peek() == '[') {
      Result<Datum> datum = reader.datum();
      if (!datum) return Error{datum.error()};
      std::vector<Datum> maps;
      if (datum.value().kind == Datum::Kind::list) {
        maps = std::move(datum.value().items);
      } else {
        maps.push_back(std::move(datum).value());
      }
      for (const Datum& map : maps) {
        Result<Moment> moment = moment_of_map(reader, map);
        if (!moment) return Error{moment.error()};
        moments.push_back(std::move(moment).value());
      }
    } else {
      const std::int64_t number = reader.line();
      const std::string_view line = reader.take_line();
      if (line.find(" - ") == std::string_view::npos) {
        return reader.fault(
            number, "expected a map {:process …} or a log line \"… - 0 :invoke :read nil\"");
      }
      // Logs also speak of other things than operations.
      if (line.find(":invoke") == std::string_view::npos &&
          line.find(":ok") == std::string_view::npos &&
          line.find(":fail") == std::string_view::npos &&
          line.find(":info") == std::string_view::npos) {
        continue;
      }
      Result<Moment> moment = moment_of_log(reader, line, where, number);
      if (!moment) return Error{moment.error()};
      moments.push_back(std::move(moment).value());
    }
    for (const Moment& moment : moments) {
      if (!moment.client) continue;
      const Status added = builder.add(moment);
      if (!added) return Error{added.error()};
    }
  }
  return builder.finish();
}

}  // namespace netsplit::check
