// Mallory: all that can be done without breaking cryptography.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/secure_channel/messages.h"

namespace netsplit::secure_channel {

struct Attacker {
  static constexpr Shape shape = Shape::attacker;
  std::set<std::int64_t> learned;  // secrets
  std::vector<Transfer> copies;    // of what passed
  bool alters_next = false;
  std::int64_t attacks = 0;
  std::int64_t forged = 0;

  void on(Ctx& ctx, NodeId, const Transfer& m) {
    if (m.sealed_for == nobody) learned.insert(m.text.secret);
    copies.push_back(m);
    // A choice that a check enumerates; a simulation draws it.
    enum Choice : std::uint32_t { pass, alter, repeat, add, choices };
    const bool may_attack = attacks < ctx.params().attacks;
    const std::uint32_t choice = alters_next ? alter : may_attack ? ctx.choose(choices) : pass;
    if (choice != pass) ++attacks;
    alters_next = false;
    if (choice == alter) return replace(ctx, m);
    ctx.send(ctx.first<Bank>(), m);
    if (choice == repeat) on(ctx, Replay{});
    if (choice == add) on(ctx, Forge{});
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    if (m.client != ctx.self()) ctx.send(m.client, m);
  }

  void on(Ctx&, const AlterNext&) { alters_next = true; }
  // She becomes the payee. What is sealed she can only withhold and put her own in its place.
  void replace(Ctx& ctx, Transfer m) {
    if (m.sealed_for != nobody) return on(ctx, Forge{900});
    m.text.payee = ctx.self();
    m.text.amount = 900;
    ctx.send(ctx.first<Bank>(), m);
  }
  // The last transfer that passed, once more. Where the bank looks at the number and she can
  // rewrite it, she does.
  void on(Ctx& ctx, const Replay&) {
    if (copies.empty()) return;
    Transfer m = copies.back();
    if (m.sealed_for == nobody && ctx.params().nonce && !ctx.params().authentication)
      m.text.nonce = fresh(ctx);
    ctx.send(ctx.first<Bank>(), m);
  }
  // From the first client's account to herself: in its name where nobody looks at the tag, else in
  // her own name with her own tag.
  void on(Ctx& ctx, const Forge& request) {
    const NodeId victim = ctx.first<Client>();
    const NodeId sender = ctx.params().authentication ? ctx.self() : victim;
    const std::int64_t amount = std::clamp<std::int64_t>(request.amount, 1, 1'000);
    const Text text{sender, victim, ctx.self(), amount, 0, fresh(ctx)};
    ctx.send(ctx.first<Bank>(), written_by(ctx, text, {ctx.self(), ++forged, text}));
  }
  Token fresh(Ctx& ctx) const {
    return Token{(1'000 + forged + attacks) * ctx.node_count() + ctx.self().value};
  }

  std::string caption(NodeNames) const {
    if (!learned.empty())
      return "knows " + std::to_string(learned.size()) +
             (learned.size() == 1 ? " secret" : " secrets");
    return copies.empty() ? "" : "sees sealed letters";
  }
  FIELDS(learned, copies, alters_next, attacks, forged)
};

}  // namespace netsplit::secure_channel
