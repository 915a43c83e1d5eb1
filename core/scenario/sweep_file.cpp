#include "core/scenario/sweep_file.h"

#include <algorithm>
#include <map>

#include "core/base/hash.h"
#include "core/scenario/json_reader.h"
#include "core/scenario/scenario_json.h"

namespace netsplit {
namespace {

constexpr std::size_t names_max = 1000;
constexpr std::uint32_t shards_max = 1'000'000;

Json names_json(const std::vector<std::string>& names) {
  Json json = Json::array();
  for (const std::string& name : names) json.push_back(name);
  return json;
}

std::vector<std::string> read_names(const JsonCursor& at) {
  std::vector<std::string> names;
  for (const JsonCursor& name : at.items(names_max)) names.push_back(name.text(200));
  return names;
}

std::uint64_t read_natural(const JsonCursor& root, const char* key) {
  const auto at = root.require(key);
  return at ? at->natural() : 0;
}

// The index of a property in the header's list.
std::size_t property_of(const JsonCursor& at, const std::string& name, const SweepHeader& header) {
  const auto found = std::find(header.properties.begin(), header.properties.end(), name);
  if (found == header.properties.end()) {
    at.fail("there is no property " + in_quotes(name) + "; " +
            expected_names(name, header.properties));
    return 0;
  }
  return static_cast<std::size_t>(found - header.properties.begin());
}

void read_header(const JsonCursor& root, SweepHeader& header) {
  static const std::vector<std::string> keys = {
      "netsplit_sweep", "scenario",   "run",       "properties",      "sometimes", "judged",
      "faults",         "first_seed", "last_seed", "seeds_per_block", "shard",     "shards"};
  if (!root.json().is_object() || !root.json().contains("netsplit_sweep"))
    return root.fail("this is no file of a sweep: expected a header with \"netsplit_sweep\"");
  root.only_keys(keys);
  root.require("netsplit_sweep")->integer(1, 1);
  if (const auto at = root.require("scenario")) header.scenario = at->text(200);
  if (const auto at = root.require("run")) {
    const std::string text = at->text(16);
    header.run_hash = 0;
    for (const char c : text) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(c);
      if (digit == std::string_view::npos) at->fail("expected sixteen digits from 0 to f");
      header.run_hash = header.run_hash << 4 | (digit & 15);
    }
    if (text.size() != 16) at->fail("expected sixteen digits from 0 to f");
  }
  if (const auto at = root.require("properties")) header.properties = read_names(*at);
  const auto some_of_them = [&](const char* key) {
    std::vector<std::string> names;
    const auto at = root.require(key);
    if (at) names = read_names(*at);
    for (const std::string& name : names) property_of(*at, name, header);
    return names;
  };
  header.sometimes = some_of_them("sometimes");
  header.judged = some_of_them("judged");
  if (const auto at = root.require("faults")) header.faults = read_names(*at);
  header.seeds.first = read_natural(root, "first_seed");
  header.seeds.last = read_natural(root, "last_seed");
  if (header.seeds.last < header.seeds.first) root.fail("last_seed: expected at least first_seed");
  if (const auto at = root.require("seeds_per_block")) {
    const auto own = static_cast<std::int64_t>(check::seeds_per_block);
    at->integer(own, own);
  }
  if (const auto at = root.require("shards"))
    header.shard.count = static_cast<std::uint32_t>(at->integer(1, shards_max));
  if (const auto at = root.require("shard"))
    header.shard.index = static_cast<std::uint32_t>(at->integer(1, header.shard.count));
}

check::FailingSeed read_failing(const JsonCursor& root, const SweepHeader& header) {
  static const std::vector<std::string> keys = {"seed", "violated"};
  static const std::vector<std::string> violation_keys = {"property", "step", "at_us"};
  root.only_keys(keys);
  check::FailingSeed failing;
  failing.seed = read_natural(root, "seed");
  const auto violated = root.require("violated");
  if (!violated) return failing;
  if (violated->json().empty()) violated->fail("expected at least one property");
  for (const JsonCursor& one : violated->items(names_max)) {
    one.only_keys(violation_keys);
    check::Violation violation;
    if (const auto at = one.require("property"))
      violation.property = static_cast<std::int32_t>(property_of(*at, at->text(200), header));
    violation.step = read_natural(one, "step");
    if (const auto at = one.require("at_us")) violation.at_us = at->integer(0, time_max_us);
    failing.violations.push_back(violation);
  }
  return failing;
}

// Requires: block.failing is what stood above it.
void read_block(const JsonCursor& root, const SweepHeader& header, check::SweptBlock& block) {
  static const std::vector<std::string> keys = {"block", "runs", "failing", "steps", "violated"};
  root.only_keys(keys);
  block.index = read_natural(root, "block");
  block.steps = read_natural(root, "steps");
  block.violated.assign(header.properties.size(), 0);
  if (root.failed()) return;
  if (block.index >= header.seeds.blocks()) {
    return root.fail("block: " + std::to_string(block.index) + " of a sweep of " +
                     std::to_string(header.seeds.blocks()) + "; they count from 0");
  }
  if (!header.shard.has(block.index))
    return root.fail("block: " + std::to_string(block.index) + " is not of this file's shard");
  block.runs = header.seeds.runs_of(block.index);
  if (const auto at = root.require("runs")) {
    const auto runs = static_cast<std::int64_t>(block.runs);
    at->integer(runs, runs);
  }
  if (const auto at = root.require("failing")) {
    const auto count = static_cast<std::int64_t>(block.failing.size());
    at->integer(count, count);
  }
  if (const auto violated = root.require("violated")) {
    for (const auto& member : violated->members()) {
      const std::size_t property = property_of(member.second, member.first, header);
      const std::int64_t count = member.second.integer(1, static_cast<std::int64_t>(block.runs));
      if (root.failed()) return;
      block.violated[property] = static_cast<std::uint64_t>(count);
    }
  }
  const std::uint64_t first = header.seeds.first_of(block.index);
  for (std::size_t i = 0; i < block.failing.size(); ++i) {
    const std::uint64_t seed = block.failing[i].seed;
    const bool in_order = i == 0 || seed > block.failing[i - 1].seed;
    if (seed < first || seed - first >= block.runs || !in_order) {
      return root.fail("the failing seeds above it: found " + std::to_string(seed) +
                       "; expected those of the block, in order");
    }
  }
}

bool same_sweep(const SweepHeader& a, SweepHeader b) {
  b.shard = a.shard;
  return a == b;
}

// What two files of different sweeps differ in, for one sentence.
std::string difference(const SweepHeader& a, const SweepHeader& b) {
  if (a.scenario != b.scenario || a.run_hash != b.run_hash) return "another scenario";
  if (a.faults != b.faults) return "other faults";
  if (a.judged != b.judged || a.properties != b.properties || a.sometimes != b.sometimes)
    return "other properties";
  return "seeds " + std::to_string(b.seeds.first) + ".." + std::to_string(b.seeds.last) +
         " instead of " + std::to_string(a.seeds.first) + ".." + std::to_string(a.seeds.last);
}

// Names the runs of missing blocks by their seeds, the first few.
std::string gaps(const SweepHeader& header, const std::map<std::uint64_t, std::size_t>& kept) {
  constexpr int named_max = 5;
  std::string text;
  int count = 0;
  std::uint64_t next = 0;
  const auto gap = [&](std::uint64_t from, std::uint64_t to) {
    if (from >= to || count++ >= named_max) return;
    const std::uint64_t last = header.seeds.first_of(to - 1) + header.seeds.runs_of(to - 1) - 1;
    text += (text.empty() ? "" : ", ") + std::to_string(header.seeds.first_of(from)) + ".." +
            std::to_string(last);
  };
  for (const auto& entry : kept) {
    gap(next, entry.first);
    next = entry.first + 1;
  }
  gap(next, header.seeds.blocks());
  if (count > named_max) text += " and " + std::to_string(count - named_max) + " more";
  return text;
}

}  // namespace

