// A replica that takes writes, hands them over and compares itself with others in the background;
// and the client that uses it.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/anti_entropy/hash_tree.h"
#include "core/protocols/parts/versioned_cell.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::anti_entropy {

enum class Exchange : std::uint8_t { nothing, everything, hash_tree };

struct Params {
  std::int64_t keys = 256;
  std::int64_t hint_tries = 3;
  bool read_repair = true;
  Exchange exchange = Exchange::hash_tree;
  std::int64_t depth = 5;
  std::int64_t hash_bits = 64;
  Time period_us = seconds(1);
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(2);
  FIELDS(keys, hint_tries, read_repair, exchange, depth, hash_bits, period_us, retry_us, give_up_us)
};

using Cell = VersionedCell;  // without a value: loaded before the run
struct KeyCell {
  std::int64_t key = 0;
  Cell cell;
  FIELDS(key, cell)
};

// clang-format off
// Messages. Stored: what the replica has now, be it what it was sent or newer.
struct Put { std::int64_t key = 0; std::int64_t value = 0; std::uint32_t serial = 0;
             FIELDS(key, value, serial) };
struct Get { std::int64_t key = 0; std::uint32_t serial = 0; FIELDS(key, serial) };
struct Done { std::int64_t result = 0; std::uint32_t serial = 0; FIELDS(result, serial) };
struct Store { std::int64_t key = 0; Cell cell; FIELDS(key, cell) };
struct Stored { std::int64_t key = 0; Cell cell; FIELDS(key, cell) };
struct Hashes { std::vector<PlaceHash> places; FIELDS(places) };
// All cells below these places, or what is newer of those that were received.
struct Cells { std::vector<std::int64_t> places; Hidden<std::vector<KeyCell>> cells;
               Hidden<bool> answer;  // with what you have newer
               FIELDS(places, cells, answer) };
using Message = std::variant<Put, Get, Done, Store, Stored, Hashes, Cells>;

// Timers.
struct HandOver { FIELDS_NONE };
struct ExchangeDue { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };
using Timer = std::variant<HandOver, ExchangeDue, GiveUp>;

// A person's requests, to a client.
struct WriteValue { std::int64_t key = 0; std::int64_t value = 1; FIELDS(key, value) };
struct ReadValue { std::int64_t key = 0; FIELDS(key) };
using Request = std::variant<WriteValue, ReadValue>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Replica {
  static constexpr Shape shape = Shape::storage;

  struct Kept {  // a hint: this key's cell is to be handed over
    NodeId home;
    std::int64_t key = 0;
    std::int64_t tries_left = 0;
    FIELDS(home, key, tries_left)
  };
  struct Disk {
    std::vector<Kept> kept;
    std::vector<Cell> cells;                         // by key
    Hidden<std::map<NodeId, std::uint32_t>> served;  // the last write of each client
    Hidden<std::int64_t> cells_shipped, hashes_sent;
    FIELDS(kept, cells, served, cells_shipped, hashes_sent)
  } disk;

  void start(Ctx& ctx) {
    disk.cells.resize(static_cast<std::size_t>(ctx.params().keys));
    if (ctx.params().exchange != Exchange::nothing)
      ctx.set_timer(ExchangeDue{}, 0, ctx.params().period_us);
    if (!disk.kept.empty()) ctx.set_timer(HandOver{}, ctx.params().retry_us);
  }

  // Whatever key a message names, altered on its way perhaps, there is a cell.
  Cell& at(std::int64_t key) {
    return disk.cells[static_cast<std::uint64_t>(key) % disk.cells.size()];
  }
  void take(std::int64_t key, const Cell& cell) {
    if (cell.is_newer_than(at(key))) at(key) = cell;
  }
  static std::vector<NodeId> others(Ctx& ctx) {
    std::vector<NodeId> all = ctx.all<Replica>();
    std::erase(all, ctx.self());
    return all;
  }

  // A write is taken at once, whoever else can be reached, and sent to the others.
  void on(Ctx& ctx, NodeId from, const Put& m) {
    std::uint32_t& last = disk.served.value[from];
    if (m.serial > last) {
      last = m.serial;
      at(m.key) = {m.value, at(m.key).version.next(), {ctx.self()}};
      for (const NodeId other : others(ctx)) {
        ctx.send(other, Store{m.key, at(m.key)});
        if (ctx.params().hint_tries > 0) keep(ctx, other, m.key);
      }
    }
    ctx.send(from, Done{0, m.serial});
  }
  // A read is answered with what is there; then the others are told of it, and tell.
  void on(Ctx& ctx, NodeId from, const Get& m) {
    ctx.send(from, Done{at(m.key).value.value_or(nothing), m.serial});
    if (!ctx.params().read_repair) return;
    for (const NodeId other : others(ctx)) ctx.send(other, Store{m.key, at(m.key)});
  }
  void on(Ctx& ctx, NodeId from, const Store& m) {
    take(m.key, m.cell);
    ctx.send(from, Stored{m.key, at(m.key)});
  }

  // Hinted handoff.
  void keep(Ctx& ctx, NodeId home, std::int64_t key) {
    if (disk.kept.empty()) ctx.set_timer(HandOver{}, ctx.params().retry_us);
    forget(home, key);
    disk.kept.push_back({home, key, ctx.params().hint_tries});
  }
  void forget(NodeId home, std::int64_t key) {
    std::erase_if(disk.kept, [&](const Kept& one) { return one.home == home && one.key == key; });
  }
  void on(Ctx&, NodeId from, const Stored& m) {
    take(m.key, m.cell);
    if (!at(m.key).is_newer_than(m.cell)) forget(from, m.key);
  }
  void on(Ctx& ctx, HandOver) {
    std::erase_if(disk.kept, [](const Kept& one) { return one.tries_left == 0; });
    for (Kept& one : disk.kept) {
      --one.tries_left;
      ctx.send(one.home, Store{one.key, at(one.key)});
    }
    if (!disk.kept.empty()) ctx.set_timer(HandOver{}, ctx.params().retry_us);
  }

  // Anti-entropy, with one other at random. A lost message ends the round; the next begins anew.
  void on(Ctx& ctx, ExchangeDue) {
    ctx.set_timer(ExchangeDue{}, ctx.params().period_us);
    const std::vector<NodeId> all = others(ctx);
    if (all.empty()) return;
    const NodeId other = all[ctx.choose(static_cast<std::uint32_t>(all.size()))];
    const HashTree tree = tree_of(ctx);
    if (ctx.params().exchange == Exchange::hash_tree)
      return tell(ctx, other, {{{HashTree::root, {tree.hash_at(HashTree::root, disk.cells)}}}});
    Cells everything{{}, {}, {true}};
    add_cells(tree, HashTree::root, everything);
    ship(ctx, other, everything);
  }
  // Where it differs, one step down; at the leaves, what is there.
  void on(Ctx& ctx, NodeId from, const Hashes& m) {
    const HashTree tree = tree_of(ctx);
    Hashes below;
    Cells differing{{}, {}, {true}};
    for (const auto& [place, hash] : m.places) {
      if (!tree.has(place) || tree.hash_at(place, disk.cells) == hash.value) continue;
      if (tree.is_leaf(place)) add_cells(tree, place, differing);
      for (std::int64_t next = 2 * place; next <= 2 * place + 1; ++next)
        if (tree.has(next)) below.places.push_back({next, {tree.hash_at(next, disk.cells)}});
    }
    tell(ctx, from, below);
    ship(ctx, from, differing);
  }
  void on(Ctx& ctx, NodeId from, const Cells& m) {
    Cells newer{m.places, {}, {false}};
    for (const auto& [key, cell] : m.cells.value) {
      take(key, cell);
      if (m.answer.value && at(key).is_newer_than(cell))
        newer.cells.value.push_back({key, at(key)});
    }
    ship(ctx, from, newer);
  }
  static HashTree tree_of(Ctx& ctx) {
    return {ctx.params().keys, ctx.params().depth, ctx.params().hash_bits};
  }
  void add_cells(const HashTree& tree, std::int64_t place, Cells& to) const {
    to.places.push_back(place);
    const auto [first, end] = tree.range_of(place);
    for (std::int64_t key = first; key < end; ++key)
      to.cells.value.push_back({key, disk.cells[static_cast<std::size_t>(key)]});
  }
  void tell(Ctx& ctx, NodeId to, const Hashes& m) {
    if (m.places.empty()) return;
    disk.hashes_sent.value += static_cast<std::int64_t>(m.places.size());
    ctx.send(to, m);
  }
  void ship(Ctx& ctx, NodeId to, const Cells& m) {
    if (m.cells.value.empty()) return;
    disk.cells_shipped.value += static_cast<std::int64_t>(m.cells.value.size());
    ctx.send(to, m);
  }

  std::string caption(NodeNames) const {
    const auto written = std::count_if(disk.cells.begin(), disk.cells.end(),
                                       [](const Cell& cell) { return cell.value.has_value(); });
    std::string text = "keys written: " + std::to_string(written);
    if (disk.cells.size() == 1)
      text = written == 0 ? "empty" : std::to_string(*disk.cells[0].value);
    return disk.kept.empty() ? text : text + " · hints: " + std::to_string(disk.kept.size());
  }
  FIELDS(disk)
};

