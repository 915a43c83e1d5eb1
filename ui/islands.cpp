#include "ui/islands.h"

#include <algorithm>
#include <set>

#include "ui/strings.h"

namespace netsplit::ui {
namespace {

using Group = std::vector<NodeId>;

std::size_t at(NodeId id) { return static_cast<std::size_t>(id.value); }

std::string listed(const Session& session, const Group& ids) {
  constexpr std::size_t named_max = 3;
  if (ids.size() > named_max + 1) return say(t().nodes_many, {std::to_string(ids.size())});
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i != 0) text += i + 1 == ids.size() ? std::string(t().list_and) : ", ";
    text += session.node_name(ids[i]);
  }
  return text;
}

class Flood {
 public:
  Flood(std::size_t count, const std::vector<LinkShown>& links) : out_(count), in_(count) {
    for (const LinkShown& link : links) {
      if (!link.cut_ab) add(link.a, link.b);
      if (!link.cut_ba) add(link.b, link.a);
    }
  }
  std::vector<bool> from(NodeId id) const { return walk(out_, id); }
  std::vector<bool> to(NodeId id) const { return walk(in_, id); }

 private:
  using Edges = std::vector<Group>;
  void add(NodeId from, NodeId to) {
    out_[at(from)].push_back(to);
    in_[at(to)].push_back(from);
  }
  static std::vector<bool> walk(const Edges& edges, NodeId first) {
    std::vector<bool> seen(edges.size());
    Group open{first};
    seen[at(first)] = true;
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      for (const NodeId next : edges[at(id)]) {
        if (seen[at(next)]) continue;
        seen[at(next)] = true;
        open.push_back(next);
      }
    }
    return seen;
  }
  Edges out_, in_;
};

// Whom it cannot reach, and who cannot reach it.
Island described(const Session& session, const Group& nodes, const Group& unreached,
                 const Group& unreaching) {
  Island island{nodes, {}, unreached != unreaching};
  const std::string own = listed(session, nodes);
  if (!unreached.empty() && unreaching.empty()) {
    island.caption = say(t().not_heard, {own, listed(session, unreached)});
  } else if (unreached.empty()) {
    island.caption = say(t().deaf, {own, listed(session, unreaching)});
  } else {
    island.caption = say(t().unreachable, {own, listed(session, unreached)});
  }
  return island;
}

struct Part {
  Group nodes, unreached, unreaching;
};

std::vector<Part> parts_of(const Session& session, const std::vector<LinkShown>& links) {
  const auto count = static_cast<std::size_t>(session.node_count());
  std::vector<bool> has_link(count);
  for (const LinkShown& link : links) has_link[at(link.a)] = has_link[at(link.b)] = true;
  const Flood reach(count, links);
  std::vector<Part> parts;
  std::vector<bool> placed(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (placed[i] || !has_link[i]) continue;
    const NodeId first{static_cast<std::int32_t>(i)};
    const std::vector<bool> from = reach.from(first);
    const std::vector<bool> to = reach.to(first);
    Part part;
    for (std::size_t k = 0; k < count; ++k) {
      if (!has_link[k]) continue;
      const NodeId id{static_cast<std::int32_t>(k)};
      if (from[k] && to[k]) {
        part.nodes.push_back(id);
        placed[k] = true;
      }
      if (!from[k]) part.unreached.push_back(id);
      if (!to[k]) part.unreaching.push_back(id);
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// Two servers that never talk are no islands because their clients were cut off: parts between
// which nothing is cut belong together. True when there were such.
bool join_what_nothing_parts(const Session& session, const std::vector<Part>& parts,
                             std::vector<LinkShown>& links) {
  const auto open = [&](const Part& one, const Part& other) {
    for (const NodeId a : one.nodes) {
      for (const NodeId b : other.nodes) {
        if (session.link(a, b) == LinkState::cut || session.link(b, a) == LinkState::cut)
          return false;
      }
    }
    return true;
  };
  bool any = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t k = i + 1; k < parts.size(); ++k) {
      if (!open(parts[i], parts[k])) continue;
      links.push_back({parts[i].nodes.front(), parts[k].nodes.front(), false, false});
      any = true;
    }
  }
  return any;
}

}  // namespace

std::vector<Island> islands_of(const Session& session, std::vector<LinkShown> links) {
  const bool any_cut = std::any_of(
      links.begin(), links.end(), [](const LinkShown& link) { return link.cut_ab || link.cut_ba; });
  if (!any_cut) return {};
  std::vector<Part> parts = parts_of(session, links);
  if (join_what_nothing_parts(session, parts, links)) parts = parts_of(session, links);
  if (parts.size() < 2) return {};
  const auto mainland = std::max_element(
      parts.begin(), parts.end(),
      [](const Part& a, const Part& b) { return a.nodes.size() < b.nodes.size(); });
  std::vector<Island> islands;
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    if (part == mainland) continue;
    islands.push_back(described(session, part->nodes, part->unreached, part->unreaching));
  }
  return islands;
}

std::vector<Island> islands_of_script(const Session& session) {
  std::vector<Island> islands;
  const std::vector<Input>& script = session.setup().script;
  const auto count = static_cast<std::size_t>(session.node_count());
  const auto applied = std::min(static_cast<std::size_t>(session.script_applied()), script.size());
  for (std::size_t i = 0; i < applied; ++i) {
    const Input& input = script[i];
    if (input.action == Action::heal) {
      std::erase_if(islands, [&](const Island& island) {
        return input.groups.empty() || island.nodes == input.groups[0];
      });
    } else if (input.action == Action::partition || input.action == Action::isolate) {
      for (const Group& group : input.groups) {
        const std::string own = listed(session, group);
        const std::string others = say(t().nodes_many, {std::to_string(count - group.size())});
        islands.push_back({group,
                           say(input.one_way ? t().not_heard : t().unreachable, {own, others}),
                           input.one_way});
      }
    }
  }
  return islands;
}

}  // namespace netsplit::ui
