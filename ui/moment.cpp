#include "ui/moment.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "core/base/hash.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

std::uint64_t mark_of(const Row& row, std::uint64_t mark) {
  for (const char c : row.text) mark = (mark ^ static_cast<unsigned char>(c)) * 1099511628211u;
  mark = (mark ^ static_cast<std::uint64_t>(row.number)) * 1099511628211u;
  for (const Row& child : row.children) mark = mark_of(child, mark);
  return mark;
}

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

// Fields tell what they are: the first token or epoch becomes the badge, the first word or number
// the text inside the node.
void read_state(const Row& state, NodeShown& node) {
  node.badge = Hint::none;
  node.inside.clear();
  bool counted = false;
  for_each_leaf(state, {}, false, [&](const std::string& name, const Row& row, bool) {
    const bool badge = row.hint == Hint::token || row.hint == Hint::epoch;
    if (badge && node.badge == Hint::none && row.number != 0) {
      node.badge = row.hint;
      node.badge_name = name;
      node.badge_number = row.number;
    }
    if (!node.inside.empty() || row.text.empty() || row.text == "none" || row.text == "\"\"")
      return;
    switch (row.hint) {
      case Hint::text:
      case Hint::choice:
        node.inside = row.text;
        break;
      case Hint::node:
        if (row.number >= 0) node.inside = row.text;
        break;
      case Hint::number:
        // A number says nothing without its name, which must fit; a later one matters less.
        if (!counted && name.size() + row.text.size() <= 7)
          node.inside = words(name) + " " + row.text;
        counted = true;
        break;
      default:
        break;
    }
  });
  say_once(node);
}

std::string listed(const std::vector<NodeId>& ids, const std::vector<NodeShown>& nodes) {
  std::string text;
  constexpr std::size_t shown_max = 3;
  for (std::size_t i = 0; i < ids.size() && i < shown_max; ++i) {
    if (i != 0) text += ids.size() <= shown_max && i + 1 == ids.size() ? " and " : ", ";
    text += nodes[static_cast<std::size_t>(ids[i].value)].name;
  }
  if (ids.size() > shown_max) text += ", \xE2\x80\xA6";
  return text;
}

}  // namespace

bool Moment::refresh(Timeline& timeline, std::uint64_t generation, NodeId selected, bool playing,
                     double now_s) {
  const bool compare = !playing;
  const bool new_run = generation != generation_;
  const bool moved = new_run || timeline.branch() != branch_ || timeline.cursor_step() != step_;
  const bool fresh = new_run || timeline.branch() != branch_;
  if (moved) {
    const Session& session = timeline.session();
    // After a jump everything has changed, which says nothing.
    const std::uint64_t reached = timeline.cursor_step();
    const bool walked = !fresh && reached > step_ && (playing || reached == step_ + 1);
    take_nodes(session, walked ? now_s : -1e9, fresh);
    if (fresh || session.script_applied() != applied_) take_links(session);
    take_messages(session);
    timers = session.timers();
    applied_ = session.script_applied();
    generation_ = generation;
    branch_ = timeline.branch();
    step_ = timeline.cursor_step();
  }
  const bool compare_now = compare && !compared_;
  if (!moved && selected == selected_ && !compare_now) return moved;

  inspected = selected;
  if (selected != selected_ || fresh) before = {};
  const Row last = view.state;
  const bool same_node = view.id == selected && !fresh;
  selected_ = selected;
  compared_ = compare;
  if (selected == nobody) return moved;
  view = timeline.session().node(selected);
  if (!compare) {
    // While playing, what was there before the last change is known without going back.
    if (same_node && !(last == view.state)) before = last;
    return moved;
  }
  before = view.state;
  const std::uint64_t step = timeline.cursor_step();
  const Time looking_us = timeline.cursor_us();
  if (step > 0) {
    const bool between = looking_us > timeline.session().now_us();
    timeline.seek_step(step - 1);
    before = timeline.session().node(selected).state;
    timeline.seek_step(step);
    if (between) timeline.seek_time(looking_us);
  }
  return moved;
}

