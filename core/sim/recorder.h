// Stamps and hashes what happens. The recorder watches the world and is no part of it: the run is
// the same with or without one.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/hash.h"
#include "core/sim/hash_marks.h"
#include "core/sim/trace.h"

namespace netsplit {

// Lamport's clock (1978), vector clocks (Fidge 1988, Mattern 1989; up to vector_nodes_max nodes)
// and hybrid logical clocks (Kulkarni et al. 2014), kept for every node and every message in
// flight.
class Recorder {
 public:
  struct Stamp {
    std::uint64_t lamport = 0;
    Time hybrid_us = 0;
    std::uint32_t hybrid_count = 0;
  };

  explicit Recorder(std::int32_t node_count);

  // Where events go besides the hash; null keeps none.
  void record_into(Trace* trace, Trace* second) {
    traces_ = {trace != nullptr ? trace : second, trace != nullptr ? second : nullptr};
  }

  // A blank event, already where it will be kept: to be filled in and recorded at once.
  Event& draft() { return traces_[0] != nullptr ? traces_[0]->add() : scratch_ = Event{}; }

  // Stamps and hashes the draft. `slot` is where the world keeps the message, for sends and what
  // ends them.
  void record(Event& draft, std::uint32_t slot);

  // A duplicate carries the stamps of its original.
  void copy_message(std::uint32_t slot, std::uint32_t copy);

  std::uint64_t hash() const { return hasher_.digest(); }
  const HashMarks& marks() const { return marks_; }
  Stamp stamp(NodeId node) const { return nodes_[static_cast<std::size_t>(node.value)].stamp; }
  std::span<const std::uint32_t> vector(NodeId node) const;
  std::int64_t bytes_held() const;

 private:
  struct NodeStamp {
    Stamp stamp;
    EventIndex last = no_event;
  };
  void make_room(std::uint32_t slot);
  void tick(Event& event, std::uint32_t slot);

  std::array<Trace*, 2> traces_{};  // the second only with the first
  Event scratch_;                   // the draft, when nothing is kept
  Hasher hasher_;
  HashMarks marks_;
  std::int32_t width_;
  std::vector<NodeStamp> nodes_;
  std::vector<std::uint32_t> vectors_;  // node * width_ + i
  std::vector<Stamp> in_flight_;        // by slot
  std::vector<std::uint32_t> in_flight_vectors_;
};

}  // namespace netsplit
