// Links, outermost first: base64url, a checksum of four bytes over the rest, raw deflate with the
// version's dictionary, compact JSON. The checksum stands outside so that a link that was mangled
// on its way is told apart from one whose contents are wrong, before anything is unpacked.
#include "core/scenario/link.h"

#include <zlib.h>

#include <array>

#include "core/base/hash.h"
#include "core/scenario/link_dictionary_v1.h"
#include "core/scenario/registry.h"
#include "core/scenario/scenario_json.h"
#include "core/sim/hash_marks.h"

namespace netsplit {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t checksum_bytes = 4;

Error damaged(const char* how) {
  return Error{"the link is damaged: " + std::string(how) + "; ask for it again"};
}
Error cut_off() { return Error{"the link is cut off: its end is missing; copy all of it"}; }

std::string to_base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += alphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += alphabet[bits << (6 - count) & 63];
  return text;
}

Result<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return damaged("it holds a character that no link has");
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 255);
    }
  }
  // One character left over is no byte; bits left over would be a second spelling of the same.
  if (count == 6) return cut_off();
  if ((bits & ((1u << count) - 1)) != 0) return damaged("its last character is not as it was made");
  return bytes;
}

// zlib wants pointers to unsigned char that are not const.
Bytef* zlib_bytes(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

std::string checksum_of(std::string_view bytes) {
  const auto sum = crc32(0, zlib_bytes(bytes), static_cast<uInt>(bytes.size()));
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(sum >> shift & 255);
  return text;
}

std::string deflate_raw(std::string_view bytes) {
  z_stream stream{};
  NETSPLIT_ASSERT(
      deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  NETSPLIT_ASSERT(deflateSetDictionary(&stream, zlib_bytes(link_dictionary_v1),
                                       static_cast<uInt>(link_dictionary_v1.size())) == Z_OK);
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = zlib_bytes(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = zlib_bytes(packed);
  stream.avail_out = static_cast<uInt>(packed.size());
  NETSPLIT_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

enum class Unpacked { whole, cut_off, too_long, damaged, more_after };

// Stops at link_decoded_max, however much would follow.
Unpacked inflate_raw(std::string_view packed, std::string& bytes) {
  z_stream stream{};
  NETSPLIT_ASSERT(inflateInit2(&stream, -15) == Z_OK);
  NETSPLIT_ASSERT(inflateSetDictionary(&stream, zlib_bytes(link_dictionary_v1),
                                       static_cast<uInt>(link_dictionary_v1.size())) == Z_OK);
  stream.next_in = zlib_bytes(packed);
  stream.avail_in = static_cast<uInt>(packed.size());
  std::array<char, 4096> part;
  int status = Z_OK;
  while (status == Z_OK && bytes.size() <= static_cast<std::size_t>(link_decoded_max)) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    status = inflate(&stream, Z_NO_FLUSH);
    bytes.append(part.data(), part.size() - stream.avail_out);
  }
  const bool more_after = stream.avail_in != 0;
  inflateEnd(&stream);
  if (bytes.size() > static_cast<std::size_t>(link_decoded_max)) return Unpacked::too_long;
  if (status == Z_BUF_ERROR) return Unpacked::cut_off;
  if (status != Z_STREAM_END) return Unpacked::damaged;
  return more_after ? Unpacked::more_after : Unpacked::whole;
}

Result<std::string> unpack(std::string_view text) {
  const Result<std::string> bytes = from_base64url(text);
  if (!bytes) return bytes;
  if (bytes.value().size() <= checksum_bytes) return cut_off();
  const std::string_view packed = std::string_view(bytes.value()).substr(checksum_bytes);
  const bool as_made =
      checksum_of(packed) == std::string_view(bytes.value()).substr(0, checksum_bytes);
  std::string json;
  const Unpacked outcome = inflate_raw(packed, json);
  if (!as_made) {
    return outcome == Unpacked::cut_off ? cut_off() : damaged("its checksum does not fit");
  }
  switch (outcome) {
    case Unpacked::whole:
      return json;
    case Unpacked::too_long:
      return Error{"the link is too long: unpacked it is more than " +
                   std::to_string(link_decoded_max >> 10) + " KiB"};
    case Unpacked::more_after:
      return damaged("something follows its end");
    case Unpacked::cut_off:
    case Unpacked::damaged:
      break;
  }
  return damaged("it does not unpack");
}

// What turns `from` into `to`, as RFC 7386 (JSON Merge Patch) has it: null removes a key.
Json merge_patch_between(const Json& from, const Json& to) {
  Json patch = Json::object();
  for (auto entry = from.begin(); entry != from.end(); ++entry) {
    if (!to.contains(entry.key())) patch[entry.key()] = nullptr;
  }
  for (auto entry = to.begin(); entry != to.end(); ++entry) {
    const auto before = from.find(entry.key());
    if (before != from.end() && *before == entry.value()) continue;
    const bool both_objects =
        before != from.end() && before->is_object() && entry.value().is_object();
    patch[entry.key()] = both_objects ? merge_patch_between(*before, entry.value()) : entry.value();
  }
  return patch;
}

Json link_json(const Link& link) {
  Json json = Json::object();
  const Json whole = scenario_json(link.scenario);
  const Scenario* original = find_scenario(link.scenario.id);
  if (original != nullptr) {
    const Json before = scenario_json(*original);
    Json patch = merge_patch_between(before, whole);
    // A patch cannot say that keys changed places; then the scenario travels whole.
    Json again = before;
    again.merge_patch(patch);
    const Result<Scenario> read = scenario_of_json(again, "");
    if (read && scenario_json(read.value()) == whole) {
      json["id"] = link.scenario.id;
      if (!patch.empty()) json["changes"] = std::move(patch);
    }
  }
  if (json.empty()) json["scenario"] = whole;
  if (link.cursor_us != 0) json["cursor"] = format_duration(link.cursor_us);
  if (link.cursor_step >= 0) json["step"] = link.cursor_step;
  if (link.hash) json["hash"] = format_hash(*link.hash);
  if (link.hash_steps != 0) json["steps"] = link.hash_steps;
  if (link.hash_events != 0) json["events"] = link.hash_events;
  if (!link.marks.empty()) json["marks"] = to_base64url(link.marks);
  if (link.unfinished) json["unfinished"] = true;
  return json;
}

std::optional<std::uint64_t> read_hash(const JsonCursor& at) {
  const std::string text = at.text(16);
  std::uint64_t hash = 0;
  bool right = text.size() == 16;
  for (const char c : text) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    right = right && digit != std::string_view::npos;
    hash = hash << 4 | (digit & 15);
  }
  if (!right) at.fail("expected sixteen digits from 0 to f");
  return hash;
}

// How many marks there are follows from the number of events: there is one spelling of a run.
void read_marks(const JsonCursor& root, Link& link) {
  const auto events = root.find("events");
  const auto marks = root.find("marks");
  if (!events && !marks) return;
  if (!events || !marks || !link.hash) {
    return root.fail("hash, events and marks: expected all three, or the hash alone, or none");
  }
  link.hash_events = events->integer(1, INT64_MAX);
  const Result<std::string> bytes = from_base64url(marks->text(128));
  const std::int64_t count = HashMarks::count_of(link.hash_events);
  if (!bytes || static_cast<std::int64_t>(bytes.value().size()) != count) {
    return marks->fail("expected " + std::to_string(count) + " bytes as base64url, as " +
                       std::to_string(link.hash_events) + " events have");
  }
  link.marks = bytes.value();
}

Result<Scenario> read_link_scenario(const JsonCursor& root) {
  const auto whole = root.find("scenario");
  const auto id = root.find("id");
  if (whole.has_value() == id.has_value()) {
    return Error{"link: expected either a scenario or the id of one"};
  }
  if (whole) {
    if (root.find("changes")) return Error{"link: changes without the id of what is changed"};
    return scenario_of_json(whole->json(), "link");
  }
  const std::string name = id->text(64);
  const Scenario* original = find_scenario(name);
  if (original == nullptr) {
    return Error{"link: this build of Netsplit has no scenario " + in_quotes(name)};
  }
  Json json = scenario_json(*original);
  if (const auto changes = root.find("changes")) {
    if (!changes->json().is_object()) return Error{"link: changes: expected an object"};
    json.merge_patch(changes->json());
  }
  return scenario_of_json(json, "link");
}

Result<Link> read_link(const Json& json) {
  static const std::vector<std::string> keys = {"id",    "changes",   "scenario", "cursor",
                                                "step",  "hash",      "steps",    "events",
                                                "marks", "unfinished"};
  Fault fault{"link", {}};
  const JsonCursor root(json, "", fault);
  root.only_keys(keys);
  if (root.failed()) return Error{fault.message};
  Result<Scenario> scenario = read_link_scenario(root);
  if (!scenario) return Error{scenario.error()};
  Link link;
  link.scenario = std::move(scenario).value();
  if (const auto at = root.find("cursor")) link.cursor_us = at->duration(0, time_max_us);
  if (const auto at = root.find("step")) link.cursor_step = at->integer(0, INT64_MAX);
  if (const auto at = root.find("hash")) link.hash = read_hash(*at);
  if (const auto at = root.find("steps")) link.hash_steps = at->integer(0, INT64_MAX);
  read_marks(root, link);
  if (const auto at = root.find("unfinished")) link.unfinished = at->flag();
  if (root.failed()) return Error{fault.message};
  return link;
}

// The text after the version's dot. Errors: no link at all, or one of another version.
Result<std::string_view> payload_of(std::string_view text) {
  const Error no_link{"this is no link of Netsplit; one begins with \"#v1.\""};
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  const std::size_t fragment = text.rfind('#');
  if (fragment != std::string_view::npos) text.remove_prefix(fragment + 1);
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < 2 || dot > 6 || text[0] != 'v') return no_link;
  int version = 0;
  for (const char c : text.substr(1, dot - 1)) {
    if (c < '0' || c > '9') return no_link;
    version = version * 10 + (c - '0');
  }
  if (version == 0 || text[1] == '0') return no_link;
  if (version > 1) {
    return Error{"the link was made by a later version of Netsplit: it is version " +
                 std::to_string(version) + ", and this program reads up to 1"};
  }
  return text.substr(dot + 1);
}

}  // namespace

