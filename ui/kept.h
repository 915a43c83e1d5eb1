// What outlasts a visit: the last work, and how the reader wants the window. The host keeps it as
// one text. It has a version and a checksum, because whatever a browser has kept for a year may be
// half written, edited by hand, or from another version of the program.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace netsplit::ui {

struct Kept {
  std::string theme;     // "light" or "dark"; "" as the system has it
  std::string language;  // "en", "de"; "" as the system has it
  std::string work;      // a link, or a scenario file where no link holds the run; "" none
};

std::string write_kept(const Kept& kept);
// Errors: one sentence, in the window's language; damaged, or of a newer version.
Result<Kept> read_kept(std::string_view text);

}  // namespace netsplit::ui
