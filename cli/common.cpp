#include "cli/common.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

#include "core/base/names.h"
#include "core/scenario/compare.h"
#include "core/scenario/registry.h"

namespace netsplit::cli {
namespace {

bool looks_like_link(std::string_view text) {
  const std::size_t fragment = text.rfind('#');
  if (fragment != std::string_view::npos) return true;
  return text.size() > 2 && text[0] == 'v' && text[1] >= '0' && text[1] <= '9' &&
         text.find('.') != std::string_view::npos && text.find('/') == std::string_view::npos &&
         !text.ends_with(".json");
}

}  // namespace

int refuse(std::string_view sentence) {
  std::fprintf(stderr, "netsplit: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
  return bad_input;
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const auto close = [](std::FILE* file) {
    if (file != stdin) std::fclose(file);
  };
  std::error_code fault;
  if (path != "-" && std::filesystem::is_directory(path, fault)) {
    return Error{path + ": this is a folder; expected a file"};
  }
  const std::unique_ptr<std::FILE, decltype(close)> file(
      path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close);
  if (!file) return Error{path + ": cannot be read: " + std::strerror(errno)};
  std::string text;
  std::vector<char> part(64 << 10);
  for (std::size_t count; (count = std::fread(part.data(), 1, part.size(), file.get())) > 0;) {
    text.append(part.data(), count);
    if (text.size() > bytes_max) break;
  }
  if (std::ferror(file.get())) return Error{path + ": cannot be read: " + std::strerror(errno)};
  return text;
}

bool is_file(const std::string& path) {
  std::error_code fault;
  return std::filesystem::exists(path, fault);
}

namespace {

Result<Source> find_source(const std::string& what) {
  if (const Scenario* known = find_scenario(what)) return Source{*known, std::nullopt};
  if (what == "-" || (is_file(what) && what.find('#') == std::string::npos)) {
    const Result<std::string> text = read_file(what);
    if (!text) return Error{text.error()};
    const std::string where = what == "-" ? "standard input" : what;
    Result<Scenario> scenario = parse_scenario(text.value(), where);
    if (!scenario) return Error{scenario.error()};
    return Source{std::move(scenario).value(), std::nullopt};
  }
  if (looks_like_link(what)) {
    Result<Link> link = decode_link(what);
    if (!link) return Error{link.error()};
    return Source{link.value().scenario, link.value()};
  }
  std::vector<std::string> known;
  for (const Scenario& scenario : library()) known.push_back(scenario.id);
  const std::string near = nearest_name(what, known);
  return Error{
      "there is no scenario and no file \"" + what.substr(0, 80) + "\"; " +
      (near.empty() ? "\"netsplit list\" shows the scenarios" : "did you mean \"" + near + "\"?")};
}

}  // namespace

Result<Source> open_source(const std::string& what, const std::vector<std::string>& set) {
  Result<Source> source = find_source(what);
  if (!source) return source;
  for (const std::string& assignments : set) {
    Setup& setup = source.value().scenario.setup;
    Result<Setup> changed = with_parameters(setup, assignments);
    if (!changed) return Error{"--set: " + changed.error()};
    setup = std::move(changed).value();
  }
  return source;
}

Result<std::int64_t> bytes_of_text(const std::string& text) {
  const Error wrong{"--memory " + text + ": expected a size such as 512MiB or 4GiB"};
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  if (fault != std::errc() || value < 1 || value > 1'000'000) return wrong;
  if (unit == "MiB") return value << 20;
  if (unit == "GiB") return value << 30;
  return wrong;
}

Status write_whole_file(const std::string& option, const std::string& path,
                        const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) good = std::fclose(file) == 0 && good;
  if (good) return Done{};
  return Error{option + " " + path + ": cannot be written: " + std::strerror(errno)};
}

Result<std::uint64_t> number_in_range(const std::string& option, const std::string& text,
                                      std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault == std::errc() && stop == end && value >= low && value <= high) return value;
  return Error{option + " " + text + ": expected a whole number from " + std::to_string(low) +
               " to " + std::to_string(high)};
}

bool shows_progress() {
#if defined(_WIN32)
  return false;
#else
  return isatty(STDERR_FILENO) != 0;
#endif
}

bool wants_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* terminal = std::getenv("TERM");
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
#if defined(_WIN32)
  return false;
#else
  return isatty(STDOUT_FILENO) != 0;
#endif
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return columns;
}

std::string pad_right(std::string text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  if (own < columns) text.append(columns - own, ' ');
  return text;
}

std::string pad_left(std::string text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  if (own < columns) text.insert(0, columns - own, ' ');
  return text;
}

}  // namespace netsplit::cli
