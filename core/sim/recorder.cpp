#include "core/sim/recorder.h"

#include <algorithm>

namespace netsplit {

Recorder::Recorder(std::int32_t node_count)
    : width_(node_count <= vector_nodes_max ? node_count : 0),
      nodes_(static_cast<std::size_t>(node_count)),
      vectors_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(width_)) {}

std::span<const std::uint32_t> Recorder::vector(NodeId node) const {
  const auto width = static_cast<std::size_t>(width_);
  return std::span(vectors_).subspan(static_cast<std::size_t>(node.value) * width, width);
}

void Recorder::record(Event& event, std::uint32_t slot) {
  const bool stamped = is_local(event.kind) && event.node != nobody;
  if (stamped) tick(event, slot);
  hasher_.integer(static_cast<std::uint64_t>(event.at_us));
  hasher_.integer(static_cast<std::uint64_t>(event.kind) |
                  static_cast<std::uint64_t>(event.loss) << 8 |
                  static_cast<std::uint64_t>(event.label) << 16 |
                  static_cast<std::uint64_t>(static_cast<std::uint32_t>(event.node.value)) << 32);
  hasher_.integer(static_cast<std::uint64_t>(static_cast<std::uint32_t>(event.peer.value)) |
                  event.lamport << 32);
  hasher_.integer(event.message ^ static_cast<std::uint64_t>(event.cause) << 32);
  // What a clock shows is part of the run; most clocks are perfect and show what is hashed already.
  if (event.node != nobody && event.wall_us != event.at_us) {
    hasher_.integer(static_cast<std::uint64_t>(event.wall_us));
  }
  if (!event.payload.empty()) hasher_.text(event.payload);
  marks_.note(event.index + 1, hasher_.digest());
  const auto stamps = stamped && width_ > 0 ? vector(event.node) : std::span<const std::uint32_t>();
  if (traces_[0] != nullptr) traces_[0]->stamp(stamps);
  if (traces_[1] != nullptr) {
    traces_[1]->add() = event;
    traces_[1]->stamp(stamps);
  }
}

void Recorder::make_room(std::uint32_t slot) {
  if (in_flight_.size() > slot) return;
  in_flight_.resize(slot + std::size_t{1});
  in_flight_vectors_.resize((slot + std::size_t{1}) * static_cast<std::size_t>(width_));
}

void Recorder::copy_message(std::uint32_t slot, std::uint32_t copy) {
  make_room(copy);
  in_flight_[copy] = in_flight_[slot];
  const auto width = static_cast<std::ptrdiff_t>(width_);
  std::copy_n(in_flight_vectors_.begin() + slot * width, width,
              in_flight_vectors_.begin() + copy * width);
}

void Recorder::tick(Event& event, std::uint32_t slot) {
  const auto width = static_cast<std::size_t>(width_);
  NodeStamp& own = nodes_[static_cast<std::size_t>(event.node.value)];
  std::uint32_t* own_vector =
      width_ > 0 ? &vectors_[static_cast<std::size_t>(event.node.value) * width] : nullptr;

  // What arrives is merged in first, so that its whole past counts as ours.
  Stamp& mine = own.stamp;
  const Time before_us = mine.hybrid_us;
  if (event.kind == EventKind::deliver) {
    const Stamp& theirs = in_flight_[slot];
    mine.lamport = std::max(mine.lamport, theirs.lamport);
    const Time latest_us = std::max({before_us, theirs.hybrid_us, event.wall_us});
    std::uint32_t count = 0;
    if (latest_us == before_us) count = mine.hybrid_count + 1;
    if (latest_us == theirs.hybrid_us) count = std::max(count, theirs.hybrid_count + 1);
    mine.hybrid_us = latest_us;
    mine.hybrid_count = count;
    for (std::size_t i = 0; i < width; ++i) {
      own_vector[i] = std::max(own_vector[i], in_flight_vectors_[slot * width + i]);
    }
  } else {
    mine.hybrid_us = std::max(before_us, event.wall_us);
    mine.hybrid_count = mine.hybrid_us == before_us ? mine.hybrid_count + 1 : 0;
  }
  ++mine.lamport;
  if (width_ > 0) ++own_vector[static_cast<std::size_t>(event.node.value)];

  if (event.kind == EventKind::send) {
    make_room(slot);
    in_flight_[slot] = mine;
    std::copy_n(own_vector, width,
                in_flight_vectors_.begin() + static_cast<std::ptrdiff_t>(slot * width));
  }

  event.lamport = mine.lamport;
  event.hybrid_us = mine.hybrid_us;
  event.hybrid_count = mine.hybrid_count;
  event.previous = own.last;
  own.last = event.index;
}

std::int64_t Recorder::bytes_held() const {
  return static_cast<std::int64_t>(sizeof(*this) + nodes_.capacity() * sizeof(NodeStamp) +
                                   (vectors_.capacity() + in_flight_vectors_.capacity()) * 4 +
                                   in_flight_.capacity() * sizeof(Stamp));
}

}  // namespace netsplit
