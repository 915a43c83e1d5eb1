#include "core/check/local.h"

#include <algorithm>
#include <tuple>

#include "core/base/encode.h"

namespace netsplit::check {
namespace {

void order_ran_out(const WorldTypes& types,
                   std::vector<std::pair<Content, std::uint32_t>>& ran_out) {
  std::stable_sort(ran_out.begin(), ran_out.end(), [&](const auto& a, const auto& b) {
    const Schema& timer = *types.timer.schema;
    return hash_of(timer, a.first.get()) < hash_of(timer, b.first.get());
  });
}

// A Hasher or a ByteWriter.
template <class Sink>
void walk(Sink& sink, const WorldTypes& types, const Local& local) {
  encode(sink, *types.node.schema, local.state.get());
  encode(sink, local.condition);
  encode(sink, local.operations);
  encode(sink, local.lines);
  sink.integer(local.timers.size());
  for (const PendingTimer& pending : local.timers) {
    encode(sink, *types.timer.schema, pending.timer.get());
    encode(sink, pending.low_us);
    encode(sink, pending.high_us);
  }
}

}  // namespace

bool may_fire(const std::vector<PendingTimer>& timers, std::size_t which) {
  for (std::size_t i = 0; i < which; ++i) {
    if (timers[which].low_us > timers[i].high_us) return false;
  }
  return true;
}

void order_timers(const ValueType& timer, std::vector<PendingTimer>& timers) {
  if (timers.size() < 2) return;
  const auto apart = [](const PendingTimer& a, const PendingTimer& b) {
    return a.high_us < b.low_us || b.high_us < a.low_us;
  };
  const auto place = [&](const PendingTimer& one) {
    return std::tuple(one.high_us, one.low_us, bytes_of(*timer.schema, one.timer.get()));
  };
  for (std::size_t at = 0; at < timers.size(); ++at) {
    std::size_t least = at;
    for (std::size_t i = at + 1; i < timers.size(); ++i) {
      bool free = true;
      for (std::size_t j = at; j < i; ++j) free = free && !apart(timers[j], timers[i]);
      if (free && place(timers[i]) < place(timers[least])) least = i;
    }
    std::rotate(timers.begin() + static_cast<std::ptrdiff_t>(at),
                timers.begin() + static_cast<std::ptrdiff_t>(least),
                timers.begin() + static_cast<std::ptrdiff_t>(least) + 1);
  }
}

std::uint64_t Local::hash(const WorldTypes& types, NodeId node) const {
  Hasher hasher;
  encode(hasher, node);
  walk(hasher, types, *this);
  for (const auto& [timer, times] : ran_out) {
    hasher.integer(hash_of(*types.timer.schema, timer.get()));
    hasher.integer(times);
  }
  return hasher.digest();
}

void Local::write(const WorldTypes& types, ByteWriter& writer) const {
  walk(writer, types, *this);
  writer.integer(ran_out.size());
  for (const auto& [timer, times] : ran_out) {
    encode(writer, *types.timer.schema, timer.get());
    encode(writer, times);
  }
}

bool Local::read(const WorldTypes& types, ByteReader& reader) {
  state = read_value(types.node, reader);
  if (state == nullptr || !decode(reader, condition) || !decode(reader, operations) ||
      !decode(reader, lines) || condition > Condition::absent)
    return false;
  timers.resize(count_in(reader));
  for (PendingTimer& pending : timers) {
    pending.timer = read_value(types.timer, reader);
    if (pending.timer == nullptr || !decode(reader, pending.low_us) ||
        !decode(reader, pending.high_us))
      return false;
  }
  ran_out.resize(count_in(reader));
  for (auto& [timer, times] : ran_out) {
    timer = read_value(types.timer, reader);
    if (timer == nullptr || !decode(reader, times)) return false;
  }
  return reader.ok();
}

std::int64_t Local::bytes_held(const WorldTypes& types) const {
  const std::size_t each_timer = types.timer.size;
  const std::size_t bytes = sizeof(*this) + types.node.size +
                            timers.size() * (sizeof(timers[0]) + each_timer) +
                            ran_out.size() * (sizeof(ran_out[0]) + each_timer);
  return static_cast<std::int64_t>(bytes) + bytes_elsewhere(*types.node.schema, state.get());
}

std::uint32_t Local::times_ran_out(const WorldTypes& types, const void* timer) const {
  for (const auto& [one, times] : ran_out) {
    if (types.same_timer(one.get(), timer)) return times;
  }
  return 0;
}

void Local::count_running_out(const WorldTypes& types, const Content& timer) {
  for (auto& [one, times] : ran_out) {
    if (types.same_timer(one.get(), timer.get())) {
      ++times;
      return;
    }
  }
  ran_out.emplace_back(timer, 1u);
  order_ran_out(types, ran_out);
}

void Local::rename(const WorldTypes& types, const Renaming& renaming) {
  state = check::renamed(types.node, state.get(), renaming);
  for (PendingTimer& pending : timers)
    pending.timer = check::renamed(types.timer, pending.timer.get(), renaming);
  for (auto& [timer, times] : ran_out) timer = check::renamed(types.timer, timer.get(), renaming);
  order_timers(types.timer, timers);
  order_ran_out(types, ran_out);
}

std::shared_ptr<void> renamed(const ValueType& type, const void* value, const Renaming& renaming) {
  std::shared_ptr<void> other = copy_value(type, value);
  rename(*type.schema, other.get(), renaming);
  return other;
}

}  // namespace netsplit::check
