// The catalogues of the interface's texts.
#include "ui/strings.h"

#include <doctest/doctest.h>

#include "tests/ui/harness.h"
#include "ui/model.h"

namespace netsplit::ui::strings_test {
namespace {

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

// Texts of other languages are written in UTF-8, which a font without their letters cannot show.
struct WithLanguage {
  explicit WithLanguage(Language language) { set_language(language); }
  ~WithLanguage() { set_language(Language::english); }
};

TEST_CASE("strings: every text of the interface is translated") {
  const auto english = catalogue(Language::english);
  REQUIRE(english.size() > 100);
  for (std::size_t i = 0; i < english.size(); ++i) {
    const std::string before = i == 0 ? "the beginning" : std::string(english[i - 1]);
    CHECK_MESSAGE(!english[i].empty(), "no English text after \"" << before << "\"");
  }
  for (std::size_t l = 1; l < languages.size(); ++l) {
    const auto other = catalogue(static_cast<Language>(l));
    REQUIRE(other.size() == english.size());
    for (std::size_t i = 0; i < english.size(); ++i) {
      const std::string where =
          std::string(languages[l].name) + " for \"" + std::string(english[i]) + "\"";
      CHECK_MESSAGE(!other[i].empty(), "no " << where);
      if (other[i].empty()) continue;
      CHECK_MESSAGE(count_of(other[i], "{}") == count_of(english[i], "{}"),
                    "other {} in the " << where);
      CHECK_MESSAGE(count_of(other[i], "\n") == count_of(english[i], "\n"),
                    "other lines in the " << where);
    }
  }
}

TEST_CASE("strings: German says Sie, and quotes in one way") {
  for (const std::string_view text : catalogue(Language::german)) {
    CAPTURE(text);
    const std::string spaced = " " + std::string(text) + " ";
    for (const char* familiar : {" du ", " Du ", " dir ", " dich ", " dein", " Dein", "\xC2\xBB"})
      CHECK(count_of(spaced, familiar) == 0);
  }
}

TEST_CASE("strings: what the engine calls its meters and branches is translated") {
  const WithLanguage german(Language::german);
  CHECK(meter_name("nanocents") == "Kosten");
  CHECK(meter_name("delivered") == "zugestellt");
  CHECK(meter_name("lock_held") == "lock held");
  CHECK(branch_name("first run") == "erster Lauf");
  CHECK(branch_name("branch 12") == "Zweig 12");
  CHECK(branch_name("branch of mine") == "branch of mine");
  set_language(Language::english);
  for (const char* name : {"sent", "operations_ok", "message_delays", "unavailable"})
    CHECK(meter_name(name) == in_plain_words(name));
  CHECK(branch_name("first run") == "first run");
  CHECK(branch_name("branch 12") == "branch 12");
}

TEST_CASE("strings: where a translation is missing, English stands in") {
  const WithLanguage german(Language::german);
  CHECK(t().library == "Bibliothek");
  const auto english = catalogue(Language::english);
  CHECK(!t().event_line.empty());
  set_language(Language::english);
  CHECK(t().library == english.front());
}

TEST_CASE("strings: a system's tag names a language") {
  CHECK(language_of("de") == Language::german);
  CHECK(language_of("de-CH") == Language::german);
  CHECK(language_of("de_AT.UTF-8") == Language::german);
  CHECK(language_of("den") == Language::english);
  CHECK(language_of("fr-FR") == Language::english);
  CHECK(language_of("") == Language::english);
  CHECK(language_of("C") == Language::english);
}

TEST_CASE("strings: the window speaks the language of its host, and another when told") {
  const WithLanguage restored(Language::english);
  Harness window(1440, 900, false, false, "de-DE");
  CHECK(window.seen()["language"] == "de");
  window.app->command("seek:100000000");
  window.frames();
  window.app->command("language:en");
  window.frames();
  CHECK(window.seen()["language"] == "en");
  window.app->command("language:tlh");
  window.frames();
  CHECK(window.seen()["toast_tone"] == "bad");
  CHECK(window.seen()["language"] == "en");
}

TEST_CASE("strings: names in a sentence are read as words, and hours are not counted in seconds") {
  CHECK(in_plain_words("No answer takes longer than answer_limit.") ==
        "No answer takes longer than answer limit.");
  CHECK(clock_text(milliseconds(7412)) == "7.412 s");
  CHECK(clock_text(seconds(3600) - 1000) == "3599.999 s");
  CHECK(clock_text(seconds(28'800) + milliseconds(900)) == "8:00:00.900");
  CHECK(clock_text(seconds(90'061), 0) == "25:01:01");
}

}  // namespace
}  // namespace netsplit::ui::strings_test
