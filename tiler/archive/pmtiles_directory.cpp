#include "tiler/archive/pmtiles_directory.hpp"

#include "tiler/byte_stream.hpp"

#include <limits>

namespace cairn::tiler {
namespace {

constexpr std::string_view kMagic = "PMTiles";
constexpr std::uint64_t kPmtilesVersion = 3;

void put_little_endian(Bytes& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

/// Numbers of fixed width, one after the other.
class FixedReader {
 public:
  explicit FixedReader(ByteView bytes) : rest_{bytes} {}
  std::uint64_t take(int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= std::to_integer<std::uint64_t>(rest_[static_cast<std::size_t>(i)]) << (8 * i);
    rest_ = rest_.subspan(static_cast<std::size_t>(bytes));
    return value;
  }
  std::int32_t take_signed() { return static_cast<std::int32_t>(static_cast<std::uint32_t>(take(4))); }
  PmSection take_section() {
    PmSection section;
    section.offset = take(8);
    section.length = take(8);
    return section;
  }

 private:
  ByteView rest_;
};

std::uint64_t bits_of(std::int32_t value) { return static_cast<std::uint32_t>(value); }

}  // namespace

std::optional<TileFormat> pm_format_of(std::uint8_t tile_type) {
  for (const auto format : kTileFormats) {
    if (tile_type == static_cast<std::uint8_t>(pm_tile_type_of(format))) return format;
  }
  return std::nullopt;
}

Bytes pm_header_bytes(const PmHeader& header) {
  const auto magic = bytes_of(kMagic);
  Bytes out{magic.begin(), magic.end()};
  put_little_endian(out, kPmtilesVersion, 1);
  for (const auto& section : {header.root, header.metadata, header.leaves, header.tiles}) {
    put_little_endian(out, section.offset, 8);
    put_little_endian(out, section.length, 8);
  }
  for (const auto count : {header.addressed, header.entries, header.contents}) put_little_endian(out, count, 8);
  put_little_endian(out, header.clustered ? 1 : 0, 1);
  put_little_endian(out, static_cast<std::uint64_t>(header.internal_compression), 1);
  put_little_endian(out, static_cast<std::uint64_t>(header.tile_compression), 1);
  put_little_endian(out, header.tile_type, 1);
  put_little_endian(out, static_cast<std::uint64_t>(header.min_zoom), 1);
  put_little_endian(out, static_cast<std::uint64_t>(header.max_zoom), 1);
  for (const auto side : {header.west_e7, header.south_e7, header.east_e7, header.north_e7}) put_little_endian(out, bits_of(side), 4);
  put_little_endian(out, static_cast<std::uint64_t>(header.centre_zoom), 1);
  put_little_endian(out, bits_of(header.centre_lon_e7), 4);
  put_little_endian(out, bits_of(header.centre_lat_e7), 4);
  return out;
}

PmHeader pm_header_from(ByteView bytes) {
  if (bytes.size() < kPmHeaderBytes) throw std::runtime_error{"the file is shorter than a PMTiles header"};
  if (text_of(bytes.first(kMagic.size())) != kMagic) throw std::runtime_error{"the file does not begin with 'PMTiles'"};
  FixedReader in{bytes.subspan(kMagic.size())};
  if (const auto version = in.take(1); version != kPmtilesVersion) throw std::runtime_error{"the PMTiles version is " + std::to_string(version)};
  PmHeader header;
  for (auto* section : {&header.root, &header.metadata, &header.leaves, &header.tiles}) *section = in.take_section();
  for (auto* count : {&header.addressed, &header.entries, &header.contents}) *count = in.take(8);
  header.clustered = in.take(1) == 1;
  header.internal_compression = static_cast<PmCompression>(in.take(1));
  header.tile_compression = static_cast<PmCompression>(in.take(1));
  header.tile_type = static_cast<std::uint8_t>(in.take(1));
  header.min_zoom = static_cast<int>(in.take(1));
  header.max_zoom = static_cast<int>(in.take(1));
  for (auto* side : {&header.west_e7, &header.south_e7, &header.east_e7, &header.north_e7}) *side = in.take_signed();
  header.centre_zoom = static_cast<int>(in.take(1));
  header.centre_lon_e7 = in.take_signed();
  header.centre_lat_e7 = in.take_signed();
  return header;
}

Bytes pm_directory_bytes(const std::vector<PmEntry>& directory) {
  ByteWriter out;
  out.whole(directory.size());
  HilbertId last = 0;
  for (const auto& entry : directory) {
    out.whole(entry.id - last);
    last = entry.id;
  }
  for (const auto& entry : directory) out.whole(entry.run);
  for (const auto& entry : directory) out.whole(entry.length);
  for (std::size_t i = 0; i < directory.size(); ++i) {
    const bool follows = i > 0 && directory[i].offset == directory[i - 1].offset + directory[i - 1].length;
    out.whole(follows ? 0 : directory[i].offset + 1);
  }
  return out.take();
}

std::vector<PmEntry> pm_directory_from(ByteView bytes) {
  constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
  ByteReader in{bytes, "a PMTiles directory"};
  std::vector<PmEntry> entries(in.count(4));
  HilbertId last = 0;
  for (auto& entry : entries) {
    const auto step = in.whole_up_to(first_hilbert_id_of(31));
    if (&entry != &entries.front() && step == 0) in.fail("its tile ids don't rise");
    entry.id = last += step;
  }
  for (auto& entry : entries) entry.run = static_cast<std::uint32_t>(in.whole_up_to(kMost32));
  for (auto& entry : entries) entry.length = static_cast<std::uint32_t>(in.whole_up_to(kMost32));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto offset = in.whole();
    if (offset == 0 && i == 0) in.fail("its first entry follows nothing");
    entries[i].offset = offset > 0 ? offset - 1 : entries[i - 1].offset + entries[i - 1].length;
    if (entries[i].length == 0) in.fail("an entry has no bytes");
    if (i > 0 && entries[i - 1].id + entries[i - 1].run > entries[i].id) in.fail("its runs overlap");
  }
  if (!in.at_end()) in.fail("something follows its end");
  return entries;
}

}  // namespace cairn::tiler
