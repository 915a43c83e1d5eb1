#include "ui/node_reading.h"

#include <algorithm>
#include <cctype>

namespace netsplit::ui {
namespace {

// "Waiting" and "waits" say the same: so do all words that share their first four letters.
bool same_word(std::string_view a, std::string_view b) {
  constexpr std::size_t stem = 4;
  const std::size_t letters = std::min({a.size(), b.size(), stem});
  if (letters < stem && a.size() != b.size()) return false;
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(letters), b.begin());
}

bool repeats(std::string_view caption, std::string_view value) {
  const auto words_of = [](std::string_view text) {
    std::vector<std::string> found(1);
    for (const char c : text) {
      const auto letter = static_cast<unsigned char>(c);
      if (std::isalnum(letter) != 0) {
        found.back() += static_cast<char>(std::tolower(letter));
      } else if (!found.back().empty()) {
        found.emplace_back();
      }
    }
    if (found.back().empty()) found.pop_back();
    return found;
  };
  const std::vector<std::string> said = words_of(caption);
  const std::vector<std::string> again = words_of(value);
  return std::any_of(again.begin(), again.end(), [&](const std::string& word) {
    return std::any_of(said.begin(), said.end(),
                       [&](const std::string& other) { return same_word(word, other); });
  });
}

// What is drawn is said once: a storage shows what it holds, every other node tells it in words.
void say_once(NodeShown& node) {
  constexpr std::size_t fits_inside = 8;
  node.below = node.caption;
  if (node.shape == Shape::storage && node.inside.empty() && node.caption.size() <= fits_inside) {
    node.inside = node.caption;
  }
  if (!repeats(node.below, node.inside)) return;
  if (node.shape == Shape::storage) {
    node.below.clear();
  } else {
    node.inside.clear();
  }
}

// The first word or number that says something.
void read_inside(const std::string& name, const Row& row, bool& counted, std::string& inside) {
  constexpr std::size_t fits = 7;
  if (!inside.empty() || row.text.empty() || row.text == "none" || row.text == "\"\"") return;
  switch (row.hint) {
    case Hint::text:
    case Hint::choice:
      inside = row.text;
      break;
    case Hint::node:
      if (row.number >= 0) inside = row.text;
      break;
    case Hint::number:
      // A number says nothing without its name, which must fit; a later one matters less. A value
      // of 0 is none yet, as in messages.
      if (row.number == 0 && name == "value") break;
      if (!counted && name.size() + row.text.size() <= fits) inside = words(name) + " " + row.text;
      counted = true;
      break;
    default:
      break;
  }
}

// An entry in as few signs as a cell has room for: its value, without its term, which is its
// colour.
LogCell cell_of(const Row& entry) {
  LogCell cell;
  cell.index = entry.number;
  const auto take = [&](const Row& row, const auto& self) -> void {
    if (row.hint == Hint::epoch && cell.epoch < 0) {
      cell.epoch = row.number;
    } else if (row.hint == Hint::group) {
      for (const Row& child : row.children) self(child, self);
    } else if (cell.text.empty() && row.text != "none" && row.text != "empty") {
      const bool quoted = row.hint == Hint::text && row.text.size() >= 2;
      cell.text = quoted ? row.text.substr(1, row.text.size() - 2) : row.text;
    }
  };
  take(entry, take);
  return cell;
}

LogShown log_of(const std::string& name, const Row& row) {
  LogShown log;
  log.name = name;
  log.last = row.number;
  const auto count = static_cast<std::int64_t>(row.children.size());
  const std::int64_t first = row.number - count + 1;
  for (std::int64_t i = std::max<std::int64_t>(0, count - log_cells_max); i < count; ++i) {
    LogCell cell = cell_of(row.children[static_cast<std::size_t>(i)]);
    cell.index = first + i;
    log.cells.push_back(std::move(cell));
  }
  return log;
}

void read_lock(const std::string& name, const Row& row, NodeShown& node) {
  if (!node.lock) node.lock = LockShown{name, row.number != 0, row.text, 0, 0};
  ++node.lock->count;
  node.lock->held_count += row.number != 0 ? 1 : 0;
  // Of several the first that is held tells its owner.
  if (row.number != 0 && !node.lock->held) {
    node.lock->held = true;
    node.lock->owner = row.text;
  }
}

// A place in the log called "commit…" is the border, any other a mark.
void read_places(const std::vector<std::pair<std::string, std::int64_t>>& places, LogShown& log) {
  for (const auto& [name, index] : places) {
    if (name.find("commit") != std::string::npos) {
      if (log.committed < 0) log.committed = index;
    } else {
      log.marks.emplace_back(words(name), index);
    }
  }
}

}  // namespace

std::string short_word(std::string_view text) {
  constexpr std::size_t whole_max = 6;
  constexpr std::size_t least = 4;
  const bool word = std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
  });
  if (!word || text.size() <= whole_max) return std::string(text);
  // It ends before a vowel.
  std::size_t end = least;
  while (end < text.size() &&
         std::string_view("aeiou").find(text[end - 1]) != std::string_view::npos)
    ++end;
  return std::string(text.substr(0, end)) + ".";
}

void read_node(const NodeView& seen, NodeShown& node) {
  node.since_us = seen.since_us;
  // Who is down believes nothing.
  const bool gone = seen.condition == Condition::down || seen.condition == Condition::absent;
  node.caption = gone ? std::string() : seen.caption;
  node.waiting = seen.waiting;
  node.wall_us = seen.wall_us;
  node.wall_error_us = seen.wall_error_us;
  node.drift_ppm = seen.drift_ppm;
  node.ntp = seen.ntp;
  node.token.reset();
  node.epoch.reset();
  node.lock.reset();
  node.log.reset();
  node.inside.clear();
  bool counted = false;
  std::vector<std::pair<std::string, std::int64_t>> places;
  for_each_leaf(seen.state, {}, false, [&](const std::string& name, const Row& row, bool) {
    if (row.hint == Hint::token && !node.token && row.number != 0)
      node.token = Badge{name, row.number};
    if (row.hint == Hint::epoch && !node.epoch && row.number != 0)
      node.epoch = Badge{name, row.number};
    if (row.hint == Hint::lock) read_lock(name, row, node);
    if (row.hint == Hint::log && !node.log) node.log = log_of(name, row);
    if (row.hint == Hint::log_index) places.emplace_back(name, row.number);
    read_inside(name, row, counted, node.inside);
  });
  if (node.log) read_places(places, *node.log);
  say_once(node);
}

}  // namespace netsplit::ui
