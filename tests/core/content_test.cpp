#include "core/sim/content.h"

#include <doctest/doctest.h>

#include <set>

namespace netsplit::test::content_test {
namespace {

struct TakeLock {
  NodeId who;
  Token token;
  bool urgent = false;
  std::int64_t patience_us = 0;
  FIELDS(who, token, urgent, patience_us)
};
struct GiveBack {
  FIELDS_NONE
};
using Request = std::variant<GiveBack, TakeLock>;

const std::vector<std::string> names{"alice", "bob"};

}  // namespace

TEST_CASE("content: a request is made by its name and its fields") {
  Request request;
  const Arguments fields{{"who", "bob"}, {"token", "7"}, {"patience_us", "2s"}};
  REQUIRE(make_named(schema_of<Request>, &request, "take_lock", fields, names).ok());
  const auto& made = std::get<TakeLock>(request);
  CHECK(made == TakeLock{NodeId{1}, Token{7}, false, 2'000'000});
  // What it was before leaves no trace.
  REQUIRE(make_named(schema_of<Request>, &request, "take_lock", {}, names).ok());
  CHECK(std::get<TakeLock>(request) == TakeLock{});
}

TEST_CASE("content: a name or a field that there is not is refused") {
  Request request;
  CHECK_FALSE(make_named(schema_of<Request>, &request, "TakeLock", {}, names).ok());
  const Status wrong =
      make_named(schema_of<Request>, &request, "take_lock", {{"tokne", "7"}}, names);
  CHECK(wrong.error() == "there is no field \"tokne\"; did you mean \"token\"?");
  CHECK_FALSE(make_named(schema_of<Request>, &request, "give_back", {{"token", "7"}}, names).ok());
}

TEST_CASE("content: damage changes one number, token or epoch, and each of them some time") {
  Rng rng(1, 2, 3);
  std::set<std::string> changed;
  for (int i = 0; i < 100; ++i) {
    const TakeLock before{NodeId{1}, Token{7}, true, 5};
    Request request = before;
    REQUIRE(tamper(schema_of<Request>, &request, rng));
    const auto& after = std::get<TakeLock>(request);
    CHECK(after.who == before.who);
    CHECK(after.urgent == before.urgent);
    CHECK((after.token == before.token) != (after.patience_us == before.patience_us));
    changed.insert(after.token == before.token ? "patience" : "token");
  }
  CHECK(changed.size() == 2);
  Request nothing = GiveBack{};
  CHECK_FALSE(tamper(schema_of<Request>, &nothing, rng));
}

}  // namespace netsplit::test::content_test
