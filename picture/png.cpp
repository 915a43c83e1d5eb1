// PNG (ISO/IEC 15948): 8-bit RGB, one deflate stream by zlib, rows unfiltered.
#include <zlib.h>

#include <array>

#include "picture/picture.h"

namespace netsplit::picture {
namespace {

void put_number(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 255);
}

void put_chunk(std::string& out, std::string_view type, std::string_view data) {
  put_number(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t from = out.size();
  out += type;
  out += data;
  const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(out.data() + from),
                          static_cast<uInt>(out.size() - from));
  put_number(out, static_cast<std::uint32_t>(sum));
}

}  // namespace

Result<std::string> to_png(const Pixels& pixels) {
  const auto stride = static_cast<std::size_t>(pixels.width) * 3;
  std::string raw;
  raw.reserve((stride + 1) * static_cast<std::size_t>(pixels.height));
  for (std::size_t row = 0; row < static_cast<std::size_t>(pixels.height); ++row) {
    raw += '\0';  // no filter
    raw.append(reinterpret_cast<const char*>(pixels.rgb.data()) + row * stride, stride);
  }
  uLongf packed_size = compressBound(static_cast<uLong>(raw.size()));
  std::string packed(packed_size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &packed_size,
                reinterpret_cast<const Bytef*>(raw.data()), static_cast<uLong>(raw.size()),
                6) != Z_OK) {
    return Error{"The picture could not be compressed."};
  }
  packed.resize(packed_size);
  std::string header;
  put_number(header, static_cast<std::uint32_t>(pixels.width));
  put_number(header, static_cast<std::uint32_t>(pixels.height));
  constexpr std::array<char, 5> kind{8, 2, 0, 0, 0};  // bits, RGB, deflate, filters, not interlaced
  header.append(kind.data(), kind.size());
  std::string out("\x89PNG\r\n\x1A\n");
  put_chunk(out, "IHDR", header);
  put_chunk(out, "IDAT", packed);
  put_chunk(out, "IEND", {});
  return out;
}

}  // namespace netsplit::picture
