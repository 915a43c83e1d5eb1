// WorldModel: what is kept of all that was computed once. Hashes are of content, so that content
// alone is written and shows, when read, whether it is what it was. What handlers made of it is not
// written either: they are called again, and a protocol that has changed since comes to something
// else.
#include "core/check/world_model.h"

namespace netsplit::check {

void WorldModel::keep(KeptWriter& writer) const {
  writer.word(memory_.nodes.size());
  memory_.nodes.for_each([&](std::uint64_t, const NodePart& node) {
    ByteWriter bytes;
    encode(bytes, node.node.value);
    handlers_->write(node, bytes);
    writer.text(bytes.bytes);
  });
  writer.word(memory_.letters.size());
  memory_.letters.for_each([&](std::uint64_t, const Letter& letter) {
    ByteWriter bytes;
    encode(bytes, letter.from);
    encode(bytes, letter.to);
    handlers_->write(letter, bytes);
    writer.text(bytes.bytes);
  });
  writer.word(memory_.networks.size());
  memory_.networks.for_each([&](std::uint64_t, const Network& network) {
    writer.word(network.loose);
    writer.list(network.letters);
  });
  writer.word(memory_.pasts.size());
  memory_.pasts.for_each([&](std::uint64_t, const Past& past) {
    ByteWriter bytes;
    bytes.integer(past.entries.size());
    for (const auto& entry : past.entries) {
      bytes.text(entry.operation.name);
      each_number(entry, [&](const auto& number) { encode(bytes, number); });
    }
    writer.text(bytes.bytes);
  });
  writer.word(memory_.steps.size());
  memory_.steps.for_each([&](std::uint64_t, const LocalSteps& steps) {
    writer.word(static_cast<std::uint64_t>(steps.event.node.value));
    writer.word(static_cast<std::uint64_t>(steps.event.cause));
    writer.word(steps.event.local);
    writer.word(steps.event.detail);
  });
  writer.word(memory_.renamed.size());
  memory_.renamed.for_each([&](std::uint64_t question, std::uint64_t answer) {
    writer.word(question);
    writer.word(answer);
  });
  for (const std::uint64_t word : {memory_.asked_for_more, memory_.undecided, memory_.uneven})
    writer.word(word);
}

bool WorldModel::restore(KeptReader& reader) const {
  memory_ = Memory();
  const bool whole = restore_nodes(reader) && restore_letters(reader) && restore_networks(reader) &&
                     restore_pasts(reader) && restore_steps(reader);
  if (!whole) return false;
  for (std::uint64_t left = reader.word(); reader.ok() && left > 0; --left) {
    const std::uint64_t question = reader.word();
    const std::uint64_t answer = reader.word();
    const bool known = memory_.nodes.find(answer) != nullptr ||
                       memory_.letters.find(answer) != nullptr ||
                       memory_.pasts.find(answer) != nullptr;
    if (!known) return false;
    if (memory_.renamed.find(question) == nullptr) memory_.renamed.add(question, answer);
  }
  memory_.asked_for_more = reader.word();
  memory_.undecided = reader.word();
  memory_.uneven = reader.word();
  return reader.ok();
}

bool WorldModel::restore_nodes(KeptReader& reader) const {
  for (std::uint64_t left = reader.word(); reader.ok() && left > 0; --left) {
    const std::string bytes = reader.text();
    ByteReader from(bytes);
    NodePart node;
    if (!decode(from, node.node.value) || node.node.value < 0 ||
        node.node.value >= topology_->node_count() || !handlers_->read(node, from) ||
        node.lines > lines_[index(node.node)].size())
      return false;
    if (memory_.nodes.find(node.key) != nullptr) return false;
    keep_node(std::move(node), memory_);
  }
  return reader.ok();
}

bool WorldModel::restore_letters(KeptReader& reader) const {
  const auto is_node = [&](NodeId id) {
    return id.value >= 0 && id.value < topology_->node_count();
  };
  for (std::uint64_t left = reader.word(); reader.ok() && left > 0; --left) {
    const std::string bytes = reader.text();
    ByteReader from(bytes);
    Letter letter;
    if (!decode(from, letter.from) || !decode(from, letter.to) || !is_node(letter.from) ||
        !is_node(letter.to) || !handlers_->read(letter, from))
      return false;
    keep_letter(std::move(letter), memory_);
  }
  return reader.ok();
}

bool WorldModel::restore_networks(KeptReader& reader) const {
  for (std::uint64_t left = reader.word(); reader.ok() && left > 0; --left) {
    const std::uint64_t loose = reader.word();
    std::vector<std::uint64_t> letters;
    reader.list<std::uint64_t>(letters);
    if (loose > letters.size()) return false;
    for (const std::uint64_t letter : letters) {
      if (memory_.letters.find(letter) == nullptr) return false;
    }
    keep_network(letters, static_cast<std::size_t>(loose), memory_);
  }
  return reader.ok();
}

bool WorldModel::restore_pasts(KeptReader& reader) const {
  for (std::uint64_t left = reader.word(); reader.ok() && left > 0; --left) {
    const std::string bytes = reader.text();
    ByteReader from(bytes);
    Past past;
    past.entries.resize(count_in(from));
    for (auto& entry : past.entries) {
      entry.operation.name = *operation_names_.emplace(from.text()).first;
      bool good = from.ok();
      each_number(entry, [&](auto& number) { good = good && decode(from, number); });
      if (!good || entry.client < 0 || entry.client >= topology_->node_count()) return false;
    }
    keep_past(std::move(past), memory_);
  }
  return reader.ok();
}

// Nothing may come of a handler now that had not come of it then.
bool WorldModel::restore_steps(KeptReader& reader) const {
  for (std::uint64_t left = reader.word(); reader.ok() && left > 0; --left) {
    const std::uint64_t node = reader.word();
    const std::uint64_t cause = reader.word();
    if (node >= lines_.size() || cause > static_cast<std::uint64_t>(Cause::restart)) return false;
    const Event event{NodeId{static_cast<std::int32_t>(node)}, static_cast<Cause>(cause),
                      reader.word(), reader.word()};
    const NodePart* own = memory_.nodes.find(event.local);
    if (!reader.ok() || own == nullptr || own->node != event.node) return false;
    if (event.cause == Cause::message && memory_.letters.find(event.detail) == nullptr)
      return false;
    if (event.cause == Cause::timer && event.detail >= own->timers) return false;
    if (event.cause == Cause::line && own->lines >= lines_[index(event.node)].size()) return false;
    Memory fresh;
    local_steps(event, fresh);
    if (fresh.nodes.size() > 0 || fresh.letters.size() > 0) return false;
    absorb(fresh);
  }
  return reader.ok();
}

bool WorldModel::knows(const State& state) const {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (memory_.nodes.find(state.nodes[i]) == nullptr) return false;
  }
  return memory_.networks.find(state.network) != nullptr &&
         memory_.pasts.find(state.history) != nullptr;
}

}  // namespace netsplit::check
