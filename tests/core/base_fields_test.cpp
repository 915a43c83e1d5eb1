#include <doctest/doctest.h>

#include "core/base/encode.h"
#include "core/base/inspect.h"

namespace netsplit::test::base_fields_test {
namespace {

enum class Colour : std::uint8_t { red, green, dark_blue };

struct Empty {
  FIELDS_NONE
};

struct Inner {
  Epoch term;
  Time after_us = 0;
  FIELDS(term, after_us)
};

struct Outer {
  std::int32_t number = 0;
  std::uint8_t small = 0;
  std::uint64_t large = 0;
  bool flag = false;
  Colour colour{};
  NodeId node;
  Token token;
  std::string text;
  std::optional<Inner> maybe;
  std::vector<Inner> list;
  std::array<std::int16_t, 2> pair{};
  std::set<std::int64_t> set;
  std::map<std::int64_t, std::string> map;
  std::variant<Empty, Inner> either;
  Hidden<std::int64_t> secret;
  FIELDS(number, small, large, flag, colour, node, token, text, maybe, list, pair, set, map, either,
         secret)
};

struct Nested {
  Inner inner;
  FIELDS(inner)
};

Outer example() {
  Outer outer;
  outer.number = -7;
  outer.small = 255;
  outer.large = UINT64_MAX;
  outer.flag = true;
  outer.colour = Colour::dark_blue;
  outer.node = NodeId{2};
  outer.token = Token{33};
  outer.text = std::string("a\0b", 3);
  outer.maybe = Inner{Epoch{4}, seconds(5)};
  outer.list = {Inner{Epoch{1}, 0}, Inner{Epoch{2}, INT64_MIN}};
  outer.pair = {-1, 32767};
  outer.set = {5, -5, 0};
  outer.map = {{1, "one"}, {-2, ""}};
  outer.either = Inner{Epoch{9}, 9};
  outer.secret.value = 99;
  return outer;
}

// Every field changed, one at a time.
std::vector<Outer> variations() {
  std::vector<Outer> all;
  const auto vary = [&](auto change) {
    Outer outer = example();
    change(outer);
    all.push_back(std::move(outer));
  };
  vary([](Outer& o) { o.number = 7; });
  vary([](Outer& o) { o.small = 254; });
  vary([](Outer& o) { o.large = 0; });
  vary([](Outer& o) { o.flag = false; });
  vary([](Outer& o) { o.colour = Colour::green; });
  vary([](Outer& o) { o.node = nobody; });
  vary([](Outer& o) { o.token = Token{34}; });
  vary([](Outer& o) { o.text = "ab"; });
  vary([](Outer& o) { o.maybe.reset(); });
  vary([](Outer& o) { o.list.pop_back(); });
  vary([](Outer& o) { std::swap(o.list[0], o.list[1]); });
  vary([](Outer& o) { o.pair[0] = 0; });
  vary([](Outer& o) { o.set.insert(6); });
  vary([](Outer& o) { o.map[1] = "eins"; });
  vary([](Outer& o) { o.either = Empty{}; });
  vary([](Outer& o) { o.secret.value = 98; });
  return all;
}

}  // namespace

TEST_CASE("fields: equality, hash and bytes see every field, hidden ones too") {
  const Outer base = example();
  CHECK(base == example());
  CHECK(hash_of(base) == hash_of(example()));
  CHECK(bytes_of(base) == bytes_of(example()));
  for (const Outer& other : variations()) {
    CHECK_FALSE(other == base);
    CHECK(hash_of(other) != hash_of(base));
    CHECK(bytes_of(other) != bytes_of(base));
  }
}

TEST_CASE("fields: a value comes back from its bytes, and their number is known beforehand") {
  std::vector<Outer> all = variations();
  all.push_back(example());
  all.push_back(Outer{});
  for (const Outer& outer : all) {
    const std::string bytes = bytes_of(outer);
    CHECK(value_of<Outer>(bytes) == outer);
    CHECK(size_in_bytes(outer) == static_cast<std::int64_t>(bytes.size()));
  }
}

TEST_CASE("fields: bytes and hashes are the same on every compiler") {
  std::string hex;
  for (const char c : bytes_of(example())) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789abcdef"[c & 15];
  }
  CHECK(hex ==
        "0dff01ffffffffffffffffff01010204420361006201088"
        "0ade20402020004ffffffffffffffffff0101feff0303090"
        "00a02030002036f6e65011212c601");
  CHECK(format_hash(hash_of(example())) == "58c30fd1b438d9ce");
}