Result<std::string> encode_link(const Link& link) {
  const std::string json = compact_json(link_json(link));
  if (json.size() > static_cast<std::size_t>(link_decoded_max)) {
    return Error{"the scenario is too long for a link: " + std::to_string(json.size()) +
                 " bytes, at most " + std::to_string(link_decoded_max) + "; save it as a file"};
  }
  const std::string packed = deflate_raw(json);
  std::string text = to_base64url(checksum_of(packed) + packed);
  if (text.size() > static_cast<std::size_t>(link_encoded_max)) {
    return Error{"the scenario is too long for a link: " + std::to_string(text.size()) +
                 " characters, at most " + std::to_string(link_encoded_max) +
                 "; save it as a file"};
  }
  return "#v1." + text;
}

Result<Link> decode_link(std::string_view text) {
  const Result<std::string_view> payload = payload_of(text);
  if (!payload) return Error{payload.error()};
  if (payload.value().empty()) return cut_off();
  if (payload.value().size() > static_cast<std::size_t>(link_encoded_max)) {
    return Error{"the link is too long: " + std::to_string(payload.value().size()) +
                 " characters, at most " + std::to_string(link_encoded_max)};
  }
  const Result<std::string> bytes = unpack(payload.value());
  if (!bytes) return Error{bytes.error()};
  const Result<Json> json = parse_json(bytes.value(), "link");
  if (!json) return Error{json.error()};
  return read_link(json.value());
}

}  // namespace netsplit
