// Concurrent writes: two regions change the same value at once, and somebody should notice.
//
// Each region takes writes on its own and sends what it wrote to the others. When a copy arrives,
// is it newer than what is there, older, or neither? Wall clocks and Lamport clocks always name a
// newer one, and the other write is gone without a trace. Vector clocks are comparable only where
// one writer knew of the other's write; else the writes are concurrent, the region keeps both, and
// whoever writes next has seen both and settles it.
//
// Source: Parker et al., "Detection of mutual inconsistency in distributed systems" (IEEE TSE
// 1983); DeCandia et al., "Dynamo: Amazon's highly available key-value store" (SOSP 2007), section
// 4.4. Simplified: one value; a copy that the network loses is not sent again.
#pragma once

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::vector_conflict {

enum class Compare : std::uint8_t { wall_clock, lamport, vector };

struct Params {
  Compare compare = Compare::vector;
  FIELDS(compare)
};

using Vector = PerNode<std::int64_t>;

// Which write it was: whose, and how many that region had made. Only for the properties.
struct WriteId {
  NodeId writer;
  std::int64_t number = 0;
  FIELDS(writer, number)
  friend bool operator<(const WriteId& a, const WriteId& b) {
    return a.number != b.number ? a.number < b.number : a.writer < b.writer;
  }
};

// One write, as it is kept and sent.
struct Version {
  std::int64_t value = 0;
  NodeId writer;
  Vector vector;  // for each region, how many of its writes the writer knew, with this one
  std::int64_t lamport = 0;
  Time wall_us = 0;
  Hidden<WriteId> id;
  Hidden<std::set<WriteId>> known;  // to the writer, when it wrote: the truth about causes
  FIELDS(value, writer, vector, lamport, wall_us, id, known)
};

// clang-format off
// Messages.
struct Copy { Version version; FIELDS(version) };
using Message = std::variant<Copy>;

// A person's request.
struct Write { std::int64_t value = 1; FIELDS(value) };
// clang-format on
using Request = std::variant<Write>;
using Timer = std::variant<Never>;

using Ctx = Context<Message, Timer, Params>;

inline bool at_most(const Vector& a, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
  }
  return true;
}

// Is `a` an earlier version than `b`, by what the parameter names?
inline bool earlier(Compare compare, const Version& a, const Version& b) {
  switch (compare) {
    case Compare::wall_clock:
      return std::pair(a.wall_us, a.writer) < std::pair(b.wall_us, b.writer);
    case Compare::lamport:
      return std::pair(a.lamport, a.writer) < std::pair(b.lamport, b.writer);
    case Compare::vector:
      return at_most(a.vector, b.vector) && a.vector != b.vector;
  }
  return false;
}

struct Region {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    std::vector<Version> versions;  // more than one: a conflict that nobody has settled
    std::int64_t writes = 0;
    std::int64_t lamport = 0;
    Vector vector;
    Hidden<std::set<WriteId>> known;
    FIELDS(versions, writes, lamport, vector, known)
  } disk;
  std::int64_t conflicts = 0;  // that it noticed since it started

  void start(Ctx& ctx) { disk.vector.assign(static_cast<std::size_t>(ctx.node_count()), 0); }
  void restart(Ctx& ctx) {
    if (disk.vector.empty()) start(ctx);
  }

  // Whoever writes has seen what is here, all of it, and replaces it.
  void on(Ctx& ctx, const Write& request) {
    const auto self = static_cast<std::size_t>(ctx.self().value);
    const std::uint32_t number = ctx.invoke({"write", 0, request.value, 0});
    ++disk.writes;
    ++disk.lamport;
    ++disk.vector[self];
    const Version version{request.value, ctx.self(),       disk.vector,
                          disk.lamport,  ctx.wall_clock(), {{ctx.self(), disk.writes}},
                          disk.known};
    disk.known.value.insert(version.id.value);
    disk.versions = {version};
    for (const NodeId other : ctx.all<Region>()) {
      if (other != ctx.self()) ctx.send(other, Copy{version});
    }
    ctx.complete(number, Outcome::ok);
  }

  void on(Ctx& ctx, NodeId, const Copy& m) {
    const Compare compare = ctx.params().compare;
    const Version& version = m.version;
    disk.lamport = std::max(disk.lamport, version.lamport) + 1;
    for (std::size_t i = 0; i < disk.vector.size(); ++i)
      disk.vector[i] = std::max(disk.vector[i], version.vector[i]);
    disk.known.value.insert(version.known.value.begin(), version.known.value.end());
    disk.known.value.insert(version.id.value);
    std::erase_if(disk.versions,
                  [&](const Version& one) { return earlier(compare, one, version); });
    const bool stale = std::any_of(
        disk.versions.begin(), disk.versions.end(),
        [&](const Version& one) { return one.id == version.id || earlier(compare, version, one); });
    if (stale) return;
    if (!disk.versions.empty()) ++conflicts;
    disk.versions.push_back(version);
  }

  std::string caption(NodeNames) const {
    std::string text;
    for (const Version& version : disk.versions)
      text += (text.empty() ? "" : " or ") + std::to_string(version.value);
    if (disk.versions.size() > 1) return "conflict: " + text;
    return text.empty() ? "empty" : "holds " + text;
  }
  FIELDS(disk, conflicts)
};

