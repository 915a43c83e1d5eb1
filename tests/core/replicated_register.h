// A protocol for the judge's tests: writes go to a primary, reads to its backup. A primary that
// does not wait for the backup says "stored" of what nobody can read yet. A copy of a message would
// write an old value again: the network must not make any.
#pragma once

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::test::replicated_register {

struct Params {
  bool wait_for_backup = true;
  FIELDS(wait_for_backup)
};

// clang-format off
struct Put { std::int64_t value = 0; std::uint32_t operation = 0; FIELDS(value, operation) };
struct Stored { std::uint32_t operation = 0; FIELDS(operation) };
struct Copy { Put put; NodeId writer; FIELDS(put, writer) };
struct Copied { std::uint32_t operation = 0; NodeId writer; FIELDS(operation, writer) };
struct Get { std::uint32_t operation = 0; FIELDS(operation) };
struct Value { std::int64_t value = 0; std::uint32_t operation = 0; FIELDS(value, operation) };
using Message = std::variant<Put, Stored, Copy, Copied, Get, Value>;

struct Write { std::int64_t value = 0; FIELDS(value) };
struct Read { FIELDS_NONE };
using Request = std::variant<Write, Read>;
// clang-format on
using Timer = std::variant<Never>;
using Ctx = Context<Message, Timer, Params>;

struct Disk {
  std::int64_t value = nothing;
  FIELDS(value)
};

struct Backup {
  static constexpr Shape shape = Shape::storage;
  Disk disk;

  void on(Ctx& ctx, NodeId from, const Copy& m) {
    disk.value = m.put.value;
    ctx.send(from, Copied{m.put.operation, m.writer});
  }
  void on(Ctx& ctx, NodeId from, const Get& m) { ctx.send(from, Value{disk.value, m.operation}); }
  std::string caption(NodeNames) const { return ""; }
  FIELDS(disk)
};

struct Primary {
  static constexpr Shape shape = Shape::storage;
  Disk disk;

  void on(Ctx& ctx, NodeId from, const Put& m) {
    disk.value = m.value;
    ctx.send(ctx.first<Backup>(), Copy{m, from});
    if (!ctx.params().wait_for_backup) ctx.send(from, Stored{m.operation});
  }
  void on(Ctx& ctx, NodeId, const Copied& m) {
    if (ctx.params().wait_for_backup) ctx.send(m.writer, Stored{m.operation});
  }
  std::string caption(NodeNames) const { return ""; }
  FIELDS(disk)
};

struct Client {
  static constexpr Shape shape = Shape::client;
  std::uint32_t asked = 0;

  void on(Ctx& ctx, const Write& request) {
    asked = ctx.invoke({"write", 0, request.value, 0});
    ctx.send(ctx.first<Primary>(), Put{request.value, asked});
  }
  void on(Ctx& ctx, const Read&) {
    asked = ctx.invoke({"read"});
    ctx.send(ctx.first<Backup>(), Get{asked});
  }
  void on(Ctx& ctx, NodeId, const Stored& m) { ctx.complete(m.operation, Outcome::ok); }
  void on(Ctx& ctx, NodeId, const Value& m) { ctx.complete(m.operation, Outcome::ok, m.value); }
  std::string caption(NodeNames) const { return ""; }
  FIELDS(asked)
};

struct Protocol {
  using Message = replicated_register::Message;
  using Timer = replicated_register::Timer;
  using Request = replicated_register::Request;
  using Node = std::variant<Client, Primary, Backup>;
  using Params = replicated_register::Params;
  static constexpr std::string_view name = "replicated_register";
  static constexpr std::string_view title = "Replicated register";
  static constexpr std::string_view sentence = "A register on two nodes.";
  static constexpr ObjectKind history = ObjectKind::reg;

  static std::vector<Parameter<Params>> parameters() {
    return {flag_parameter<&Params::wait_for_backup>("wait_for_backup",
                                                     "A write is stored when the backup has it.")};
  }
  static std::vector<Property<Protocol>> properties() { return {}; }
};

// Clients `a` and `b`, the primary and the backup.
inline Setup setup(bool wait_for_backup) {
  Setup made;
  made.protocol = "replicated_register";
  if (!wait_for_backup) made.parameters = {{"wait_for_backup", 0}};
  for (const auto& [name, role] : {std::pair("a", "client"), std::pair("b", "client"),
                                   std::pair("primary", "primary"), std::pair("backup", "backup")})
    made.nodes.push_back({name, role, 1, false, {}});
  return made;
}

}  // namespace netsplit::test::replicated_register
