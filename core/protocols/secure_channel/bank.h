// What the bank accepts, by its defences.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/protocols/secure_channel/messages.h"

namespace netsplit::secure_channel {

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

}  // namespace netsplit::secure_channel
