// What outlasts a visit, and what is not believed of it.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"
#include "ui/kept.h"
#include "ui/strings.h"

namespace netsplit::ui::last_visit_test {
namespace {

// A visit that leaves something behind: what its host was given to keep.
std::string visited(const std::function<void(Harness&)>& doing, const std::string& before = {}) {
  std::string kept = before;
  {
    Harness window(1440, 900, [&](Host& host) {
      host.kept = before;
      host.keep = [&kept](const std::string& text) { kept = text; };
    });
    doing(window);
    window.frames(40);
  }
  set_language(Language::english);
  return kept;
}

std::unique_ptr<Harness> visit_after(const std::string& kept) {
  auto window = std::make_unique<Harness>(1440, 900, [&](Host& host) { host.kept = kept; });
  window->app->restore();
  window->frames(3);
  return window;
}

TEST_CASE("last visit: what is written is read, and what is not sound is refused") {
  const Kept all{"light", "de", "#v1.abc\nand more"};
  const std::string text = write_kept(all);
  const auto back = read_kept(text);
  REQUIRE(back);
  CHECK(back.value().theme == all.theme);
  CHECK(back.value().language == all.language);
  CHECK(back.value().work == all.work);
  CHECK(read_kept(write_kept({})));
  for (std::size_t i = 0; i < text.size(); ++i) {
    CHECK_MESSAGE(!read_kept(text.substr(0, i)), "cut to " << i << " bytes");
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 4);
    CHECK_MESSAGE(!read_kept(other), "changed at " << i);
  }
  CHECK(!read_kept(""));
  CHECK(!read_kept(std::string(2 << 20, 'x')));
  CHECK(!read_kept(std::string("netsplit 1 \0\n", 13)));
}

TEST_CASE("last visit: a text of a newer version is told from a damaged one") {
  std::string text = write_kept({"light", "", ""});
  text.replace(text.find(" 1 "), 3, " 2 ");
  REQUIRE(!read_kept(text));
  CHECK(read_kept(text).error() == t().kept_newer);
  CHECK(read_kept("what somebody typed").error() == t().kept_damaged);
}

TEST_CASE("last visit: the work is there again, with theme and language") {
  const std::string kept = visited([](Harness& window) {
    window.app->command("open:lock-fenced");
    window.frames(2);
    window.app->command("seek:3000000");
    window.app->command("cut:bob,lock");
    window.app->command("theme:light");
    window.app->command("language:de");
  });
  const auto window = visit_after(kept);
  const auto seen = window->seen();
  CHECK(seen["scenario"]["id"] == "lock-fenced");
  CHECK(seen["time_us"] == 3'000'000);
  CHECK(window->link("bob", "lock")["state"] == "cut");
  CHECK(seen["theme"] == "light");
  CHECK(seen["language"] == "de");
  CHECK(seen["toast"] == "Hier haben Sie aufgehört.");
  window->frames(40);
  CHECK(window->fragment.rfind("#v1.", 0) == 0);
  set_language(Language::english);
}

TEST_CASE("last visit: a chosen theme alone is kept, and the system's again when it is chosen") {
  const std::string kept = visited([](Harness& window) { window.app->command("theme:light"); });
  CHECK(read_kept(kept).value().theme == "light");
  const std::string later =
      visited([](Harness& window) { window.app->command("theme:system"); }, kept);
  CHECK(read_kept(later).value().theme.empty());
}

TEST_CASE("last visit: what is damaged is left out with a sentence, and nothing else changes") {
  const std::string good =
      visited([](Harness& window) { window.app->command("open:lock-fenced"); });
  for (const std::string& bad :
       {good.substr(0, good.size() / 2), std::string("netsplit 99 x\ny"), std::string(70'000, '{'),
        write_kept({"plaid", "tlh", "#v1.AAAA"}), write_kept({"", "", "{\"protocol\": 7}"})}) {
    const auto window = visit_after(bad);
    CHECK(window->seen()["scenario"]["id"] == "lock-gc-pause");
    CHECK(window->seen()["language"] == "en");
    CHECK(window->seen()["toast"].get<std::string>().size() > 15);
  }
  const auto first = visit_after("");
  CHECK(first->seen()["toast"] == "");
}

}  // namespace
}  // namespace netsplit::ui::last_visit_test