void Moment::take_nodes(const Session& session, double now_s, bool fresh) {
  const auto count = static_cast<std::size_t>(session.node_count());
  const bool renamed = fresh || nodes.size() != count;
  if (renamed) nodes.assign(count, {});
  const bool detail = detailed();
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId id{static_cast<std::int32_t>(i)};
    NodeShown& node = nodes[i];
    if (renamed) {
      const auto role = static_cast<std::size_t>(session.node_role(id));
      node.shape = session.protocol().roles[role].shape;
      if (count <= drawn_links_nodes_max) node.name = session.node_name(id);
    }
    const Condition condition = session.node_condition(id);
    if (condition != node.condition && !renamed) node.changed_s = now_s;
    node.condition = condition;
    if (!detail) continue;
    const NodeView seen = session.node(id);
    node.since_us = seen.since_us;
    node.caption = seen.caption;
    node.waiting = seen.waiting;
    node.wall_error_us = seen.wall_error_us;
    const std::uint64_t mark = mark_of(seen.state, 14695981039346656037u);
    if (mark != node.state_mark && !renamed) node.changed_s = now_s;
    node.state_mark = mark;
    read_state(seen.state, node);
  }
}

void Moment::describe(const Timeline& timeline, NodeId id) {
  NodeShown& node = nodes[static_cast<std::size_t>(id.value)];
  if (detailed()) return;
  const NodeView seen = timeline.session().node(id);
  node.name = seen.name;
  node.caption = seen.caption;
  node.since_us = seen.since_us;
  node.waiting = seen.waiting;
  node.wall_error_us = seen.wall_error_us;
  read_state(seen.state, node);
}

void Moment::take_links(const Session& session) {
  links.clear();
  islands.clear();
  const std::int32_t count = session.node_count();
  if (count > drawn_links_nodes_max) return;
  for (std::int32_t a = 0; a < count; ++a) {
    for (std::int32_t b = a + 1; b < count; ++b) {
      if (!session.linked({a}, {b})) continue;
      links.push_back({{a},
                       {b},
                       session.link({a}, {b}) == LinkState::cut,
                       session.link({b}, {a}) == LinkState::cut});
    }
  }
  find_islands();
}

void Moment::find_islands() {
  const bool any_cut = std::any_of(
      links.begin(), links.end(), [](const LinkShown& link) { return link.cut_ab && link.cut_ba; });
  if (!any_cut) return;
  std::vector<std::int32_t> root(nodes.size());
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](std::int32_t id) {
    while (root[static_cast<std::size_t>(id)] != id) id = root[static_cast<std::size_t>(id)];
    return id;
  };
  std::vector<bool> has_link(nodes.size());
  for (const LinkShown& link : links) {
    has_link[static_cast<std::size_t>(link.a.value)] = true;
    has_link[static_cast<std::size_t>(link.b.value)] = true;
    if (link.cut_ab && link.cut_ba) continue;
    root[static_cast<std::size_t>(find(link.a.value))] = find(link.b.value);
  }
  std::vector<std::vector<NodeId>> groups(nodes.size());
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(nodes.size()); ++i) {
    if (has_link[static_cast<std::size_t>(i)])
      groups[static_cast<std::size_t>(find(i))].push_back({i});
  }
  std::erase_if(groups, [](const auto& group) { return group.empty(); });
  if (groups.size() < 2) return;
  // The largest part is the mainland; every other one is drawn as cut off from it.
  const auto mainland =
      std::max_element(groups.begin(), groups.end(),
                       [](const auto& a, const auto& b) { return a.size() < b.size(); });
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    if (group == mainland) continue;
    std::vector<NodeId> others;
    for (const auto& other : groups) {
      if (&other != &*group) others.insert(others.end(), other.begin(), other.end());
    }
    islands.push_back(
        {*group, say(t().unreachable, {listed(*group, nodes), listed(others, nodes)})});
  }
}

void Moment::take_messages(const Session& session) {
  std::unordered_map<MessageId, std::string> kept;
  for (std::size_t i = 0; i < labels.size(); ++i)
    kept.emplace(messages[i].id, std::move(labels[i]));
  messages = session.messages();
  labels.clear();
  if (messages.size() > labelled_messages_max) return;
  for (const MessageView& message : messages) {
    const auto at = kept.find(message.id);
    labels.push_back(at != kept.end() ? at->second : label_of(session, message));
  }
}

}  // namespace netsplit::ui
