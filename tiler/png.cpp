// Four bits a pixel and rows as they are: what palettes pack best with, as the standard says of its filters.

#include "tiler/png.hpp"

#include "tiler/gzip.hpp"

#include <libdeflate.h>

#include <cassert>
#include <string_view>

namespace cairn::tiler {
namespace {

using namespace std::string_view_literals;

constexpr int kPngLevel = 6;

void add_bytes(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void add_number(Bytes& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(number >> shift));
}

/// Length, name and content, and the CRC of the last two.
void add_chunk(Bytes& out, std::string_view name, ByteView content) {
  add_number(out, static_cast<std::uint32_t>(content.size()));
  const auto begin = out.size();
  add_bytes(out, bytes_of(name));
  add_bytes(out, content);
  add_number(out, libdeflate_crc32(0, out.data() + begin, out.size() - begin));
}

Bytes header_of(std::size_t side) {
  Bytes header;
  add_number(header, static_cast<std::uint32_t>(side));
  add_number(header, static_cast<std::uint32_t>(side));
  add_bytes(header, bytes_of("\4\3\0\0\0"sv));  // 4 bits a pixel, of a palette; DEFLATE, its filters, not interlaced
  return header;
}

Bytes unfiltered_rows(std::span<const std::uint8_t> pixels, std::size_t side) {
  Bytes rows;
  rows.reserve(side * (1 + side / 2));
  for (std::size_t i = 0; i < pixels.size(); i += 2) {
    if (i % side == 0) rows.push_back(std::byte{0});  // this row is not filtered
    rows.push_back(static_cast<std::byte>(pixels[i] << 4 | pixels[i + 1]));
  }
  return rows;
}

}  // namespace

Bytes indexed_png(std::span<const std::uint8_t> pixels, std::size_t side, std::span<const Rgb> palette) {
  assert(side % 2 == 0 && pixels.size() == side * side && palette.size() <= 16);
  Bytes png;
  add_bytes(png, bytes_of("\x89PNG\r\n\x1a\n"sv));
  add_chunk(png, "IHDR", header_of(side));
  add_chunk(png, "PLTE", std::as_bytes(palette));
  add_chunk(png, "tRNS", bytes_of("\0"sv));
  add_chunk(png, "IDAT", zlib_packed(unfiltered_rows(pixels, side), kPngLevel));
  add_chunk(png, "IEND", {});
  return png;
}

}  // namespace cairn::tiler