SweepHeader sweep_header(const Scenario& scenario, const check::Sweep& sweep,
                         const check::SeedRange& seeds, const Shard& shard) {
  SweepHeader header;
  header.scenario = scenario.id.empty() ? scenario.title : scenario.id;
  Scenario run;
  run.setup = scenario.setup;
  run.setup.seed = 0;
  Hasher hasher;
  hasher.text(compact_json(scenario_json(run)));
  header.run_hash = hasher.digest();
  for (const check::SweptProperty& property : sweep.properties()) {
    header.properties.emplace_back(property.name);
    if (property.kind == PropertyKind::sometimes) header.sometimes.emplace_back(property.name);
    if (property.judged) header.judged.emplace_back(property.name);
  }
  header.faults = fault_names(sweep.plan().kinds);
  header.seeds = seeds;
  header.shard = shard;
  return header;
}

std::string header_text(const SweepHeader& header) {
  Json json = Json::object();
  json["netsplit_sweep"] = 1;
  json["scenario"] = header.scenario;
  json["run"] = format_hash(header.run_hash);
  json["properties"] = names_json(header.properties);
  json["sometimes"] = names_json(header.sometimes);
  json["judged"] = names_json(header.judged);
  json["faults"] = names_json(header.faults);
  json["first_seed"] = header.seeds.first;
  json["last_seed"] = header.seeds.last;
  json["seeds_per_block"] = check::seeds_per_block;
  json["shard"] = header.shard.index;
  json["shards"] = header.shard.count;
  return compact_json(json) + "\n";
}

