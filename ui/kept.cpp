// The text is a head, "netsplit 1 0123456789abcdef", with version and checksum of what follows; a
// line each for theme and language; and the work up to the end.
#include "ui/kept.h"

#include <algorithm>

#include "core/base/hash.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::string_view name = "netsplit ";
constexpr std::string_view version = "1";
constexpr std::size_t bytes_max = 512 * 1024;

std::string checksum(std::string_view body) {
  Hasher hasher;
  hasher.text(body);
  return format_hash(hasher.digest());
}

// What stands before `end`, which is taken away with it.
std::string_view take_until(std::string_view& text, char end) {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string write_kept(const Kept& kept) {
  const std::string body = kept.theme + "\n" + kept.language + "\n" + kept.work;
  return std::string(name) + std::string(version) + " " + checksum(body) + "\n" + body;
}

Result<Kept> read_kept(std::string_view text) {
  const Error damaged{std::string(t().kept_damaged)};
  if (text.size() > bytes_max || text.substr(0, name.size()) != name) return damaged;
  text.remove_prefix(name.size());
  const std::string_view written_as = take_until(text, ' ');
  if (is_number(written_as) && written_as != version) return Error{std::string(t().kept_newer)};
  if (written_as != version) return damaged;
  const std::string_view sum = take_until(text, '\n');
  if (sum != checksum(text)) return damaged;
  Kept kept;
  kept.theme = take_until(text, '\n');
  kept.language = take_until(text, '\n');
  kept.work = text;
  return kept;
}

}  // namespace netsplit::ui
