#include "core/scenario/lesson.h"

#include <algorithm>
#include <string_view>

namespace netsplit {
namespace {

// `path` names a field, "disk.value" one inside a group.
std::string field_text(const Session& session, std::string_view node, std::string_view path) {
  const NodeId id = session.find_node(node);
  if (id == nobody) return {};
  const NodeView view = session.node(id);
  const Row* row = &view.state;
  while (!path.empty() && row != nullptr) {
    const std::string_view head = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(head.size() + 1, path.size()));
    const auto at = std::find_if(row->children.begin(), row->children.end(),
                                 [&](const Row& child) { return child.name == head; });
    row = at == row->children.end() ? nullptr : &*at;
  }
  if (row == nullptr) return {};
  return row->children.empty() ? row->text : brief(*row);
}

}  // namespace

const PropertyState* property_asked(const LessonStep& step, const Session& session) {
  const std::vector<PropertyState>& known = session.properties();
  const auto at = std::find_if(known.begin(), known.end(), [&](const PropertyState& state) {
    return !step.reveal_property.empty() && state.name == step.reveal_property;
  });
  return at == known.end() ? nullptr : &*at;
}

std::string answer_of(const LessonStep& step, const Session& session) {
  if (step.reveal_property.empty()) return field_text(session, step.reveal_node, step.reveal_field);
  const PropertyState* property = property_asked(step, session);
  if (property == nullptr || property->standing == Standing::open || step.answers.size() != 2)
    return {};
  return step.answers[property->standing == Standing::holds ? 0 : 1];
}

}  // namespace netsplit
