#include "ui/palette_match.h"

#include <algorithm>

namespace netsplit::ui {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const auto byte = static_cast<unsigned char>(lower[i]);
    const bool ascii = byte >= 'A' && byte <= 'Z';
    const bool latin = i > 0 && static_cast<unsigned char>(lower[i - 1]) == 0xC3 && byte >= 0x80 &&
                       byte <= 0x9E && byte != 0x97;
    if (ascii || latin) lower[i] = static_cast<char>(byte + 0x20);
  }
  return lower;
}

int match_rank(std::string_view query, std::string_view title, std::string_view kind) {
  const std::string in_title = lower_case(title);
  const std::string in_kind = lower_case(kind);
  const std::string wanted = lower_case(query);
  int rank = 1;
  for (std::size_t at = 0; at < wanted.size();) {
    const std::size_t end = std::min(wanted.find(' ', at), wanted.size());
    const std::string word = wanted.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const std::size_t place = in_title.find(word);
    if (place == 0) {
      rank += 4;
    } else if (place != std::string::npos) {
      rank += in_title.find(" " + word) != std::string::npos ? 3 : 1;
    } else if (in_kind.find(word) == std::string::npos) {
      return 0;
    }
  }
  return rank;
}

}  // namespace netsplit::ui