TEST_CASE("fields: bytes that were cut off are refused") {
  const std::string bytes = bytes_of(example());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ByteReader reader(std::string_view(bytes).substr(0, length));
    Outer outer;
    CHECK_FALSE(decode(reader, outer));
  }
}

TEST_CASE("fields: no bytes crash the decoder, and what it takes has one spelling of its numbers") {
  Rng rng(5, 0, 0);
  const std::string sound = bytes_of(example());
  int taken = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string bytes = sound;
    for (std::uint32_t n = 1 + rng.below(3); n > 0; --n) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      switch (rng.below(4)) {
        case 0:
          bytes[at] = static_cast<char>(rng.below(256));
          break;
        case 1:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                       static_cast<char>(rng.below(256)));
          break;
        case 2:
          bytes.erase(at, 1 + rng.below(4));
          break;
        default:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8)));
      }
      if (bytes.empty()) bytes = "\x80";
    }
    ByteReader reader(bytes);
    Outer outer;
    if (!decode(reader, outer) || reader.remaining() != 0) continue;
    ++taken;
    // Sets and maps may come in another order; the value they make is written in one.
    REQUIRE(value_of<Outer>(bytes_of(outer)) == outer);
  }
  CHECK(taken > 100);
}

TEST_CASE("fields: a number has one spelling in bytes") {
  const auto refused = [](std::string bytes) {
    ByteReader reader(bytes);
    std::uint64_t value = 0;
    return !decode(reader, value);
  };
  CHECK_FALSE(refused(std::string("\0", 1)));
  CHECK(refused(std::string("\x80\0", 2)));                          // 0 again
  CHECK(refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));        // beyond 64 bits
  CHECK_FALSE(refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));  // 2^64 - 1
  CHECK(refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));    // eleven bytes
  CHECK(refused(""));
  const auto decodes = []<class T>(T value, std::uint64_t bits) {
    ByteWriter writer;
    writer.integer(bits);
    ByteReader reader(writer.bytes);
    return decode(reader, value);
  };
  CHECK(decodes(std::uint8_t{}, 255));
  CHECK_FALSE(decodes(std::uint8_t{}, 256));
  CHECK(decodes(std::int8_t{}, zigzag(-128)));
  CHECK_FALSE(decodes(std::int8_t{}, zigzag(-129)));
  CHECK_FALSE(decodes(bool{}, 2));
  CHECK_FALSE(decodes(Colour{}, 256));
  CHECK_FALSE(decodes(std::optional<std::int64_t>{}, 2));
  CHECK_FALSE(decodes(std::variant<Empty, Inner>{}, 2));
  CHECK_FALSE(decodes(std::vector<std::int64_t>{}, UINT64_MAX));  // and allocates nothing
  CHECK_FALSE(decodes(std::set<std::int64_t>{}, UINT64_MAX));
  CHECK_FALSE(decodes(std::map<std::int64_t, std::int64_t>{}, 1));
  for (const std::int64_t value : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
    CHECK(unzigzag(zigzag(value)) == value);
  }
}

