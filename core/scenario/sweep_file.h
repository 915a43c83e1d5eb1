// What a sweep writes down, as JSON lines (docs/formats.md): a header, then block by block the
// seeds that fail and the block itself. A block's line is the last of it, so that a file that ends
// anywhere holds whole blocks and a rest to be done again. The files of all shards merge into the
// one that a single whole run writes, byte for byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/check/sweep.h"
#include "core/scenario/scenario.h"

namespace netsplit {

// The blocks whose number leaves index - 1 when divided by count.
struct Shard {
  std::uint32_t index = 1;
  std::uint32_t count = 1;
  bool has(std::uint64_t block) const { return block % count == index - 1; }
  friend bool operator==(const Shard&, const Shard&) = default;
};

struct SweepHeader {
  std::string scenario;                 // its id or title, for the reader
  std::uint64_t run_hash = 0;           // of all in the scenario that a run depends on but the seed
  std::vector<std::string> properties;  // all that the protocol has
  std::vector<std::string> sometimes;   // those of them that must be seen at some time
  std::vector<std::string> judged;
  std::vector<std::string> faults;
  check::SeedRange seeds;
  Shard shard;
  friend bool operator==(const SweepHeader&, const SweepHeader&) = default;
};

SweepHeader sweep_header(const Scenario& scenario, const check::Sweep& sweep,
                         const check::SeedRange& seeds, const Shard& shard);

// Each with a line break at the end of each line.
std::string header_text(const SweepHeader& header);
std::string block_text(const SweepHeader& header, const check::SweptBlock& block);

struct SweepFile {
  std::string where;  // the file's name
  SweepHeader header;
  std::vector<check::SweptBlock> blocks;  // as they stand in the file
  std::size_t sound_bytes = 0;            // up to the end of the last whole block
};

// Lines after the last whole block, also a torn one, are left out.
// Errors: the line, what was found and what was expected.
Result<SweepFile> parse_sweep_file(std::string_view text, std::string_view where);

// Of any shards, in any order; what is there twice must be the same.
// Errors: which file is of another sweep, which block differs between which files, which seeds are
// missing. Requires: at least one file.
Result<SweepFile> merge_sweep_files(const std::vector<SweepFile>& files);

// "partition,crash", "all", "none". Errors: the nearest kind there is.
Result<check::FaultSet> parse_faults(std::string_view text);
std::vector<std::string> fault_names(check::FaultSet faults);

}  // namespace netsplit
