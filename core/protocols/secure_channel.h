// A channel with an attacker on it, and four defences that each buy one thing.
//
// "The network is secure" is the fourth of the eight fallacies of distributed computing. Clients
// send transfers to a bank, and everything passes through Mallory. She is the network: she reads
// what is open, keeps copies, and alters, repeats, withholds or makes up whatever she can. What she
// cannot do is break cryptography: it is symbolic, as with Dolev and Yao. What is sealed for the
// bank only the bank opens, though anybody can seal for it; a tag made with a client's key is made
// by that client alone, and fits the one text that it was made of. She is a customer herself, with
// a key and an account.
//
// Each defence is worth what it buys and no more. Encryption: she learns no secret; but she can
// still write transfers of her own in another's name. Authentication (a tag over the whole text):
// none is accepted that its sender did not write so. Authorisation: nobody spends another's money;
// without authentication it is worth nothing, since it believes the name that stands there. A
// replay nonce: the bank takes each number once; but who can rewrite the number can still repeat.
//
// Source: Dolev and Yao, "On the security of public key protocols" (IEEE Trans. Inf. Theory 1983);
// Needham and Schroeder, "Using encryption for authentication" (CACM 1978). Simplified: keys were
// handed out before; answers are not protected; lengths and times give nothing away.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

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

struct Bank {
  static constexpr Shape shape = Shape::storage;
  struct Done {
    Text text;
    Hidden<Origin> origin;
    FIELDS(text, origin)
  };
  struct Disk {
    std::vector<Done> transfers;  // carried out
    std::set<Token> nonces;
    std::int64_t refused = 0;
    FIELDS(transfers, nonces, refused)
  } disk;

  void on(Ctx& ctx, NodeId from, const Transfer& m) {
    const Params& p = ctx.params();
    const bool good = (!p.authentication || tag_fits(m)) &&
                      (!p.authorisation || m.text.sender == m.text.payer) &&
                      (!p.nonce || !disk.nonces.contains(m.text.nonce));
    if (good) {
      if (p.nonce) disk.nonces.insert(m.text.nonce);
      disk.transfers.push_back({m.text, m.origin});
    } else {
      ++disk.refused;
    }
    ctx.send(from, Answer{m.text.sender, m.text.nonce, good});
  }
  std::string caption(NodeNames) const {
    return std::to_string(disk.transfers.size()) + " done, " + std::to_string(disk.refused) +
           " refused";
  }
  FIELDS(disk)
};

struct Protocol;

inline Verdict secrecy(const View<Protocol>& view);
inline Verdict unaltered(const View<Protocol>& view);
inline Verdict authorised(const View<Protocol>& view);
inline Verdict at_most_once(const View<Protocol>& view);
inline std::int64_t carried_out(const View<Protocol>& view);
inline std::int64_t secrets_learned(const View<Protocol>& view);
inline std::int64_t stolen(const View<Protocol>& view);

struct Protocol {
  using Message = secure_channel::Message;
  using Timer = secure_channel::Timer;
  using Request = secure_channel::Request;
  using Node = std::variant<Client, Attacker, Bank>;
  using Params = secure_channel::Params;
  static constexpr std::string_view name = "secure_channel";
  static constexpr std::string_view title = "Secure channel";
  static constexpr std::string_view sentence =
      "Clients send transfers to a bank, through an attacker who is the network.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::encryption>("encryption",
                                            "Transfers are sealed: the bank alone can open them."),
        flag_parameter<&Params::authentication>(
            "authentication", "Each carries a tag, made with its sender's key, over all its text."),
        flag_parameter<&Params::authorisation>(
            "authorisation", "The bank takes money only from the account of the sender."),
        flag_parameter<&Params::nonce>("nonce", "The bank takes each transfer's number once."),
        count_parameter<&Params::attacks>(
            "attacks", 0, 100, "Attacks that the attacker makes on her own, drawn at random."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"secrecy", "The attacker learns no secret.", PropertyKind::always, secrecy},
        {"unaltered", "What the bank carries out is what its sender wrote, word for word.",
         PropertyKind::always, unaltered},
        {"authorised", "Nobody spends another's money.", PropertyKind::always, authorised},
        {"at_most_once", "No transfer is carried out twice.", PropertyKind::always, at_most_once},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"secrets_learned", MeterUnit::count, "Secrets that the attacker knows.", secrets_learned},
        {"stolen", MeterUnit::count, "Money that went to the attacker.", stolen},
        {"carried_out", MeterUnit::count, "Transfers that the bank carried out.", carried_out},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return (a == "Attacker") != (b == "Attacker");
  }
  static std::string describe(const OperationRecord& record, NodeNames names) {
    return "pay " + std::to_string(record.operation.argument) + " to " +
           name_of(NodeId{static_cast<std::int32_t>(record.operation.key)}, names);
  }
};