TEST_CASE("inspect: rows carry names, hints, numbers and texts") {
  const std::vector<std::string> names{"alice", "bob", "carl"};
  const Row row = inspect("state", example(), names);
  CHECK(row.hint == Hint::group);
  REQUIRE(row.children.size() == 14);  // the hidden field is not shown
  const auto expect = [&](std::size_t at, std::string_view name, Hint hint, std::string_view text,
                          std::int64_t number) {
    CAPTURE(std::string(name));
    CHECK(row.children[at].name == name);
    CHECK(row.children[at].hint == hint);
    CHECK(row.children[at].text == text);
    CHECK(row.children[at].number == number);
  };
  expect(0, "number", Hint::number, "-7", -7);
  expect(1, "small", Hint::number, "255", 255);
  expect(3, "flag", Hint::flag, "yes", 1);
  expect(4, "colour", Hint::choice, "dark blue", 2);
  expect(5, "node", Hint::node, "carl", 2);
  expect(6, "token", Hint::token, "33", 33);
  expect(9, "list", Hint::list, "", 2);
  expect(10, "pair", Hint::list, "", 2);
  const Row& maybe = row.children[8];
  CHECK(maybe.name == "maybe");
  CHECK(maybe.hint == Hint::group);
  CHECK(maybe.children[0].hint == Hint::epoch);
  CHECK(maybe.children[0].text == "4");
  CHECK(maybe.children[1].hint == Hint::time);
  CHECK(maybe.children[1].text == "5.000 s");
  CHECK(row.children[12].children[0].name == "-2");
  CHECK(row.children[12].children[1].text == "\"one\"");
  CHECK(row.children[13].children[0].text == "9");

  const Row blank = inspect("state", Outer{}, names);
  CHECK(blank.children[5].text == "nobody");
  CHECK(blank.children[6].text == "none");
  CHECK(blank.children[8].text == "none");
  CHECK(blank.children[9].text == "empty");
  CHECK(blank.children[12].text == "empty");
  CHECK(name_of(NodeId{7}, names) == "node 7");
}

struct Entry {
  Epoch term;
  std::string value;
  FIELDS(term, value)
};
struct Replica {
  struct Disk {
    Epoch term;
    Log<Entry> log;
    FIELDS(term, log)
  } disk;
  LogIndex commit;
  Lock<NodeId> lock;
  std::map<std::string, Lock<Token>> locks;
  FIELDS(disk, commit, lock, locks)
};

TEST_CASE("hinted: a log counts from 1, is cut from behind and dropped from the front") {
  Log<Entry> log;
  CHECK(log.last() == LogIndex{0});
  CHECK_FALSE(log.has(LogIndex{0}));
  CHECK(log.append({Epoch{1}, "x"}) == LogIndex{1});
  log.append({Epoch{1}, "y"});
  log.append({Epoch{2}, "z"});
  CHECK(log[LogIndex{2}].value == "y");
  log.cut_after(LogIndex{2});
  CHECK(log.last() == LogIndex{2});
  log.cut_after(LogIndex{5});
  CHECK(log.last() == LogIndex{2});
  log.drop_through(LogIndex{1});
  CHECK_FALSE(log.has(LogIndex{1}));
  CHECK(log[LogIndex{2}].value == "y");
  CHECK(log.append({Epoch{3}, "w"}) == LogIndex{3});
  log.drop_through(LogIndex{9});
  CHECK(log.empty());
  CHECK(log.append({Epoch{3}, "v"}) == LogIndex{10});
  CHECK(value_of<Log<Entry>>(bytes_of(log)) == log);
}

TEST_CASE("hinted: a lock has one owner at a time, and only the owner lets go") {
  std::vector<Lock<NodeId>> locks(1);  // not on the stack, where g++ 12 takes it for uninitialized
  Lock<NodeId>& lock = locks[0];
  CHECK(lock.take(NodeId{1}));
  CHECK(lock.take(NodeId{1}));
  CHECK_FALSE(lock.take(NodeId{2}));
  lock.release(NodeId{2});
  CHECK(lock.held_by(NodeId{1}));
  lock.release(NodeId{1});
  CHECK_FALSE(lock.held());
}

