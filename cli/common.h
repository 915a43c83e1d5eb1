// What the commands share: exit statuses, how input is found, how text is laid out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/scenario/link.h"
#include "core/scenario/scenario.h"

namespace netsplit::cli {

enum ExitStatus : int { as_expected = 0, not_as_expected = 1, bad_input = 2 };

// Writes "netsplit: sentence" to standard error.
int refuse(std::string_view sentence);

struct Source {
  Scenario scenario;
  std::optional<Link> link;  // when it came from one
};

// A scenario of the library by its id, a file ("-" is standard input), or a link; with the
// parameters that each --set gives, as "key=value" or several with commas between them.
// Errors: what was wrong with it, or the nearest id when it is none of the three.
Result<Source> open_source(const std::string& what, const std::vector<std::string>& set = {});

bool is_file(const std::string& path);
// Reads on only until there is more than `bytes_max`: a scenario that long is refused by its
// parser. Errors: names the file and why it could not be read.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max = 4 << 20);
// A size such as "512MiB" or "4GiB", as --memory takes. Errors: says so.
Result<std::int64_t> bytes_of_text(const std::string& text);

// Errors: names the option, the file and why it could not be written.
Status write_whole_file(const std::string& option, const std::string& path,
                        const std::string& text);

// The number that an option gives. Errors: names the option and the range.
Result<std::uint64_t> number_in_range(const std::string& option, const std::string& text,
                                      std::uint64_t low, std::uint64_t high);

// Standard error is a terminal, on which a line may change while work goes on.
bool shows_progress();

// Standard output is a terminal and the reader has not asked for plain text (no-color.org).
bool wants_colour();

// Writes to standard output.
void print(std::string_view text);

// How many columns the text takes, for text without wide characters.
std::size_t columns_of(std::string_view text);
std::string pad_right(std::string text, std::size_t columns);
std::string pad_left(std::string text, std::size_t columns);

}  // namespace netsplit::cli