inline std::string in_words(const View<Protocol>& view, const Text& text) {
  return std::to_string(text.amount) + " from " + view.name(text.payer) + " to " +
         view.name(text.payee);
}

// wrong(transfer) is empty, or what is wrong with one that the bank has carried out.
template <class Wrong>
Verdict every_transfer(const View<Protocol>& view, Wrong wrong) {
  Verdict verdict = holds();
  view.for_each<Bank>([&](NodeId id, const Bank& bank) {
    for (const Bank::Done& done : bank.disk.transfers) {
      const std::string why = verdict.holds ? wrong(bank, done) : "";
      if (!why.empty())
        verdict = violated("The bank moved " + in_words(view, done.text) + ", " + why + ".", {id});
    }
  });
  return verdict;
}

inline std::int64_t secrets_learned(const View<Protocol>& view) {
  std::int64_t count = 0;
  view.for_each<Attacker>([&](NodeId, const Attacker& attacker) {
    count += static_cast<std::int64_t>(attacker.learned.size());
  });
  return count;
}

inline Verdict secrecy(const View<Protocol>& view) {
  const std::int64_t count = secrets_learned(view);
  return count == 0 ? holds()
                    : violated("The attacker knows " + std::to_string(count) +
                               (count == 1 ? " secret." : " secrets."));
}

inline Verdict unaltered(const View<Protocol>& view) {
  return every_transfer(view, [&](const Bank&, const Bank::Done& done) -> std::string {
    const Origin& origin = done.origin.value;
    if (origin.author != done.text.sender)
      return "which " + view.name(origin.author) + " wrote in the name of " +
             view.name(done.text.sender);
    Text text = done.text;
    text.nonce = origin.text.nonce;  // a number is no order; and repeating is another attack
    return text == origin.text ? "" : "but what was written is " + in_words(view, origin.text);
  });
}

inline Verdict authorised(const View<Protocol>& view) {
  return every_transfer(view, [&](const Bank&, const Bank::Done& done) -> std::string {
    const NodeId author = done.origin.value.author;
    return author == done.text.payer ? "" : "and " + view.name(author) + " had it done";
  });
}

inline Verdict at_most_once(const View<Protocol>& view) {
  return every_transfer(view, [&](const Bank& bank, const Bank::Done& done) -> std::string {
    const auto times = std::count_if(
        bank.disk.transfers.begin(), bank.disk.transfers.end(), [&](const Bank::Done& other) {
          return other.origin.value.author == done.origin.value.author &&
                 other.origin.value.number == done.origin.value.number;
        });
    return times < 2 ? "" : std::to_string(times) + " times for one transfer";
  });
}

template <class Value>
std::int64_t sum_of_transfers(const View<Protocol>& view, Value value) {
  std::int64_t sum = 0;
  view.for_each<Bank>([&](NodeId, const Bank& bank) {
    for (const Bank::Done& done : bank.disk.transfers) sum += value(done.text);
  });
  return sum;
}

inline std::int64_t carried_out(const View<Protocol>& view) {
  return sum_of_transfers(view, [](const Text&) { return 1; });
}

inline std::int64_t stolen(const View<Protocol>& view) {
  return sum_of_transfers(view, [&](const Text& text) -> std::int64_t {
    return view.as<Attacker>(text.payee) != nullptr ? text.amount : 0;
  });
}

}  // namespace netsplit::secure_channel