TEST_CASE("inspect: logs, places in them and locks are rows with their own hints") {
  const std::vector<std::string> names{"alice", "bob"};
  Replica replica;
  replica.disk.log.append({Epoch{1}, "x"});
  replica.disk.log.append({Epoch{2}, "y"});
  replica.commit = LogIndex{1};
  replica.lock.take(NodeId{1});
  replica.locks["a"].take(Token{7});
  replica.locks["b"] = {};
  const Row row = inspect("state", replica, names);
  const Row& log = row.children[0].children[1];
  CHECK(log.hint == Hint::log);
  CHECK(log.number == 2);
  REQUIRE(log.children.size() == 2);
  CHECK(log.children[1].name == "2");
  CHECK(log.children[1].children[0].hint == Hint::epoch);
  CHECK(brief(log) == "[1, \"x\" 2, \"y\"]");
  CHECK(row.children[1].hint == Hint::log_index);
  CHECK(row.children[1].number == 1);
  CHECK(row.children[2].hint == Hint::lock);
  CHECK(row.children[2].text == "bob");
  CHECK(row.children[3].children[0].text == "7");
  CHECK(row.children[3].children[1].text == "free");
  CHECK(row.children[3].children[1].number == 0);
  replica.disk.log.drop_through(LogIndex{1});
  CHECK(inspect("log", replica.disk.log, names).children[0].name == "2");
  CHECK(inspect("log", Log<Entry>{}, names).text == "empty");

  CHECK(number_at(replica, "disk.term") == 0);
  CHECK(number_at(replica, "disk.log") == 2);
  CHECK(number_at(replica, "commit") == 1);
  CHECK(number_at(replica, "lock") == 1);
  CHECK(number_at(replica, "locks") == 2);
  CHECK_FALSE(number_at(replica, "disk").has_value());
  CHECK_FALSE(number_at(replica, "disk.nothing").has_value());
}

TEST_CASE("inspect: one line for a label") {
  const std::vector<std::string> names{"alice"};
  CHECK(brief(inspect("m", Inner{Epoch{4}, seconds(5)}, names)) == "4, 5.000 s");
  CHECK(brief(inspect("m", Inner{Epoch{0}, 0}, names)) == "0 \u00b5s");  // "none" is left out
  CHECK(brief(inspect("m", std::vector<std::int64_t>{1, 2, 3}, names)) == "[1 2 3]");
  CHECK(brief(inspect("m", Empty{}, names)).empty());
}

TEST_CASE("assign: a field takes what a person writes") {
  const std::vector<std::string> names{"alice", "bob"};
  Outer outer;
  const auto set = [&](std::string_view path, std::string_view text) {
    return assign(outer, path, text, names).ok();
  };
  CHECK(set("number", "-12"));
  CHECK(outer.number == -12);
  CHECK(set("flag", "true"));
  CHECK(outer.flag);
  CHECK(set("colour", "dark_blue"));
  CHECK(outer.colour == Colour::dark_blue);
  CHECK(set("node", "bob"));
  CHECK(outer.node == NodeId{1});
  CHECK(set("token", "34"));
  CHECK(outer.token == Token{34});
  CHECK(set("text", "any thing"));
  CHECK(outer.text == "any thing");
  CHECK(set("number", "-2147483648"));
  CHECK(set("small", "255"));
  Inner inner;
  CHECK(assign(inner, "after_us", "1.5s", names).ok());
  CHECK(inner.after_us == 1'500'000);
  CHECK(assign(inner, "after_us", "7", names).ok());
  CHECK(inner.after_us == 7);
  CHECK(assign(inner, "term", "3", names).ok());
  CHECK(inner.term == Epoch{3});
  Nested nested;
  CHECK(assign(nested, "inner.term", "8", names).ok());
  CHECK(nested.inner.term == Epoch{8});
}

