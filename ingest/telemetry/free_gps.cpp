#include "ingest/telemetry/free_gps.hpp"

#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/movie_parts.hpp"

namespace cairn::ingest {
namespace {

constexpr std::string_view kMagic = "freeGPS ";
constexpr std::size_t kMostBlocks = 500'000;   ///< six days at one block a second

/// Table: eight bytes of version and count, then pairs of offset and size of whole boxes, big-endian.
std::vector<ByteView> blocks_in_table(ByteView movie, ByteView table) {
  std::vector<ByteView> blocks;
  for (std::size_t at = 8; at + 8 <= table.size() && blocks.size() < kMostBlocks; at += 8) {
    const std::size_t offset = big_endian_at<std::uint32_t>(table, at), size = big_endian_at<std::uint32_t>(table, at + 4);
    if (size < 4 + kMagic.size() || offset > movie.size() || size > movie.size() - offset) continue;
    const auto block = movie.subspan(offset + 4, size - 4);
    if (text_of(block).starts_with(kMagic)) blocks.push_back(block);
  }
  return blocks;
}

/// A box `free` whose content is "GPS …", or "freeGPS …" where a tool wrapped it once more.
std::vector<ByteView> blocks_as_boxes(ByteView movie) {
  std::vector<ByteView> blocks;
  BoxReader boxes{movie};
  while (const auto box = boxes.next()) {
    if (box->type != "free" || blocks.size() >= kMostBlocks) continue;
    const auto content = text_of(box->content);
    if (content.starts_with(kMagic)) blocks.push_back(box->content);
    if (content.starts_with(kMagic.substr(4))) blocks.push_back({box->content.data() - 4, box->content.size() + 4});
  }
  return blocks;
}

}  // namespace

std::vector<ByteView> free_gps_blocks(ByteView movie) {
  if (const auto table = box_at(movie, "moov/gps ")) {
    auto blocks = blocks_in_table(movie, *table);
    if (!blocks.empty()) return blocks;
  }
  return blocks_as_boxes(movie);
}

}  // namespace cairn::ingest
