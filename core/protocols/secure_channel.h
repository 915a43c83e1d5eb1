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

#include <string>
#include <vector>

#include "core/protocols/secure_channel/attacker.h"
#include "core/protocols/secure_channel/bank.h"
#include "core/protocols/secure_channel/client.h"
#include "core/protocols/secure_channel/properties.h"

namespace netsplit::secure_channel {

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
        {"secrecy", "The attacker learns no secret.", PropertyKind::always, secrecy<Protocol>},
        {"unaltered", "What the bank carries out is what its sender wrote, word for word.",
         PropertyKind::always, unaltered<Protocol>},
        {"authorised", "Nobody spends another's money.", PropertyKind::always,
         authorised<Protocol>},
        {"at_most_once", "No transfer is carried out twice.", PropertyKind::always,
         at_most_once<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"secrets_learned", MeterUnit::count, "Secrets that the attacker knows.",
         secrets_learned<Protocol>},
        {"stolen", MeterUnit::count, "Money that went to the attacker.", stolen<Protocol>},
        {"carried_out", MeterUnit::count, "Transfers that the bank carried out.",
         carried_out<Protocol>},
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

}  // namespace netsplit::secure_channel