TEST_CASE("assign: what does not fit is refused in one sentence, and the field keeps its value") {
  const std::vector<std::string> names{"alice", "bob"};
  Outer outer = example();
  const auto error = [&](std::string_view path, std::string_view text) {
    const Status status = assign(outer, path, text, names);
    REQUIRE_FALSE(status.ok());
    return status.error();
  };
  CHECK(error("nubmer", "1") == "there is no field \"nubmer\"; did you mean \"number\"?");
  CHECK(error("number", "12x") == "\"number\": expected a whole number, found \"12x\"");
  CHECK(error("number", "").find("whole number") != std::string::npos);
  CHECK(error("number", "2147483648").find("-2147483648 to 2147483647") != std::string::npos);
  CHECK(error("small", "256").find("0 to 255") != std::string::npos);
  CHECK(error("small", "-1").find("0 to 255") != std::string::npos);
  CHECK(error("flag", "yes").find("true or false") != std::string::npos);
  CHECK(error("colour", "dark_bleu").find("did you mean \"dark_blue\"?") != std::string::npos);
  CHECK(error("colour", "?").find("expected one of \"red\", \"green\"") != std::string::npos);
  CHECK(error("node", "alcie").find("did you mean \"alice\"?") != std::string::npos);
  CHECK(error("list", "1").find("cannot be set as one value") != std::string::npos);
  CHECK(error("either.term", "1").size() > 0);
  Inner inner;
  CHECK(assign(inner, "after_us", "soon", names).error().find("not a duration") !=
        std::string::npos);
  Nested nested;
  CHECK(assign(nested, "inner", "8", names).error().find("name one of its fields") !=
        std::string::npos);
  CHECK(outer == example());
}

TEST_CASE("assignments: what they say makes a value what another is") {
  const std::vector<std::string> names{"alice", "bob", "carl"};
  Outer read;
  for (const auto& [field, text] : assignments(schema_of<Outer>, &read, names))
    CHECK(field != "node");  // nobody has no name
  const Outer outer = example();
  for (const auto& [field, text] : assignments(schema_of<Outer>, &outer, names)) {
    if (field == "large") continue;  // beyond what a person may write
    CHECK(assign(read, field, text, names).ok());
  }
  CHECK(read.number == outer.number);
  CHECK(read.small == outer.small);
  CHECK(read.flag == outer.flag);
  CHECK(read.colour == outer.colour);
  CHECK(read.node == outer.node);
  CHECK(read.token == outer.token);
  CHECK(read.text == outer.text);
}

TEST_CASE("schema: what a value holds elsewhere grows with its lists, texts and trees") {
  const auto held = [](const Outer& outer) { return bytes_elsewhere(schema_of<Outer>, &outer); };
  Outer outer;
  CHECK(held(outer) == 0);
  outer.text = std::string(1'000, 'a');
  CHECK(held(outer) == 1'000);
  outer.list.resize(10);
  CHECK(held(outer) == 1'000 + 10 * static_cast<std::int64_t>(sizeof(Inner)));
  outer.map[1] = "abc";
  outer.set = {1, 2};
  CHECK(held(outer) > 1'000 + 10 * static_cast<std::int64_t>(sizeof(Inner)) + 3 * 48);
}

TEST_CASE("names: types and enumerators are named by the compiler") {
  CHECK(type_name<Inner>() == "Inner");
  CHECK(type_name<netsplit::Token>() == "Token");
  CHECK(enumerator_names<Colour>().size() == 3);
  CHECK(enumerator_name_of(Colour::dark_blue) == "dark_blue");
  CHECK(enumerator_name_of(static_cast<Colour>(17)) == "?");
  CHECK(snake_case("LockService") == "lock_service");
  CHECK(snake_case("already_snake") == "already_snake");
  CHECK(words("LeaseOver") == "lease over");
}

TEST_CASE("names: the nearest known name is offered, a far one is not") {
  const std::vector<std::string> known{"alice", "bob", "storage"};
  CHECK(nearest_name("alcie", known) == "alice");
  CHECK(nearest_name("Storage", known) == "storage");
  CHECK(nearest_name("xyz", known).empty());
  CHECK(nearest_name(std::string(1000, 'a'), known).empty());
  CHECK(expected_names("xyz", known) == "expected one of \"alice\", \"bob\", \"storage\"");
  CHECK(expected_names("x", std::vector<std::string>{"only"}) == "expected \"only\"");
  CHECK(expected_names("x", std::vector<std::string>{}) == "expected nothing here");
  const std::vector<std::string> many(20, "n");
  CHECK(expected_names("xyzzy", many).ends_with("…"));
}

}  // namespace netsplit::test::base_fields_test