struct Client {
  static constexpr Shape shape = Shape::client;
  struct Wish {
    bool write = false;
    std::int64_t key = 0;
    std::int64_t value = 0;
    FIELDS(write, key, value)
  };
  std::vector<Wish> wishes;  // the first is under way
  Hidden<std::uint32_t> serial;

  void on(Ctx& ctx, const WriteValue& r) { want(ctx, {true, r.key, r.value}); }
  void on(Ctx& ctx, const ReadValue& r) { want(ctx, {false, r.key, 0}); }
  void want(Ctx& ctx, Wish wish) {
    wish.key = static_cast<std::int64_t>(static_cast<std::uint64_t>(wish.key) %
                                         static_cast<std::uint64_t>(ctx.params().keys));
    wishes.push_back(wish);
    if (wishes.size() == 1) begin(ctx);
  }
  void begin(Ctx& ctx) {
    if (wishes.empty()) return;
    const auto& [write, key, value] = wishes.front();
    serial.value = ctx.invoke({write ? "write" : "read", key, value, 0});
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
    const std::vector<NodeId> all = ctx.all<Replica>();
    const NodeId own =
        all.empty() ? nobody : all[static_cast<std::size_t>(ctx.self().value) % all.size()];
    if (write) return ctx.send(own, Put{key, value, serial.value});
    ctx.send(own, Get{key, serial.value});
  }
  void on(Ctx& ctx, NodeId, const Done& m) {
    if (!wishes.empty() && m.serial == serial.value) finish(ctx, Outcome::ok, m.result);
  }
  void on(Ctx& ctx, GiveUp) {
    finish(ctx, wishes.front().write ? Outcome::unknown : Outcome::failed, 0);
  }
  void finish(Ctx& ctx, Outcome outcome, std::int64_t result) {
    ctx.complete(serial.value, outcome, result);
    ctx.cancel_timer(GiveUp{});
    wishes.erase(wishes.begin());
    begin(ctx);
  }
  std::string caption(NodeNames) const { return wishes.empty() ? "" : "waits"; }
  FIELDS(wishes, serial)
};

}  // namespace netsplit::anti_entropy
