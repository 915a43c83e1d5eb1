// Takes what comes and says what it has.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/protocols/state_sync/messages.h"

namespace netsplit::state_sync {

struct Copy {
  static constexpr Shape shape = Shape::storage;
  struct Disk {
    std::vector<Record> records;
    std::int64_t through = 0;  // it has all changes up to this one
    FIELDS(records, through)
  } disk;

  // Updates may come late, twice, or in another order: of each record the newest counts.
  void on(Ctx& ctx, NodeId from, const Update& m) {
    for (const Record& record : m.records) {
      const auto at = std::find_if(disk.records.begin(), disk.records.end(),
                                   [&](const Record& r) { return r.number == record.number; });
      if (at == disk.records.end()) {
        disk.records.push_back(record);
      } else if (record.change > at->change) {
        *at = record;
      }
    }
    disk.through = std::max(disk.through, m.through);
    ctx.send(from, Ack{disk.through});
  }
  std::string caption(NodeNames) const {
    return disk.through == 0 ? "" : "has " + std::to_string(disk.through);
  }
  FIELDS(disk)
};

}  // namespace netsplit::state_sync
