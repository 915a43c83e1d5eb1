// Stands in for libFuzzer where there is none: gives a fuzz target its seed inputs, then a bounded
// number of mutations of them, the same ones in every run. It finds little that is new; it keeps
// what was found from coming back.
//
//   TARGET [-runs=N] [FILE or FOLDER]...
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

// SplitMix64 (Steele, Lea, Flood, 2014).
std::uint64_t random_bits() {
  static std::uint64_t state = 1;
  std::uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_bits() % bound); }

void mutate(Bytes& bytes, const Bytes& other) {
  const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size() + 1));
  switch (below(5)) {
    case 0:
      if (at != bytes.end()) *at ^= static_cast<std::uint8_t>(1u << below(8));
      break;
    case 1:
      if (at != bytes.end()) *at = static_cast<std::uint8_t>(random_bits());
      break;
    case 2:
      bytes.insert(at, 1 + below(8), static_cast<std::uint8_t>(random_bits()));
      break;
    case 3:
      bytes.erase(at, at + static_cast<std::ptrdiff_t>(
                               below(static_cast<std::size_t>(bytes.end() - at) + 1)));
      break;
    default:
      bytes.insert(at, other.begin(),
                   other.begin() + static_cast<std::ptrdiff_t>(below(other.size() + 1)));
  }
}

Bytes read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  int runs = 1000;
  std::vector<fs::path> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("-runs=")) {
      runs = std::atoi(argv[i] + 6);
    } else if (fs::is_directory(argument)) {
      for (const auto& entry : fs::recursive_directory_iterator(argument)) {
        if (entry.is_regular_file()) paths.push_back(entry.path());
      }
    } else {
      paths.emplace_back(argument);
    }
  }
  std::sort(paths.begin(), paths.end());  // folders list in any order; a run must not

  std::vector<Bytes> seeds = {{}};
  for (const auto& path : paths) seeds.push_back(read(path));
  for (const auto& seed : seeds) LLVMFuzzerTestOneInput(seed.data(), seed.size());

  for (int run = 0; run < runs; ++run) {
    Bytes input = seeds[below(seeds.size())];
    for (std::size_t i = 1 + below(6); i > 0; --i) {
      mutate(input, seeds[below(seeds.size())]);
    }
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%zu seeds and %d mutations\n", seeds.size(), runs);
}
