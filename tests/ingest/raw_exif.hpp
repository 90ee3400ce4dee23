#pragma once
// EXIF byte by byte: what no library would write.

#include "core/bytes.hpp"

#include <cstdint>
#include <string>

namespace cairn::testing {

enum TiffType { kAscii = 2, kLong = 4, kRational = 5, kUndefined = 7, kDouble = 12 };
inline constexpr int kExifDirectory = 0x8769, kGpsDirectory = 0x8825;

inline std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

/// The head of a TIFF whose first directory stands at 8.
inline std::string tiff_start() { return std::string{"II*\0", 4} + little(8, 4); }

/// One of a directory; `value` is itself, or where the value stands.
inline std::string entry(int tag, TiffType type, std::uint32_t count, std::uint32_t value) {
  return little(static_cast<std::uint32_t>(tag), 2) + little(static_cast<std::uint32_t>(type), 2) + little(count, 4) +
         little(value, 4);
}

/// The picture with a segment put in behind its first marker.
inline Bytes with_segment(const Bytes& jpeg, int marker, const std::string& body) {
  const auto length = body.size() + 2;
  const auto segment =
      std::string{'\xFF', static_cast<char>(marker), static_cast<char>(length >> 8), static_cast<char>(length & 0xFF)} +
      body;
  const auto view = bytes_of(segment);
  Bytes result = jpeg;
  result.insert(result.begin() + 2, view.begin(), view.end());
  return result;
}

/// The picture with these bytes as its EXIF block.
inline Bytes with_raw_exif(const Bytes& jpeg, const std::string& tiff) {
  return with_segment(jpeg, 0xE1, std::string{"Exif\0\0", 6} + tiff);
}

}  // namespace cairn::testing
