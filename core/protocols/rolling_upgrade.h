// A rolling upgrade: two versions of one program read each other's messages.
//
// "The network is homogeneous" is the eighth of the eight fallacies of distributed computing, the
// one that Gosling added. Orders go through a chain of services, each of which reads what the one
// before has written and writes it on. They are upgraded one by one, so that for a while old and
// new ones talk. Version 1 wrote a struct as it lay in memory: field after field, in the byte order
// of its machine. Version 2 has a new field between the old ones, counts in cents instead of euros,
// and runs on machines of the other byte order. Whoever reads by position then reads numbers that
// nobody wrote; and nothing fails, since any bytes are a number.
//
// Three remedies. Tags: each field says which one it is, in an agreed byte order, so that a reader
// finds its own and skips the rest. Unknown fields are kept: an old service in the middle writes on
// what it does not understand. Negotiation: a reader says its version, and for an old one the
// writer adds what the old one needs; a tag alone does not help who looks for euros.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994), and Gosling (1997); Slee, Agarwal
// and Kwiatkowski, "Thrift" (2007), section 5, for tags and versions. Simplified: numbers of two
// bytes; a service that has not said its version is taken for an old one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::rolling_upgrade {

enum class Encoding : std::uint8_t { positional, tagged };

struct Params {
  Encoding encoding = Encoding::tagged;
  bool keep_unknown = true;
  bool negotiate = true;
  std::int64_t orders = 30;
  Time period_us = milliseconds(200);
  FIELDS(encoding, keep_unknown, negotiate, orders, period_us)
};

// What an order says; euros are whole. Version 1 knows no currency: all is in euros.
struct Order {
  std::int64_t number = 0;
  std::int64_t cents = 0;
  std::int64_t currency = 1;  // 1 euro, 2 dollar
  FIELDS(number, cents, currency)
};
using Bytes = std::vector<std::uint8_t>;

// clang-format off
// Messages. What the bytes meant to whoever wrote them first is for the properties alone.
struct Record { Bytes bytes; Hidden<Order> meant; FIELDS(bytes, meant) };
struct Hello { std::int64_t version = 0; FIELDS(version) };  // "this is what I read"
using Message = std::variant<Record, Hello>;

// Timers.
struct NextOrder { FIELDS_NONE };
using Timer = std::variant<NextOrder>;

// A person's request: the program is replaced by its version 2.
struct Upgrade { FIELDS_NONE };
// clang-format on
using Request = std::variant<Upgrade>;

using Ctx = Context<Message, Timer, Params>;

// Two bytes, the high one first or last.
inline void put(Bytes& bytes, std::int64_t value, bool high_first) {
  const auto high = static_cast<std::uint8_t>(value >> 8 & 0xff);
  const auto low = static_cast<std::uint8_t>(value & 0xff);
  bytes.push_back(high_first ? high : low);
  bytes.push_back(high_first ? low : high);
}
inline std::int64_t get(const Bytes& bytes, std::size_t at, bool high_first) {
  if (at + 1 >= bytes.size()) return 0;
  return high_first ? bytes[at] << 8 | bytes[at + 1] : bytes[at + 1] << 8 | bytes[at];
}

enum Tag : std::uint8_t { number = 1, euros = 2, currency = 3, cents = 4 };
using Tagged = std::map<std::uint8_t, std::int64_t>;

struct Service {
  static constexpr Shape shape = Shape::server;
  struct Disk {
    std::int64_t version = 1;
    std::int64_t ordered = 0;
    FIELDS(version, ordered)
  } disk;
  std::int64_t next_version = 1;  // of the service after this one, as far as it has said
  Order order;                    // the last one that was read, or placed
  Hidden<Order> meant;
  std::int64_t misread = 0;

  // Version 2 runs on new machines: the high byte comes first in their memory.
  bool high_first() const { return disk.version == 2; }

  void start(Ctx& ctx) {
    say_version(ctx);
    if (is_first(ctx)) ctx.set_timer(NextOrder{}, ctx.params().period_us);
  }
  void say_version(Ctx& ctx) const {
    if (ctx.params().negotiate && !is_first(ctx))
      ctx.send(NodeId{ctx.self().value - 1}, Hello{disk.version});
  }
  void on(Ctx& ctx, const Upgrade&) {
    disk.version = 2;
    say_version(ctx);
  }
  void on(Ctx&, NodeId, const Hello& m) { next_version = m.version; }
  static bool is_first(Ctx& ctx) { return ctx.self() == NodeId{0}; }

