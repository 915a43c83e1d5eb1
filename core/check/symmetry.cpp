#include "core/check/symmetry.h"

#include <algorithm>
#include <map>

namespace netsplit::check {

Result<std::vector<Renaming>> renamings_of(const std::vector<std::int32_t>& kinds,
                                           const std::function<bool(const Renaming&)>& fits) {
  std::map<std::int32_t, std::vector<std::int32_t>> by_kind;
  for (std::size_t i = 0; i < kinds.size(); ++i)
    by_kind[kinds[i]].push_back(static_cast<std::int32_t>(i));
  std::uint64_t ways = 1;
  for (const auto& [kind, nodes] : by_kind) {
    for (std::uint64_t i = 2; i <= nodes.size() && ways <= renamings_max; ++i) ways *= i;
  }
  if (ways > renamings_max) {
    return Error{"symmetry: nodes of the same role can change places in more than " +
                 std::to_string(renamings_max) + " ways; expected fewer of them"};
  }
  Renaming identity;
  for (std::size_t i = 0; i < kinds.size(); ++i)
    identity.to.push_back(static_cast<std::int32_t>(i));
  // Every arrangement of one kind, for every arrangement of the kinds before it.
  std::vector<Renaming> all{identity};
  for (const auto& [kind, nodes] : by_kind) {
    std::vector<Renaming> more;
    for (const Renaming& renaming : all) {
      std::vector<std::int32_t> places = nodes;
      do {
        more.push_back(renaming);
        for (std::size_t i = 0; i < nodes.size(); ++i)
          more.back().to[static_cast<std::size_t>(nodes[i])] = places[i];
      } while (std::next_permutation(places.begin(), places.end()));
    }
    all = std::move(more);
  }
  std::erase_if(all, [&](const Renaming& one) { return one.to == identity.to || !fits(one); });
  return all;
}

std::vector<std::vector<std::int32_t>> interchangeable(const std::vector<Renaming>& renamings) {
  std::map<std::int32_t, std::vector<std::int32_t>> groups;  // by the first of each
  const std::size_t count = renamings.empty() ? 0 : renamings[0].to.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::int32_t first = static_cast<std::int32_t>(i);
    for (const Renaming& renaming : renamings) first = std::min(first, renaming.to[i]);
    groups[first].push_back(static_cast<std::int32_t>(i));
  }
  std::vector<std::vector<std::int32_t>> found;
  for (auto& [first, nodes] : groups) {
    if (nodes.size() > 1) found.push_back(std::move(nodes));
  }
  return found;
}

}  // namespace netsplit::check