struct Protocol;

// Always: no write disappears that nobody knew who replaced it.
inline Verdict no_lost_write(const View<Protocol>& view);
// Always: what is kept side by side is concurrent in truth.
inline Verdict no_false_conflict(const View<Protocol>& view);
// Sometimes: a region holds two versions.
inline Verdict conflict_seen(const View<Protocol>& view);
inline std::int64_t conflicts(const View<Protocol>& view);

struct Protocol {
  using Message = vector_conflict::Message;
  using Timer = vector_conflict::Timer;
  using Request = vector_conflict::Request;
  using Node = std::variant<Region>;
  using Params = vector_conflict::Params;
  static constexpr std::string_view name = "vector_conflict";
  static constexpr std::string_view title = "Concurrent writes";
  static constexpr std::string_view sentence =
      "Regions take writes on their own, send each other copies, and decide which one is newer.";
  static constexpr std::int32_t nodes_max = 64;

  static std::vector<Parameter<Params>> parameters() {
    return {choice_parameter<&Params::compare>(
        "compare", "By what a region decides which of two versions is newer.")};
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"no_lost_write", "No write disappears unless by one whose writer knew it.",
         PropertyKind::always, no_lost_write},
        {"no_false_conflict", "Two versions are kept only if neither writer knew the other's.",
         PropertyKind::always, no_false_conflict},
        {"conflict_seen", "Some region notices a conflict.", PropertyKind::sometimes,
         conflict_seen},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {{"conflicts", MeterUnit::count, "How often a region found a conflict.", conflicts}};
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "write " + std::to_string(record.operation.argument);
  }
};

inline std::int64_t conflicts(const View<Protocol>& view) {
  std::int64_t count = 0;
  view.for_each<Region>([&](NodeId, const Region& region) { count += region.conflicts; });
  return count;
}

inline Verdict no_lost_write(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Region>([&](NodeId id, const Region& region) {
    for (const WriteId& write : region.disk.known.value) {
      const auto keeps = [&](const Version& one) {
        return one.id.value == write || one.known.value.contains(write);
      };
      if (std::any_of(region.disk.versions.begin(), region.disk.versions.end(), keeps)) continue;
      verdict = violated(view.name(id) + " let go of write " + std::to_string(write.number) +
                             " by " + view.name(write.writer) +
                             ", and holds nothing that was written by someone who knew it.",
                         {id, write.writer});
      return;
    }
  });
  return verdict;
}

inline Verdict no_false_conflict(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Region>([&](NodeId id, const Region& region) {
    for (const Version& a : region.disk.versions) {
      for (const Version& b : region.disk.versions) {
        if (!b.known.value.contains(a.id.value)) continue;
        verdict = violated(view.name(id) + " keeps " + std::to_string(a.value) + " beside " +
                               std::to_string(b.value) + ", whose writer knew it.",
                           {id, a.writer, b.writer});
      }
    }
  });
  return verdict;
}

inline Verdict conflict_seen(const View<Protocol>& view) {
  Verdict verdict = not_seen();
  view.for_each<Region>([&](NodeId id, const Region& region) {
    if (region.disk.versions.size() < 2) return;
    const Version& a = region.disk.versions[0];
    const Version& b = region.disk.versions[1];
    verdict = seen(view.name(id) + " holds " + std::to_string(a.value) + " by " +
                       view.name(a.writer) + " and " + std::to_string(b.value) + " by " +
                       view.name(b.writer) + ": neither writer knew the other's.",
                   {id});
  });
  return verdict;
}

}  // namespace netsplit::vector_conflict
