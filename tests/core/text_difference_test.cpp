// A text told as its difference to another comes back, whatever the two are.
#include "core/base/text_difference.h"

#include <doctest/doctest.h>

#include "core/base/rng.h"

namespace netsplit::test::text_difference_test {

TEST_CASE("text_difference: what resembles the text before is short") {
  CHECK(text_difference("stock=12 by=anna", "stock=17 by=anna") == "77 7");
  CHECK(text_restored("stock=12 by=anna", "77 7") == "stock=17 by=anna");
  CHECK(text_difference("", "stock=12 by") == "0stock=12 0by");
  CHECK(text_restored("", "0stock=12 0by") == "stock=12 by");
}

TEST_CASE("text_difference: any text comes back with the one it was told by") {
  Rng rng;
  const auto draw = [&] {
    std::string text;
    const std::uint32_t length = rng.below(90);
    for (std::uint32_t i = 0; i < length; ++i) text += "ab  c="[rng.below(6)];
    return text;
  };
  for (int i = 0; i < 5'000; ++i) {
    const std::string before = draw(), text = draw();
    REQUIRE(text_restored(before, text_difference(before, text)) == text);
  }
}

TEST_CASE("text_difference: what was told by another text does no harm") {
  CHECK(text_restored("a", "9x Z q").size() < 20);
  CHECK(text_restored("", "").empty());
}

}  // namespace netsplit::test::text_difference_test