  void on(Ctx& ctx, NextOrder) {
    if (disk.ordered >= ctx.params().orders) return;
    ctx.set_timer(NextOrder{}, ctx.params().period_us);
    const std::int64_t placed = ++disk.ordered;
    // Every third order is in dollars, once there are any.
    order = {placed, 1'900 + placed * 100, disk.version == 2 && placed % 3 == 0 ? 2 : 1};
    meant.value = order;
    write(ctx, {});
  }

  void on(Ctx& ctx, NodeId, const Record& m) {
    Tagged unknown;
    order = ctx.params().encoding == Encoding::positional ? read_by_position(m.bytes)
                                                          : read_by_tag(m.bytes, unknown);
    meant = m.meant;
    // Who is old cannot read the currency, and does not claim to.
    Order expected = meant.value;
    if (disk.version == 1) expected.currency = order.currency;
    misread += order == expected ? 0 : 1;
    if (!ctx.params().keep_unknown) unknown.clear();
    write(ctx, unknown);
  }

  Order read_by_position(const Bytes& bytes) const {
    const bool high = high_first();
    if (disk.version == 1) return {get(bytes, 0, high), get(bytes, 2, high) * 100, 1};
    return {get(bytes, 0, high), get(bytes, 4, high), get(bytes, 2, high)};
  }
  Order read_by_tag(const Bytes& bytes, Tagged& unknown) const {
    Tagged fields;
    for (std::size_t at = 0; at + 2 < bytes.size(); at += 3)
      fields[bytes[at]] = get(bytes, at + 1, true);
    if (disk.version == 1) {
      unknown = fields;
      unknown.erase(Tag::number);
      unknown.erase(Tag::euros);
      return {fields[Tag::number], fields[Tag::euros] * 100, 1};
    }
    const bool old = !fields.contains(Tag::cents);  // written by version 1, in euros
    return {fields[Tag::number], old ? fields[Tag::euros] * 100 : fields[Tag::cents],
            fields.contains(Tag::currency) ? fields[Tag::currency] : 1};
  }

  // To the next one, if there is one.
  void write(Ctx& ctx, const Tagged& unknown) const {
    const NodeId to{ctx.self().value + 1};
    if (to.value >= ctx.node_count()) return;
    Bytes bytes;
    if (ctx.params().encoding == Encoding::positional) {
      put(bytes, order.number, high_first());
      if (disk.version == 2) put(bytes, order.currency, high_first());
      put(bytes, disk.version == 2 ? order.cents : order.cents / 100, high_first());
    } else {
      Tagged fields = unknown;
      fields[Tag::number] = order.number;
      if (disk.version == 2) {
        fields[Tag::cents] = order.cents;
        fields[Tag::currency] = order.currency;
      }
      if (disk.version == 1 || (ctx.params().negotiate && next_version == 1))
        fields[Tag::euros] = order.cents / 100;
      for (const auto& [tag, value] : fields) {
        bytes.push_back(tag);
        put(bytes, value, true);
      }
    }
    ctx.send(to, Record{bytes, meant});
  }

  std::string caption(NodeNames) const {
    std::string text = "version " + std::to_string(disk.version);
    if (order.number != 0)
      text += ": order " + std::to_string(order.number) + ", " + std::to_string(order.cents / 100) +
              (order.currency == 1   ? " EUR"
               : order.currency == 2 ? " USD"
                                     : " ???");
    return text;
  }
  FIELDS(disk, next_version, order, meant, misread)
};

struct Protocol;

inline Verdict read_as_written(const View<Protocol>& view);
inline std::int64_t misread(const View<Protocol>& view);

struct Protocol {
  using Message = rolling_upgrade::Message;
  using Timer = rolling_upgrade::Timer;
  using Request = rolling_upgrade::Request;
  using Node = std::variant<Service>;
  using Params = rolling_upgrade::Params;
  static constexpr std::string_view name = "rolling_upgrade";
  static constexpr std::string_view title = "Rolling upgrade";
  static constexpr std::string_view sentence =
      "Orders go through a chain of services, which are upgraded one by one.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::encoding>(
            "encoding",
            "Fields by position, in the byte order of the writer's machine; or each with a tag, in "
            "one byte order."),
        flag_parameter<&Params::keep_unknown>(
            "keep_unknown", "A service writes on the tagged fields that it does not know."),
        flag_parameter<&Params::negotiate>(
            "negotiate", "A service says its version, and an old one is written to in its terms."),
        count_parameter<&Params::orders>("orders", 0, 1'000, "Orders that the first one places."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "Time between two orders."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {{"read_as_written", "No field is read with a value that was not written.",
             PropertyKind::always, read_as_written}};
  }
  static std::vector<Meter<Protocol>> meters() {
    return {{"misread", MeterUnit::count, "Orders that a service has read wrongly.", misread}};
  }
};

inline Verdict read_as_written(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Service>([&](NodeId id, const Service& service) {
    if (service.misread == 0 || !verdict.holds) return;
    const auto in_words = [](const Order& order) {
      return "order " + std::to_string(order.number) + ", " + std::to_string(order.cents) +
             " cents, currency " + std::to_string(order.currency);
    };
    verdict = violated(view.name(id) + " reads " + in_words(service.order) +
                           "; what was written is " + in_words(service.meant.value) + ".",
                       {id});
  });
  return verdict;
}

inline std::int64_t misread(const View<Protocol>& view) {
  std::int64_t sum = 0;
  view.for_each<Service>([&](NodeId, const Service& service) { sum += service.misread; });
  return sum;
}

}  // namespace netsplit::rolling_upgrade
