// The picture of a judged history: that it is XML, that nothing is missing from it, and that what
// stands in it does not overlap.
#include "core/check/history_picture.h"

#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/check/history_file.h"

namespace netsplit::test::history_picture_test {

using namespace netsplit::check;

namespace {

// Tags are balanced, attributes quoted, and no bare & or < is left. Not a parser for all XML.
bool is_well_formed(const std::string& text) {
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z]+)((?: [A-Za-z:-]+=\"[^\"<&]*\")*)\\s*(/?)>");
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '<') {
      std::smatch match;
      const std::string rest = text.substr(at, 4'000);
      if (!std::regex_search(rest, match, tag, std::regex_constants::match_continuous))
        return false;
      if (match[1].length() > 0) {
        if (open.empty() || open.back() != match[2]) return false;
        open.pop_back();
      } else if (match[4].length() == 0) {
        open.push_back(match[2]);
      }
      at += static_cast<std::size_t>(match.length());
    } else if (text[at] == '&') {
      const bool known = text.compare(at, 5, "&amp;") == 0 || text.compare(at, 4, "&lt;") == 0 ||
                         text.compare(at, 4, "&gt;") == 0 || text.compare(at, 6, "&quot;") == 0;
      if (!known) return false;
      ++at;
    } else {
      if (static_cast<unsigned char>(text[at]) < 0x20 && text[at] != '\n') return false;
      ++at;
    }
  }
  return open.empty();
}

struct Box {
  int left, top, right, bottom;
};
bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// Where texts stand, by the width that they are held to.
std::vector<Box> texts_of(const std::string& picture) {
  const std::regex text("<text x=\"(\\d+)\" y=\"(\\d+)\" textLength=\"(\\d+)\"");
  std::vector<Box> boxes;
  for (auto at = std::sregex_iterator(picture.begin(), picture.end(), text);
       at != std::sregex_iterator(); ++at) {
    const int x = std::stoi((*at)[1]);
    const int y = std::stoi((*at)[2]);
    boxes.push_back({x, y - 12, x + std::stoi((*at)[3]), y + 3});
  }
  return boxes;
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

std::string picture_of(const History& history, const PictureOptions& options = {}) {
  return history_picture(history, part_to_show(judge(history)), options);
}

History random_register(std::uint32_t seed) {
  History history;
  history.object = ObjectKind::cas_register;
  Rng rng(seed, 5, 0);
  for (std::int32_t client = 0; client < 4; ++client) {
    std::int64_t now = 0;
    for (int i = 0; i < 5; ++i) {
      HistoryOperation made;
      made.client = client;
      made.verb = static_cast<Verb>(rng.below(3));
      made.argument = rng.below(2);
      made.expected = rng.below(2);
      made.result = rng.below(2);
      made.outcome = static_cast<Outcome>(1 + rng.below(10) / 8);
      if (rng.below(6) == 0) made.outcome = Outcome::unknown;
      made.invoked = now + rng.between(0, 5);
      made.completed = made.invoked + rng.between(0, 9);
      now = made.completed + 1;
      history.operations.push_back(made);
    }
  }
  return history;
}

}  // namespace

TEST_CASE("history picture: every operation is drawn once, and no text overlaps another") {
  int misfits = 0;
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    const History history = random_register(seed);
    const Judgement judgement = judge(history);
    const std::string picture = history_picture(history, part_to_show(judgement));
    CHECK(is_well_formed(picture));
    for (std::size_t i = 0; i < history.operations.size(); ++i)
      CHECK(count(picture, "data-operation=\"" + std::to_string(i) + "\"") == 1);
    const std::vector<Box> boxes = texts_of(picture);
    CHECK(boxes.size() > history.operations.size());
    for (std::size_t a = 0; a < boxes.size(); ++a) {
      for (std::size_t b = a + 1; b < boxes.size(); ++b) CHECK_FALSE(overlap(boxes[a], boxes[b]));
    }
    // One cross of two strokes for each, and one in the legend.
    const int own = static_cast<int>(judgement.parts[0].misfits.size());
    CHECK(count(picture, "class=\"cross\"") == (own == 0 ? 0 : 2 * own + 1));
    CHECK(count(picture, "class=\"dot\"") == static_cast<int>(judgement.parts[0].order.size()));
    CHECK(picture == history_picture(history, part_to_show(judge(history))));
    misfits += own;
  }
  CHECK(misfits > 10);
}

TEST_CASE("history picture: what a history says cannot break out of the picture") {
  const Result<History> history = read_history(
      "{:process 0, :type :invoke, :f :append, :key \"<k&\\\">\", :value \"</text>&\x01\xff é\"}\n"
      "{:process 0, :type :ok, :f :append, :key \"<k&\\\">\", :value \"</text>&\x01\xff é\"}\n"
      "{:process 1, :type :invoke, :f :get, :key \"<k&\\\">\", :value nil}\n"
      "{:process 1, :type :ok, :f :get, :key \"<k&\\\">\", :value \"<script>\"}\n",
      "h.edn");
  REQUIRE_MESSAGE(history.ok(), (history.ok() ? "" : history.error()));
  PictureOptions options;
  options.title = "a<b>&\"c\"";
  const std::string picture = picture_of(history.value(), options);
  CHECK(is_well_formed(picture));
  CHECK(count(picture, "<script") == 0);
  CHECK(count(picture, "&lt;/text&gt;&amp;\xef\xbf\xbd\xef\xbf\xbd é") >= 1);
}

TEST_CASE("history picture: of a long history what is around the first misfit is drawn") {
  History history;
  history.object = ObjectKind::reg;
  for (std::int32_t i = 0; i < 2'000; ++i) {
    HistoryOperation made;
    made.verb = i % 2 == 0 ? Verb::write : Verb::read;
    made.argument = made.result = i / 2;
    made.invoked = 2 * i;
    made.completed = 2 * i + 1;
    history.operations.push_back(made);
  }
  history.operations[1'501].result = 7;
  const std::string picture = picture_of(history);
  CHECK(count(picture, "data-operation=") == 200);
  CHECK(count(picture, "data-operation=\"1501\"") == 1);
  CHECK(count(picture, "1800 more operations are not shown") >= 1);
  CHECK(is_well_formed(picture));
}

}  // namespace netsplit::test::history_picture_test