std::string block_text(const SweepHeader& header, const check::SweptBlock& block) {
  std::string text;
  for (const check::FailingSeed& failing : block.failing) {
    Json json = Json::object();
    json["seed"] = failing.seed;
    for (const check::Violation& violation : failing.violations) {
      Json one = Json::object();
      one["property"] = header.properties[static_cast<std::size_t>(violation.property)];
      one["step"] = violation.step;
      one["at_us"] = violation.at_us;
      json["violated"].push_back(std::move(one));
    }
    text += compact_json(json) + "\n";
  }
  Json json = Json::object();
  json["block"] = block.index;
  json["runs"] = block.runs;
  json["failing"] = block.failing.size();
  json["steps"] = block.steps;
  json["violated"] = Json::object();
  for (std::size_t i = 0; i < block.violated.size(); ++i) {
    if (block.violated[i] != 0) json["violated"][header.properties[i]] = block.violated[i];
  }
  return text + compact_json(json) + "\n";
}

Result<SweepFile> parse_sweep_file(std::string_view text, std::string_view where) {
  SweepFile file;
  file.where = std::string(where);
  check::SweptBlock block;
  std::size_t begin = 0;
  for (std::int64_t line = 1; begin < text.size(); ++line) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    const std::string place = file.where + ":" + std::to_string(line);
    const Result<Json> json = parse_json(text.substr(begin, end - begin), place);
    if (!json) return Error{json.error()};
    Fault fault{place, {}};
    const JsonCursor root(json.value(), "", fault);
    begin = end + 1;
    if (line == 1) {
      read_header(root, file.header);
      file.sound_bytes = begin;
    } else if (json.value().is_object() && json.value().contains("seed")) {
      block.failing.push_back(read_failing(root, file.header));
    } else {
      read_block(root, file.header, block);
      file.blocks.push_back(std::exchange(block, {}));
      file.sound_bytes = begin;
    }
    if (root.failed()) return Error{fault.message};
  }
  if (file.sound_bytes == 0)
    return Error{file.where + ": there is no header; expected the file of a sweep"};
  return file;
}

Result<SweepFile> merge_sweep_files(const std::vector<SweepFile>& files) {
  NETSPLIT_ASSERT(!files.empty());
  SweepFile merged;
  merged.header = files.front().header;
  merged.header.shard = Shard{};
  // By block: which file has it, and where there.
  std::map<std::uint64_t, std::size_t> from;
  std::map<std::uint64_t, const check::SweptBlock*> blocks;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!same_sweep(files.front().header, files[i].header)) {
      return Error{files[i].where + ": is of another sweep than " + files.front().where + ": " +
                   difference(files.front().header, files[i].header)};
    }
    for (const check::SweptBlock& block : files[i].blocks) {
      const auto known = blocks.try_emplace(block.index, &block);
      if (known.second) {
        from[block.index] = i;
      } else if (*known.first->second != block) {
        const check::SeedRange& seeds = merged.header.seeds;
        const std::uint64_t first = seeds.first_of(block.index);
        return Error{files[i].where + ": says something else of the seeds " +
                     std::to_string(first) + ".." + std::to_string(first + block.runs - 1) +
                     " than " + files[from[block.index]].where +
                     "; expected the same: was one made by another version?"};
      }
    }
  }
  const std::string missing = gaps(merged.header, from);
  if (!missing.empty()) {
    return Error{"no file has the seeds " + missing + "; expected all of " +
                 std::to_string(merged.header.seeds.first) + ".." +
                 std::to_string(merged.header.seeds.last)};
  }
  for (const auto& entry : blocks) merged.blocks.push_back(*entry.second);
  return merged;
}

Result<check::FaultSet> parse_faults(std::string_view text) {
  if (text == "all") return check::all_faults;
  if (text == "none") return check::FaultSet{0};
  std::vector<std::string> known = fault_names(check::all_faults);
  check::FaultSet faults = 0;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string name(text.substr(0, comma));
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      known.insert(known.end(), {"all", "none"});
      return Error{"there is no kind of fault " + in_quotes(name) + "; " +
                   expected_names(name, known)};
    }
    faults |= check::FaultSet{1} << (found - known.begin());
    if (comma == std::string_view::npos) return faults;
    text.remove_prefix(comma + 1);
  }
}

std::vector<std::string> fault_names(check::FaultSet faults) {
  std::vector<std::string> names;
  for (std::uint32_t kind = 0; kind < check::fault_kinds; ++kind) {
    if ((faults >> kind & 1) != 0)
      names.emplace_back(enumerator_name_of(static_cast<check::FaultKind>(kind)));
  }
  return names;
}

}  // namespace netsplit
