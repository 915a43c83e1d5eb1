// Prints the page's texts in every language as a script, texts.js: run under Node when the site is
// built. So the catalogue is the only place that has them, and the page speaks before its program
// has arrived.
#include <cstdio>
#include <string_view>

#include "ui/strings.h"

using namespace netsplit::ui;

namespace {

void quoted(std::string_view text) {
  std::putchar('\'');
  for (const char c : text) {
    if (c == '\'' || c == '\\') std::putchar('\\');
    std::putchar(c);
  }
  std::putchar('\'');
}

void text(std::string_view name, std::string_view value) {
  std::printf("    %.*s: ", static_cast<int>(name.size()), name.data());
  quoted(value);
  std::puts(",");
}

}  // namespace

int main() {
  std::puts("// Written when the site was built, from the catalogue in ui/strings_page_texts.h.");
  std::puts("'use strict';\nvar netsplit_texts = {");
  for (std::size_t i = 0; i < languages.size(); ++i) {
    set_language(static_cast<Language>(i));
    std::printf("  %.*s: {\n", static_cast<int>(languages[i].code.size()),
                languages[i].code.data());
#define NETSPLIT_PAGE_TEXT(name) text(#name, t().page.name);
    NETSPLIT_PAGE_TEXTS(NETSPLIT_PAGE_TEXT)
#undef NETSPLIT_PAGE_TEXT
    std::puts("  },");
  }
  std::puts("};");
  return 0;
}
