#include "ui/history.h"

#include <utility>

namespace netsplit::ui {
namespace {

std::optional<Work> exchange(std::vector<Work>& from, std::vector<Work>& to, Work now) {
  if (from.empty()) return std::nullopt;
  to.push_back(std::move(now));
  Work found = std::move(from.back());
  from.pop_back();
  return found;
}

}  // namespace

void History::note(Work before) {
  future_.clear();
  if (past_.size() == depth_max) past_.erase(past_.begin());
  past_.push_back(std::move(before));
}

std::optional<Work> History::undo(Work now) { return exchange(past_, future_, std::move(now)); }
std::optional<Work> History::redo(Work now) { return exchange(future_, past_, std::move(now)); }

}  // namespace netsplit::ui
