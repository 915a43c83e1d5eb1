// Lessons and stagings as JSON. docs/formats.md describes every key.
#pragma once

#include <vector>

#include "core/scenario/lesson_step.h"
#include "core/scenario/setup_json.h"

namespace netsplit {

inline constexpr std::size_t list_max = 100;
inline constexpr std::size_t title_bytes_max = 200;
inline constexpr std::size_t text_bytes_max = 4000;
inline constexpr Time until_max_us = time_max_us / 1000;

std::vector<LessonStep> read_lesson(const JsonCursor& at, SetupNames& names);
Json lesson_json(const std::vector<LessonStep>& lesson, const SetupNames& names);

std::vector<Staging> read_stagings(const JsonCursor& at, SetupNames& names);
Json stagings_json(const std::vector<Staging>& stagings, const SetupNames& names);

}  // namespace netsplit
