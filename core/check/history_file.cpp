#include "core/check/history_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/names.h"

namespace netsplit::check {
namespace {

constexpr std::size_t operations_max = 1'000'000;
constexpr std::size_t sentence_bytes_max = 400;

// A value of extensible data notation, as far as histories use it.
struct Datum {
  enum class Kind : std::uint8_t {
    nil,
    boolean,
    integer,
    text,
    keyword,
    list,
    map
  } kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text;          // of texts and keywords, these without their colon
  std::vector<Datum> items;  // of lists; of maps, keys and values in turn
  std::int64_t line = 0;

  const Datum* find(std::string_view key) const {
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (items[i].kind == Kind::keyword && items[i].text == key) return &items[i + 1];
    }
    return nullptr;
  }
};

std::string shown(const Datum& datum) {
  switch (datum.kind) {
    case Datum::Kind::nil:
      return "nil";
    case Datum::Kind::boolean:
      return datum.integer != 0 ? "true" : "false";
    case Datum::Kind::integer:
      return std::to_string(datum.integer);
    case Datum::Kind::text:
      return "\"" + datum.text.substr(0, 40) + "\"";
    case Datum::Kind::keyword:
      return ":" + datum.text.substr(0, 40);
    case Datum::Kind::list:
      return "a list";
    case Datum::Kind::map:
      return "a map";
  }
  return {};
}

class Reader {
 public:
  Reader(std::string_view text, std::string_view where) : rest_(text), where_(where) {}

  std::int64_t line() const { return line_; }
  // What is quoted from the file may hold anything, at any length.
  Error fault(std::int64_t line, std::string what) const {
    for (char& c : what) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    if (what.size() > sentence_bytes_max) what = what.substr(0, sentence_bytes_max) + " …";
    return Error{std::string(where_) + ":" + std::to_string(line) + ": " + what};
  }
  Error fault(const std::string& what) const { return fault(line_, what); }

  // Skips white space, commas and comments; false at the end.
  bool more() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == ';') {
        while (!rest_.empty() && rest_.front() != '\n') rest_.remove_prefix(1);
      } else if (c == ' ' || c == '\t' || c == '\r' || c == ',' || c == '\n') {
        take();
      } else {
        return true;
      }
    }
    return false;
  }
  char peek() const { return rest_.front(); }
  // The rest of the present line, which is taken.
  std::string_view take_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return line;
  }

  Result<Datum> datum(int depth = 0) {
    if (depth > 16) return fault("lists and maps are nested more than 16 deep");
    if (!more()) return fault("the file ends in the middle of a value");
    Datum made;
    made.line = line_;
    const char c = rest_.front();
    if (c == '{' || c == '[' || c == '(') return collection(std::move(made), c, depth);
    if (c == '#' && rest_.size() > 1 && rest_[1] == '{') {
      take();
      return collection(std::move(made), '{', depth);
    }
    if (c == '"') return quoted(std::move(made));
    return atom(std::move(made));
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '\n') ++line_;
    return c;
  }
  Result<Datum> collection(Datum made, char open, int depth) {
    const char close = open == '{' ? '}' : open == '[' ? ']' : ')';
    made.kind = open == '{' ? Datum::Kind::map : Datum::Kind::list;
    take();
    while (true) {
      if (!more())
        return fault(made.line,
                     std::string("\"") + open + "\" is never closed; expected \"" + close + "\"");
      if (rest_.front() == close) break;
      Result<Datum> item = datum(depth + 1);
      if (!item) return item;
      made.items.push_back(std::move(item).value());
    }
    take();
    return made;
  }
  Result<Datum> quoted(Datum made) {
    made.kind = Datum::Kind::text;
    take();
    while (!rest_.empty() && rest_.front() != '"') {
      char c = take();
      if (c == '\\' && !rest_.empty()) {
        c = take();
        if (c == 'n') c = '\n';
        if (c == 't') c = '\t';
      }
      made.text += c;
    }
    if (rest_.empty()) return fault(made.line, "a text is never closed; expected '\"'");
    take();
    return made;
  }
  Result<Datum> atom(Datum made) {
    constexpr std::string_view ends = " \t\r\n,{}[]()\"";
    const std::size_t end = std::min(rest_.find_first_of(ends), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    if (end == 0)
      return fault(std::string("\"") + rest_.front() + "\" stands where a value was expected");
    rest_.remove_prefix(end);
    if (word == "nil") return made;
    if (word == "true" || word == "false") {
      made.kind = Datum::Kind::boolean;
      made.integer = word == "true" ? 1 : 0;
    } else if (word.front() == ':') {
      made.kind = Datum::Kind::keyword;
      made.text = word.substr(1);
    } else {
      const auto [stop, error] =
          std::from_chars(word.data(), word.data() + word.size(), made.integer);
      if (error == std::errc() && stop == word.data() + word.size()) {
        made.kind = Datum::Kind::integer;
      } else {
        made.kind = Datum::Kind::keyword;
        made.text = word;
      }
    }
    return made;
  }

  std::string_view rest_;
  std::string_view where_;
  std::int64_t line_ = 1;
};

const std::vector<std::pair<std::string, Verb>>& verbs() {
  static const std::vector<std::pair<std::string, Verb>> known{
      {"read", Verb::read},         {"get", Verb::read},        {"write", Verb::write},
      {"put", Verb::write},         {"append", Verb::append},   {"cas", Verb::cas},
      {"acquire", Verb::acquire},   {"lock", Verb::acquire},    {"release", Verb::release},
      {"unlock", Verb::release},    {"add", Verb::add},         {"remove", Verb::remove},
      {"contains", Verb::contains}, {"enqueue", Verb::enqueue}, {"dequeue", Verb::dequeue}};
  return known;
}

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
  Builder(const Reader& reader, std::optional<ObjectKind> object)
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

  const Reader& reader_;
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

// The object that the operations speak of, unless one was given.
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

// The first operation that the history's object does not have; null when there is none.
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
Result<Moment> moment_of_log(const Reader& reader, std::string_view line, std::string_view where,
                             std::int64_t number) {
  const std::size_t dash = line.find(" - ");
  Moment moment;
  moment.line = number;
  Reader words(line.substr(dash + 3), where);
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

Result<Moment> moment_of_map(const Reader& reader, const Datum& map) {
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

std::string name_of_object(ObjectKind object) {
  constexpr std::array<std::string_view, 6> names{"register", "cas-register", "key-value",
                                                  "lock",     "set",          "queue"};
  return std::string(names[static_cast<std::size_t>(object)]);
}

Result<History> read_history(std::string_view text, std::string_view where,
                             std::optional<ObjectKind> object) {
  Reader reader(text, where);
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
