// Links made by hand, to carry what encode_link would never write.
#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

#include "core/scenario/link_dictionary_v1.h"

namespace netsplit::test {

inline Bytef* zlib_bytes(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

inline std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j <= count; ++j) text += alphabet[bits >> (18 - 6 * j) & 63];
  }
  return text;
}

// A link with a right checksum round these bytes.
inline std::string link_around(std::string_view packed) {
  const auto sum = crc32(0, zlib_bytes(packed), static_cast<uInt>(packed.size()));
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(sum >> shift & 255);
  return "#v1." + base64url(bytes.append(packed));
}

inline std::string deflated(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  deflateSetDictionary(&stream, zlib_bytes(link_dictionary_v1),
                       static_cast<uInt>(link_dictionary_v1.size()));
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = zlib_bytes(text);
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = zlib_bytes(packed);
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

// A link that carries this text as it is.
inline std::string link_of_text(std::string_view text) { return link_around(deflated(text)); }

}  // namespace netsplit::test
