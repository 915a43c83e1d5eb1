// A Merkle tree over cells that are numbered by key. A leaf is the hash of a range of keys, every
// other place the hash of the two below it: place 1 is the root, 2p and 2p + 1 are below p.
//
// Source: Merkle, "A digital signature based on a conventional encryption function" (CRYPTO 1987).
// The hash is no cryptographic one: replicas do not deceive each other.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/sim/protocol.h"

namespace netsplit::anti_entropy {

struct HashTree {
  static constexpr std::int64_t root = 1;
  std::int64_t keys = 1;
  std::int64_t depth = 0;  // steps from the root to a leaf
  std::int64_t hash_bits = 64;

  bool has(std::int64_t place) const { return place >= root && place < std::int64_t{2} << depth; }
  bool is_leaf(std::int64_t place) const { return has(place) && !has(2 * place); }

  // The keys from `first` to before `second`. Requires: has(place).
  std::pair<std::int64_t, std::int64_t> range_of(std::int64_t place) const {
    std::int64_t level = 1;  // as many places are beside each other here
    while (2 * level <= place) level *= 2;
    return {(place - level) * keys / level, (place - level + 1) * keys / level};
  }

  // Reads all cells below the place. Requires: has(place), and a cell for each key.
  template <class Cell>
  std::uint64_t hash_at(std::int64_t place, const std::vector<Cell>& cells) const {
    Hasher hasher;
    if (is_leaf(place)) {
      const auto [first, end] = range_of(place);
      for (std::int64_t key = first; key < end; ++key)
        encode(hasher, cells[static_cast<std::size_t>(key)]);
    } else {
      hasher.integer(hash_at(2 * place, cells));
      hasher.integer(hash_at(2 * place + 1, cells));
    }
    return hasher.digest() >> (64 - hash_bits);
  }
};

struct PlaceHash {
  std::int64_t place = HashTree::root;
  Hidden<std::uint64_t> hash;
  FIELDS(place, hash)
};

}  // namespace netsplit::anti_entropy
