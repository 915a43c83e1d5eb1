#include <doctest/doctest.h>

#include "core/base/encode.h"
#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/sim/hash_marks.h"
#include "pack_link.h"
#include "random_scenario.h"

namespace netsplit::test::link_test {
namespace {

Link small_link() {
  const auto scenario = parse_scenario(
      R"({"title": "A lock", "protocol": "lease_lock",
          "nodes": [{"name": "alice", "role": "client"}, {"name": "lock", "role": "lock_service"}],
          "script": [{"at": "1.2s", "pause": "alice", "by_hand": true}]})",
      "test");
  REQUIRE(scenario.ok());
  // 130 events have a mark for every fourth.
  return Link{scenario.value(),
              1'234'567,
              42,
              0x0123456789abcdefu,
              99,
              130,
              "0123456789abcdefghijklmnopqrstuv",
              false};
}

std::string encoded(const Link& link) {
  const auto text = encode_link(link);
  REQUIRE_MESSAGE(text.ok(), (text.ok() ? "" : text.error()));
  return text.value();
}

std::string error_of(const std::string& text) {
  const auto link = decode_link(text);
  return link.ok() ? "no error" : link.error();
}

constexpr const char* cut_off = "the link is cut off: its end is missing; copy all of it";

}  // namespace

TEST_CASE("link: it comes back as it was, with or without a page's address before it") {
  const Link link = small_link();
  const std::string text = encoded(link);
  CHECK(text.starts_with("#v1."));
  CHECK(decode_link(text).value() == link);
  CHECK(decode_link(text.substr(1)).value() == link);
  CHECK(decode_link("https://example.org/netsplit/?x=1" + text).value() == link);
  CHECK(decode_link(" " + text + "\r\n").value() == link);
}

TEST_CASE("link: random scenarios come back as they were") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, 1, 0);
    Link link{test::RandomScenario(seed).make(), static_cast<Time>(seed * 1000), -1, seed, 7};
    link.hash_events = static_cast<std::int64_t>(rng.next() >> 1 >> rng.below(63));
    link.marks.resize(static_cast<std::size_t>(HashMarks::count_of(link.hash_events)));
    for (char& mark : link.marks) mark = static_cast<char>(rng.next());
    link.unfinished = rng.below(2) == 0;
    const auto text = encode_link(link);
    REQUIRE(text.ok());
    const auto again = decode_link(text.value());
    REQUIRE_MESSAGE(again.ok(), (again.ok() ? "" : again.error()));
    REQUIRE(again.value() == link);
  }
}

TEST_CASE("link: of a scenario of the library only the changes travel") {
  for (const Scenario& original : library()) {
    CAPTURE(original.id);
    Link link{original, 0, -1, std::nullopt, 0};
    const std::size_t unchanged = encoded(link).size();
    link.scenario.setup.seed += 1;
    link.scenario.setup.script.push_back(
        on_nodes(Action::pause, original.setup.until_us, {NodeId{0}}));
    link.scenario.setup.network.link.loss_ppm = 5;
    link.scenario.expect.clear();
    const std::string text = encoded(link);
    CHECK(text.size() > unchanged);
    CHECK(decode_link(text).value() == link);
  }
}

TEST_CASE("link: a scenario of the library whose keys changed places comes back in the new order") {
  for (const Scenario& original : library()) {
    if (original.expect.size() < 2) continue;
    Link link{original, 0, -1, std::nullopt, 0};
    std::swap(link.scenario.expect[0], link.scenario.expect[1]);
    CHECK(decode_link(encoded(link)).value() == link);
  }
}

TEST_CASE("link: version 1 stays what it is") {
  // A link's dictionary is part of its format: links in the world would no longer open.
  Hasher hasher;
  hasher.text(link_dictionary_v1);
  CHECK(format_hash(hasher.digest()) == "bff5ffbbef263a72");
  const auto old = decode_link(
      "#v1.oHOJwMOT2WD5zFEBlrFwZDjS8xO-"
      "DBOrg5nacUSpnhEk2eNLZ7G1OoggAOowNjE1MwebBg4OEyMdWIgYGEIkLSwTk5JTUtOgaoA-s7SsBQA");
  REQUIRE_MESSAGE(old.ok(), (old.ok() ? "" : old.error()));
  // The first links said nothing of the way to their hash.
  Link without_marks = small_link();
  without_marks.hash_events = 0;
  without_marks.marks.clear();
  CHECK(old.value() == without_marks);
  const auto with_marks = decode_link(
      "#v1.CZymIkPNbLCs5agAy0s48hjpWQhfHonFEl16RpAkjS8NxdbqILxnaGRsYmpmXgqOfLBXTYx0YL41"
      "gMpaWCYmJaekpkHVAL1gaQksq8sgpZahsQGogVsEynRKvi6ulb5VgYZ-Wckm_uFumZFGQTlRuSn5ieEF"
      "RUnuhqVJxk4VyXl-BikRkUq1AA");
  REQUIRE_MESSAGE(with_marks.ok(), (with_marks.ok() ? "" : with_marks.error()));
  CHECK(with_marks.value() == small_link());
}

