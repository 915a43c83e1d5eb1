// Writes a PNG picture (8-bit RGB, one deflate stream) with zlib. Only the desktop program needs
// it.
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace netsplit::ui {

// `pixels` are RGB, rows from the top. Errors: names the file that could not be written.
inline Status write_png(const std::string& path, const std::vector<std::uint8_t>& pixels, int width,
                        int height) {
  const auto stride = static_cast<std::size_t>(width) * 3;
  std::vector<std::uint8_t> raw;
  raw.reserve((stride + 1) * static_cast<std::size_t>(height));
  for (std::size_t row = 0; row < static_cast<std::size_t>(height); ++row) {
    raw.push_back(0);  // rows are stored as they are, unfiltered
    raw.insert(raw.end(), pixels.begin() + static_cast<std::ptrdiff_t>(row * stride),
               pixels.begin() + static_cast<std::ptrdiff_t>((row + 1) * stride));
  }
  uLongf packed_size = compressBound(static_cast<uLong>(raw.size()));
  std::vector<std::uint8_t> packed(packed_size);
  if (compress2(packed.data(), &packed_size, raw.data(), static_cast<uLong>(raw.size()), 6) !=
      Z_OK) {
    return Error{path + ": the picture could not be compressed"};
  }
  packed.resize(packed_size);

  std::ofstream file(path, std::ios::binary);
  const auto big_endian = [](std::uint32_t value) {
    return std::array<std::uint8_t, 4>{
        static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
        static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
  };
  const auto put = [&](const auto& bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  };
  const auto chunk = [&](const std::string& type, const std::vector<std::uint8_t>& data) {
    put(big_endian(static_cast<std::uint32_t>(data.size())));
    put(type);
    put(data);
    uLong sum = crc32(0, reinterpret_cast<const Bytef*>(type.data()), 4);
    if (!data.empty()) sum = crc32(sum, data.data(), static_cast<uInt>(data.size()));
    put(big_endian(static_cast<std::uint32_t>(sum)));
  };
  put(std::array<std::uint8_t, 8>{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
  std::vector<std::uint8_t> header;
  for (const int side : {width, height}) {
    for (const std::uint8_t byte : big_endian(static_cast<std::uint32_t>(side)))
      header.push_back(byte);
  }
  header.insert(header.end(),
                {8, 2, 0, 0, 0});  // 8 bits, RGB, deflate, no filter choice, not interlaced
  chunk("IHDR", header);
  chunk("IDAT", packed);
  chunk("IEND", {});
  if (!file.good()) return Error{path + ": could not be written"};
  return Done{};
}

}  // namespace netsplit::ui
