#include "ui/moment.h"

#include <algorithm>

#include "ui/message_label.h"
#include "ui/node_reading.h"

namespace netsplit::ui {
namespace {

constexpr std::uint64_t compared_replay_max = 4'000;  // steps

std::uint64_t mark_of(const Row& row, std::uint64_t mark) {
  for (const char c : row.text) mark = (mark ^ static_cast<unsigned char>(c)) * 1099511628211u;
  mark = (mark ^ static_cast<std::uint64_t>(row.number)) * 1099511628211u;
  for (const Row& child : row.children) mark = mark_of(child, mark);
  return mark;
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
    timers.clear();
    if (detailed()) timers = session.timers();
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
  // Going back for it must not take longer than a frame; a long way is not gone.
  if (step > 0 && timeline.replayed_steps(step - 1) <= compared_replay_max) {
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
    const std::uint64_t mark = mark_of(seen.state, 14695981039346656037u);
    if (mark != node.state_mark && !renamed) node.changed_s = now_s;
    node.state_mark = mark;
    read_node(seen, node);
  }
}

void Moment::describe(const Timeline& timeline, NodeId id) {
  NodeShown& node = nodes[static_cast<std::size_t>(id.value)];
  if (detailed()) return;
  const NodeView seen = timeline.session().node(id);
  node.name = seen.name;
  read_node(seen, node);
}

void Moment::take_links(const Session& session) {
  links.clear();
  const std::int32_t count = session.node_count();
  if (count > drawn_links_nodes_max) {
    islands = islands_of_script(session);
    return;
  }
  for (std::int32_t a = 0; a < count; ++a) {
    for (std::int32_t b = a + 1; b < count; ++b) {
      if (!session.linked({a}, {b})) continue;
      links.push_back({{a},
                       {b},
                       session.link({a}, {b}) == LinkState::cut,
                       session.link({b}, {a}) == LinkState::cut});
    }
  }
  islands = islands_of(session, links);
}

void Moment::take_messages(const Session& session) {
  // An altered message says something else: labels are kept only while inputs change nothing.
  if (session.script_applied() != applied_) labels.clear();
  const auto label = [](const Session& from, const MessageView& message) {
    return message_label(from.protocol().messages[message.kind].name,
                         from.message_content(message.id));
  };
  std::unordered_map<MessageId, std::string> kept;
  for (std::size_t i = 0; i < labels.size(); ++i)
    kept.emplace(messages[i].id, std::move(labels[i]));
  messages = session.messages();
  labels.clear();
  if (messages.size() > labelled_messages_max) return;
  for (const MessageView& message : messages) {
    const auto at = kept.find(message.id);
    labels.push_back(at != kept.end() ? at->second : label(session, message));
  }
}

}  // namespace netsplit::ui