TEST_CASE("link: every way of changing one character is refused") {
  const std::string text = encoded(small_link());
  constexpr std::string_view signs =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_ =+/%\x01\x80";
  for (std::size_t at = 4; at < text.size(); ++at) {
    for (const char sign : signs) {
      if (sign == text[at]) continue;
      std::string changed = text;
      changed[at] = sign;
      const auto link = decode_link(changed);
      // A space at the end is trimmed, which leaves a link that is cut off.
      REQUIRE_FALSE(link.ok());
      REQUIRE(link.error().starts_with("the link is "));
    }
  }
}

TEST_CASE("link: every truncation is refused, and most are told to be cut off") {
  const std::string text = encoded(small_link());
  std::size_t told = 0;
  for (std::size_t size = 4; size < text.size(); ++size) {
    const std::string error = error_of(text.substr(0, size));
    REQUIRE(error.starts_with("the link is "));
    told += error == cut_off ? 1u : 0u;
  }
  CHECK(told * 2 > text.size());
  CHECK(error_of("#v1.") == cut_off);
  CHECK(error_of(text.substr(0, text.size() / 4 * 4)) == cut_off);
}

TEST_CASE("link: whatever follows a link is refused") {
  const std::string text = encoded(small_link());
  for (const char* more : {"A", "AA", "AAA", "AAAA", "==", "#v1.", "."}) {
    CAPTURE(more);
    CHECK(error_of(text + more) != "no error");
  }
  const std::string packed = test::deflated("{}");
  CHECK(error_of(test::link_around(packed + "x")) ==
        "the link is damaged: something follows its end; ask for it again");
}

TEST_CASE("link: a second spelling of the same bytes is refused") {
  // One byte over a multiple of three leaves four unused bits in the last character.
  std::string packed = test::deflated("{}");
  while ((packed.size() + 4) % 3 != 1) packed += 'x';
  std::string text = test::link_around(packed);
  text.back() = text.back() == 'A' ? 'B' : static_cast<char>(text.back() + 1);
  CHECK(error_of(text) ==
        "the link is damaged: its last character is not as it was made; ask for it again");
}

TEST_CASE("link: a later version says so, and no link at all says so") {
  CHECK(error_of("#v2.abc") ==
        "the link was made by a later version of Netsplit: it is version 2, and this program reads "
        "up to 1");
  CHECK(error_of("https://example.org/#v17.x").find("it is version 17") != std::string::npos);
  for (const char* none : {"", "#", "#v", "v.", "#v0.abc", "#v01.abc", "#v1", "hello", "#vx.abc",
                           "https://example.org/", "#v99999999999999999999.x"}) {
    CAPTURE(none);
    CHECK(error_of(none) == "this is no link of Netsplit; one begins with \"#v1.\"");
  }
}

TEST_CASE("link: too long a link is refused before it is unpacked") {
  CHECK(error_of("#v1." + std::string(16385, 'A')) ==
        "the link is too long: 16385 characters, at most 16384");
  CHECK(error_of("#v1." + std::string(200 << 20, 'A')).find("too long") != std::string::npos);
}

TEST_CASE("link: a bomb stops at the limit") {
  // The most that deflate can fold into a link of the greatest length: about twelve million zeros.
  const std::string text = test::link_around(test::deflated(std::string(12'000'000, '\0')));
  REQUIRE(text.size() < 16384);
  CHECK(error_of(text) == "the link is too long: unpacked it is more than 64 KiB");
  CHECK(error_of(test::link_around(test::deflated(std::string(100'000'000, '\0'))))
            .find("too long") != std::string::npos);
}

