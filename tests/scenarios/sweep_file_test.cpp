// The file of a sweep: whole blocks survive whatever happens to it, and shards put together are the
// whole, byte for byte.
#include "core/scenario/sweep_file.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/base/hash.h"
#include "core/scenario/registry.h"

namespace netsplit::test::sweep_file_test {
namespace {

struct Fixture {
  Fixture() {
    scenario = *find_scenario("lock-fenced");
    scenario.setup.parameters.clear();
    sweep = check::Sweep::make(scenario.setup, {"no_stale_write"}, check::all_faults, make_session)
                .value();
    for (std::uint64_t i = 0; i < seeds.blocks(); ++i) blocks.push_back(sweep.run_block(seeds, i));
  }
  // The file of one shard.
  std::string file(const Shard& shard) const {
    const SweepHeader header = sweep_header(scenario, sweep, seeds, shard);
    std::string text = header_text(header);
    for (const check::SweptBlock& block : blocks) {
      if (shard.has(block.index)) text += block_text(header, block);
    }
    return text;
  }
  Scenario scenario;
  check::Sweep sweep;
  check::SeedRange seeds{11, 760};
  std::vector<check::SweptBlock> blocks;
};

const Fixture& fixture() {
  static const Fixture made;
  return made;
}

SweepFile parsed(const std::string& text, const std::string& where) {
  Result<SweepFile> file = parse_sweep_file(text, where);
  REQUIRE_MESSAGE(file.ok(), (file.ok() ? "" : file.error()));
  return std::move(file).value();
}

std::string text_of(const SweepFile& file) {
  std::string text = header_text(file.header);
  for (const check::SweptBlock& block : file.blocks) text += block_text(file.header, block);
  return text;
}

std::string error_of(const std::string& text) {
  const auto file = parse_sweep_file(text, "f");
  return file ? std::string() : file.error();
}

std::string merge_error(const std::vector<SweepFile>& files) {
  const auto merged = merge_sweep_files(files);
  return merged ? std::string() : merged.error();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("sweep file: what is written is read") {
  const std::string whole = fixture().file({});
  const SweepFile file = parsed(whole, "whole");
  CHECK(file.blocks == fixture().blocks);
  CHECK(file.sound_bytes == whole.size());
  CHECK(text_of(file) == whole);
  CHECK(std::count(whole.begin(), whole.end(), '\n') > 100);
}

TEST_CASE("sweep file: a seed means the same to every compiler") {
  // Whoever changes how faults are drawn changes this, and what all files so far say.
  Hasher hasher;
  hasher.text(fixture().file({}));
  CHECK(format_hash(hasher.digest()) == "54266437cfce65d3");
}

TEST_CASE("sweep file: shards merge into the whole, in any order, also when given twice") {
  const std::string whole = fixture().file({});
  for (const std::uint32_t count : {1u, 2u, 3u, 8u, 20u}) {
    std::vector<SweepFile> files;
    for (std::uint32_t i = count; i >= 1; --i)
      files.push_back(parsed(fixture().file({i, count}), "shard"));
    files.push_back(files[files.size() / 2]);
    const Result<SweepFile> merged = merge_sweep_files(files);
    REQUIRE_MESSAGE(merged.ok(), (merged.ok() ? "" : merged.error()));
    CHECK(text_of(merged.value()) == whole);
    files.push_back(merged.value());
    CHECK(text_of(merge_sweep_files(files).value()) == whole);
  }
}

TEST_CASE("sweep file: wherever it is cut off, whole blocks are left") {
  const std::string whole = fixture().file({});
  const std::size_t header_bytes = whole.find('\n') + 1;
  std::size_t blocks_before = 0;
  for (std::size_t bytes = header_bytes; bytes <= whole.size(); bytes += 7) {
    const SweepFile file = parsed(whole.substr(0, bytes), "cut");
    CHECK(file.sound_bytes <= bytes);
    CHECK(file.blocks.size() >= blocks_before);
    blocks_before = file.blocks.size();
    // Going on from there makes the same file.
    std::string again = whole.substr(0, file.sound_bytes);
    for (std::size_t i = file.blocks.size(); i < fixture().blocks.size(); ++i)
      again += block_text(file.header, fixture().blocks[i]);
    REQUIRE(again == whole);
  }
  CHECK(error_of(whole.substr(0, header_bytes - 1)) ==
        "f: there is no header; expected the file of a sweep");
}

TEST_CASE("sweep file: gaps, conflicts and other sweeps are named") {
  const SweepFile one = parsed(fixture().file({1, 2}), "one");
  const SweepFile two = parsed(fixture().file({2, 2}), "two");
  CHECK(merge_error({one}) ==
        "no file has the seeds 111..210, 311..410, 511..610, 711..760; expected all of 11..760");
  SweepFile short_one = one;
  short_one.blocks.pop_back();
  CHECK(merge_error({two, short_one}) == "no file has the seeds 611..710; expected all of 11..760");
  SweepFile liar = two;
  liar.where = "liar";
  liar.blocks[1].steps += 1;
  CHECK(merge_error({one, two, liar}) ==
        "liar: says something else of the seeds 311..410 than two; expected the same: was one made "
        "by another version?");
  SweepFile other = two;
  other.where = "other";
  other.header.seeds.last = 761;
  CHECK(merge_error({one, other}) ==
        "other: is of another sweep than one: seeds 11..761 instead of 11..760");
  other.header = two.header;
  other.header.faults = {"crash"};
  CHECK(merge_error({one, other}) == "other: is of another sweep than one: other faults");
  other.header = two.header;
  other.header.run_hash ^= 1;
  CHECK(merge_error({one, other}) == "other: is of another sweep than one: another scenario");
}

TEST_CASE("sweep file: the header's hash covers all that a run depends on, and nothing else") {
  const auto hash_of = [](auto change) {
    Scenario scenario = fixture().scenario;
    change(scenario);
    return sweep_header(scenario, fixture().sweep, fixture().seeds, {}).run_hash;
  };
  const std::uint64_t usual = hash_of([](Scenario&) {});
  CHECK(hash_of([](Scenario& s) { s.title = "x"; }) == usual);
  CHECK(hash_of([](Scenario& s) { s.setup.seed = 99; }) == usual);
  CHECK(hash_of([](Scenario& s) { s.lesson.clear(); }) == usual);
  CHECK(hash_of([](Scenario& s) { s.setup.until_us += 1; }) != usual);
  CHECK(hash_of([](Scenario& s) { s.setup.script.pop_back(); }) != usual);
  CHECK(hash_of([](Scenario& s) { s.setup.network.link.loss_ppm = 1; }) != usual);
  CHECK(hash_of([](Scenario& s) { s.setup.parameters = {{"fencing", 1}}; }) != usual);
}

TEST_CASE("sweep file: whatever is wrong gets its line and what was expected") {
  const std::string whole = fixture().file({});
  CHECK(error_of("") == "f: there is no header; expected the file of a sweep");
  CHECK(error_of("{}\n") ==
        "f:1: this is no file of a sweep: expected a header with \"netsplit_sweep\"");
  CHECK(error_of("[1]\n") ==
        "f:1: this is no file of a sweep: expected a header with \"netsplit_sweep\"");
  CHECK(error_of(replaced(whole, "\"first_seed\":11", "\"first_seed\":911")) ==
        "f:1: last_seed: expected at least first_seed");
  CHECK(error_of(replaced(whole, "\"judged\":[\"no_stale_write\"]", "\"judged\":[\"no_stal\"]"))
            .starts_with("f:1: judged: there is no property \"no_stal\""));
  CHECK(error_of(replaced(whole, "\"block\":0", "\"block\":8"))
            .find(": block: 8 of a sweep of 8; they count from 0") != std::string::npos);
  CHECK(error_of(replaced(whole, "\"block\":0", "\"block\":1"))
            .find("the failing seeds above it: found") != std::string::npos);
  CHECK(error_of(replaced(fixture().file({2, 2}), "\"block\":1", "\"block\":2"))
            .find(": block: 2 is not of this file's shard") != std::string::npos);
  CHECK(error_of(replaced(whole, "\"runs\":100", "\"runs\":99")).find(": runs: ") !=
        std::string::npos);
  CHECK(error_of(replaced(whole, "\"steps\"", "\"stepz\"")).find("did you mean \"steps\"?") !=
        std::string::npos);
  CHECK(error_of(replaced(whole, "{\"seed\"", "{seed")).starts_with("f:2: "));
  CHECK(error_of(replaced(replaced(whole, "\"judged\":[\"no_stale_write\"]", "\"judged\":[]"),
                          "[\"no_stale_write\",\"one_believer\",\"all_answered\"]", "[]"))
            .find("there is no property \"no_stale_write\"") != std::string::npos);
  CHECK(error_of(header_text(parsed(whole, "f").header) + "{\"seed\":12,\"violated\":[]}\n") ==
        "f:2: violated: expected at least one property");
  // A failing seed's line that is lost is missed.
  const std::size_t line = whole.find("{\"seed\"");
  std::string without = whole;
  without.erase(line, whole.find('\n', line) + 1 - line);
  CHECK(error_of(without).find(": failing: ") != std::string::npos);
}

TEST_CASE("sweep file: kinds of faults are read by name") {
  CHECK(parse_faults("all").value() == check::all_faults);
  CHECK(parse_faults("none").value() == 0);
  CHECK(parse_faults("crash,pause").value() ==
        (check::set_of(check::FaultKind::crash) | check::set_of(check::FaultKind::pause)));
  CHECK(parse_faults("crahs").error() ==
        "there is no kind of fault \"crahs\"; did you mean \"crash\"?");
  CHECK(!parse_faults("").ok());
  CHECK(!parse_faults("crash,").ok());
}

}  // namespace netsplit::test::sweep_file_test
