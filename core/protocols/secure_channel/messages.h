// Parameters, messages, and how a text is sealed and tagged.
#pragma once

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::secure_channel {

struct Params {
  bool encryption = true;
  bool authentication = true;
  bool authorisation = true;
  bool nonce = true;
  std::int64_t attacks = 0;
  FIELDS(encryption, authentication, authorisation, nonce, attacks)
};

// What a client wants of the bank. The secret stands for all in it that is nobody's business.
struct Text {
  NodeId sender;
  NodeId payer;
  NodeId payee;
  std::int64_t amount = 0;
  std::int64_t secret = 0;
  Token nonce;
  FIELDS(sender, payer, payee, amount, secret, nonce)
};
// Who wrote it really, as which of his transfers, and how: for the properties alone.
struct Origin {
  NodeId author;
  std::int64_t number = 0;
  Text text;
  FIELDS(author, number, text)
};

// clang-format off
// Messages. A tag is symbolic: whose key made it, and over which text.
struct Transfer { NodeId sealed_for; Text text; NodeId tag_of; Hidden<Text> tagged;
                  Hidden<Origin> origin;
                  FIELDS(sealed_for, text, tag_of, tagged, origin) };
struct Answer { NodeId client; Token nonce; bool accepted = false;
                FIELDS(client, nonce, accepted) };
using Message = std::variant<Transfer, Answer>;
using Timer = std::variant<Never>;

// A person's requests: of a client; and of the attacker.
struct Pay { NodeId payee{1}; std::int64_t amount = 30; FIELDS(payee, amount) };
struct AlterNext { FIELDS_NONE };
struct Replay { FIELDS_NONE };
struct Forge { std::int64_t amount = 500; FIELDS(amount) };
// clang-format on
using Request = std::variant<Pay, AlterNext, Replay, Forge>;

using Ctx = Context<Message, Timer, Params>;

struct Attacker;
struct Client;
struct Bank;

// What whoever holds `self`'s key can send. Requires: `self` is the node that runs.
inline Transfer written_by(Ctx& ctx, const Text& text, const Origin& origin) {
  Transfer m{nobody, text, nobody, {}, {origin}};
  if (ctx.params().encryption) m.sealed_for = ctx.first<Bank>();
  if (ctx.params().authentication) {
    m.tag_of = ctx.self();
    m.tagged.value = text;
  }
  return m;
}
inline bool tag_fits(const Transfer& m) {
  return m.tag_of == m.text.sender && m.tagged.value == m.text;
}

}  // namespace netsplit::secure_channel
