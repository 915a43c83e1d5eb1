#include "ui/strings.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/base/names.h"
#include "ui/strings_catalogues.h"

namespace netsplit::ui {
namespace {

using Texts = std::array<std::string_view, sizeof(Strings) / sizeof(std::string_view)>;
static_assert(std::is_trivially_copyable_v<Strings> && sizeof(Texts) == sizeof(Strings));

Texts texts_of(const Strings& strings) {
  Texts texts;
  std::memcpy(static_cast<void*>(texts.data()), &strings, sizeof texts);
  return texts;
}

// `strings`, with English where it says nothing.
Strings completed(const Strings& strings) {
  Texts texts = texts_of(strings);
  const Texts usual = texts_of(english());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) texts[i] = usual[i];
  }
  Strings all = english();
  std::memcpy(static_cast<void*>(&all), texts.data(), sizeof all);
  return all;
}

const Strings& completed_german() {
  static const Strings all = completed(german());
  return all;
}

Language current = Language::english;

std::string grouped_digits(std::string digits) {
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, no_break_space);
  return digits;
}

}  // namespace

Language language() { return current; }
void set_language(Language language) { current = language; }

Language language_of(std::string_view tag) {
  const std::string_view code = tag.substr(0, tag.find_first_of("-_.@"));
  const auto* found = std::find_if(languages.begin(), languages.end(),
                                   [&](const LanguageInfo& each) { return each.code == code; });
  return found == languages.end() ? Language::english
                                  : static_cast<Language>(found - languages.begin());
}

const Strings& words_of_window() {
  return current == Language::german ? completed_german() : english();
}

std::vector<std::string_view> catalogue(Language language) {
  const Texts texts = texts_of(language == Language::german ? german() : english());
  return {texts.begin(), texts.end()};
}

std::string in_plain_words(std::string_view sentence) {
  std::string text(sentence);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string grouped(std::uint64_t number) { return grouped_digits(std::to_string(number)); }

std::string with_grouped_numbers(std::string_view sentence) {
  constexpr std::size_t digits_most = 19;
  std::string text;
  for (std::size_t at = 0; at < sentence.size();) {
    std::size_t end = at;
    while (end < sentence.size() && sentence[end] >= '0' && sentence[end] <= '9') ++end;
    const std::size_t digits = end - at;
    const bool fraction = at > 0 && sentence[at - 1] == '.';
    if (digits > 4 && digits < digits_most && !fraction) {
      text += grouped_digits(std::string(sentence.substr(at, digits)));
    } else {
      text += sentence.substr(at, std::max<std::size_t>(digits, 1));
    }
    at = std::max(end, at + 1);
  }
  return text;
}

std::string meter_name(std::string_view name) {
  const Strings& s = t();
  const std::array<std::pair<std::string_view, std::string_view>, 15> own{{
      {"sent", s.sent},
      {"delivered", s.delivered},
      {"lost", s.lost},
      {"duplicated", s.duplicated},
      {"bytes", s.bytes},
      {"nanocents", s.cost},
      {"operations_ok", s.operations_ok},
      {"operations_failed", s.operations_failed},
      {"operations_unknown", s.operations_unknown},
      {"operations_pending", s.operations_pending},
      {"latency_mean", s.latency_mean},
      {"latency_max", s.latency_max},
      {"message_delays", s.message_delays},
      {"unavailable", s.unavailable},
      {"violations", s.violations},
  }};
  for (const auto& [meter, text] : own) {
    if (meter == name) return std::string(text);
  }
  return words(name);
}

std::string branch_name(std::string_view name) {
  constexpr std::string_view numbered = "branch ";
  if (name == "first run") return std::string(t().first_run);
  if (!name.starts_with(numbered)) return std::string(name);
  const std::string_view number = name.substr(numbered.size());
  const bool digits = !number.empty() && number.find_first_not_of("0123456789") == number.npos;
  return digits ? say(t().branch, {number}) : std::string(name);
}

std::string say(std::string_view pattern, std::initializer_list<std::string_view> values) {
  std::string text;
  const auto* value = values.begin();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 1 < pattern.size() && pattern[i + 1] == '}' &&
        value != values.end()) {
      text += *value++;
      ++i;
    } else {
      text += pattern[i];
    }
  }
  return text;
}

}  // namespace netsplit::ui
