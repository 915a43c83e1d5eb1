// How well a few letters fit a title.
#pragma once

#include <string>
#include <string_view>

namespace netsplit::ui {

// Lower case of ASCII and of the Latin letters that UTF-8 writes as C3 xx.
std::string lower_case(std::string_view text);

// Every word of the query must occur in the title or the kind. 0: it does not fit; more is better:
// a title that begins with it, a word that begins with it, anywhere.
int match_rank(std::string_view query, std::string_view title, std::string_view kind);

}  // namespace netsplit::ui
