// A text told as its difference to another one: for updates that look like the ones before them.
//
// Word by word: how long a beginning both words share, as one character from '0' on, and the rest.
// "stock=17 by=anna" after "stock=12 by=anna" is "77 7". Words stand between single spaces; at most
// 40 shared characters of a word count.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace netsplit {

inline std::vector<std::string> words_of_text(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}
inline std::string text_difference(const std::string& before, const std::string& text) {
  const std::vector<std::string> old = words_of_text(before);
  std::string told;
  std::size_t i = 0;
  for (const std::string& word : words_of_text(text)) {
    std::size_t shared = 0;
    const std::string& other = i < old.size() ? old[i] : old.front();
    while (shared < 40 && shared < word.size() && shared < other.size() &&
           word[shared] == other[shared])
      ++shared;
    told += (i++ == 0 ? "" : " ") + std::string(1, static_cast<char>('0' + shared)) +
            word.substr(shared);
  }
  return told;
}
inline std::string text_restored(const std::string& before, const std::string& told) {
  const std::vector<std::string> old = words_of_text(before);
  std::string text;
  std::size_t i = 0;
  for (const std::string& word : words_of_text(told)) {
    const std::string& other = i < old.size() ? old[i] : old.front();
    text += i++ == 0 ? "" : " ";
    if (word.empty()) continue;
    const auto shared = static_cast<std::size_t>(std::max(0, word.front() - '0'));
    text += other.substr(0, std::min(shared, other.size())) + word.substr(1);
  }
  return text;
}

}  // namespace netsplit