TEST_CASE("link: contents that do not fit are refused with their path") {
  const auto carrying = [](const char* json) { return error_of(test::link_of_text(json)); };
  CHECK(
      carrying("") ==
      "link: line 1, column 1: not JSON: unexpected end of input; expected '[', '{', or a literal");
  CHECK(carrying("[]") == "link: expected an object, found a list");
  CHECK(carrying("{}") == "link: expected either a scenario or the id of one");
  CHECK(carrying(R"({"id":"no-such"})") ==
        "link: this build of Netsplit has no scenario \"no-such\"");
  CHECK(carrying(R"({"scenario":{},"id":"x"})") ==
        "link: expected either a scenario or the id of one");
  CHECK(carrying(R"({"scenario":{},"changes":{}})") ==
        "link: changes without the id of what is changed");
  CHECK(carrying(R"({"scenario":{"protocol":"lease_lock"}})") ==
        "link: the key \"nodes\" is missing");
  CHECK(carrying(R"({"scenaro":{}})") ==
        "link: there is no key \"scenaro\"; did you mean \"scenario\"?");
  constexpr const char* sound =
      R"({"scenario":{"protocol":"lease_lock","nodes":[{"name":"a","role":"client"}]},)";
  CHECK(carrying((std::string(sound) + R"("hash":"xyz"})").c_str()) ==
        "link: hash: expected sixteen digits from 0 to f");
  CHECK(carrying((std::string(sound) + R"("step":-1})").c_str()) ==
        "link: step: expected a whole number from 0 to 9223372036854775807, found -1");
}

TEST_CASE("link: marks that do not fit the number of events are refused with a sentence") {
  const auto carrying = [](const std::string& more) {
    return error_of(test::link_of_text(
        R"({"scenario":{"protocol":"lease_lock","nodes":[{"name":"a","role":"client"}]},)" + more +
        "}"));
  };
  const std::string hash = R"("hash":"0123456789abcdef")";
  CHECK(carrying(hash + R"(,"events":3,"marks":"AAAA")") == "no error");
  CHECK(carrying(hash) == "no error");
  const std::string of_three = "link: marks: expected 3 bytes as base64url, as 3 events have";
  for (const char* marks : {"", "AAA", "AAA=", "AAAAA", "AAAAAA", "AA A", "!!!!"}) {
    CAPTURE(marks);
    CHECK(carrying(hash + R"(,"events":3,"marks":")" + marks + "\"") == of_three);
  }
  CHECK(carrying(hash + R"(,"events":65,"marks":"AAAA")") ==
        "link: marks: expected 32 bytes as base64url, as 65 events have");
  CHECK(carrying(hash + R"(,"events":3,"marks":")" + std::string(200, 'A') + "\"")
            .starts_with("link: marks: "));
  CHECK(carrying(hash + R"(,"events":3,"marks":7)").starts_with("link: marks: expected text"));
  CHECK(carrying(hash + R"(,"events":0,"marks":"")") ==
        "link: events: expected a whole number from 1 to 9223372036854775807, found 0");
  const std::string all_three =
      "link: hash, events and marks: expected all three, or the hash alone, or none";
  CHECK(carrying(hash + R"(,"events":3)") == all_three);
  CHECK(carrying(hash + R"(,"marks":"AAAA")") == all_three);
  CHECK(carrying(R"("events":3,"marks":"AAAA")") == all_three);
}

TEST_CASE("link: garbage never gets through") {
  Rng rng(1, 0, 0);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes(rng.below(200), '\0');
    for (char& c : bytes) c = static_cast<char>(rng.next());
    CHECK_FALSE(decode_link(bytes).ok());
    CHECK_FALSE(decode_link("#v1." + test::base64url(bytes)).ok());
    CHECK_FALSE(decode_link(test::link_around(bytes)).ok());
  }
}

TEST_CASE("link: a scenario too long for a link is refused when it is made") {
  Link link = small_link();
  Rng rng(1, 0, 0);
  for (int i = 0; i < 40; ++i) {
    LessonStep step;
    step.title = "t";
    for (int j = 0; j < 1000; ++j) step.text += static_cast<char>('a' + rng.below(26));
    link.scenario.lesson.push_back(step);
  }
  const auto text = encode_link(link);
  REQUIRE_FALSE(text.ok());
  CHECK(text.error().find("save it as a file") != std::string::npos);
  for (int i = 0; i < 40; ++i) link.scenario.lesson.push_back(link.scenario.lesson[0]);
  CHECK(encode_link(link).error().find("bytes, at most 65536; save it as a file") !=
        std::string::npos);
}

}  // namespace netsplit::test::link_test
