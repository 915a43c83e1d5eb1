// A customer who pays.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "core/protocols/secure_channel/messages.h"

namespace netsplit::secure_channel {

struct Client {
  static constexpr Shape shape = Shape::client;
  Hidden<std::map<Token, std::uint32_t>> open;  // operations, by the transfer's nonce
  struct Disk {
    std::int64_t transfers = 0;
    FIELDS(transfers)
  } disk;

  void on(Ctx& ctx, const Pay& request) {
    const std::int64_t number = ++disk.transfers;
    const std::int64_t amount = std::clamp<std::int64_t>(request.amount, 1, 1'000);
    // A number that no other client makes.
    const std::int64_t unique = number * ctx.node_count() + ctx.self().value;
    const Text text{ctx.self(), ctx.self(), request.payee, amount, 1'000 + unique, Token{unique}};
    open.value[text.nonce] = ctx.invoke({"pay", request.payee.value, amount});
    ctx.send(ctx.first<Attacker>(), written_by(ctx, text, {ctx.self(), number, text}));
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    const auto at = open.value.find(m.nonce);
    if (at == open.value.end()) return;
    // Answers are not protected: "refused" proves nothing, so it is not called failed.
    ctx.complete(at->second, m.accepted ? Outcome::ok : Outcome::unknown);
    open.value.erase(at);
  }
  std::string caption(NodeNames) const { return open.value.empty() ? "" : "waits for an answer"; }
  FIELDS(open, disk)
};

}  // namespace netsplit::secure_channel
