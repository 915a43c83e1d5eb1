// The scenarios that every build carries: the folder scenarios/, written as C++ at build time, or,
// for the window of the page, as a text beside its program (web/scenarios.cpp).
#pragma once

#include <span>
#include <string_view>

namespace netsplit {

// One file: its path below scenarios/ with '/' between folders, such as "locks/lock-gc-pause.json",
// and its text.
struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

// All of them, sorted by path in byte order. Valid for the life of the program.
std::span<const EmbeddedFile> embedded_scenarios();

}  // namespace netsplit
