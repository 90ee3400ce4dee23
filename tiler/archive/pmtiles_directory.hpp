#pragma once
// Header and directories of a PMTiles v3 archive, as values and as bytes.

#include "core/bytes.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/archive/hilbert.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace cairn::tiler {

inline constexpr std::size_t kPmHeaderBytes = 127;
inline constexpr std::size_t kPmRootReach = 16384;  ///< header and root directory lie within the first 16 KiB
inline constexpr std::size_t kPmMostRootBytes = kPmRootReach - kPmHeaderBytes;
inline constexpr std::size_t kPmMostDirectoryBytes = std::size_t{8} << 20;  ///< unpacked; leaves of a planet have half a MB

enum class PmCompression : std::uint8_t { unknown = 0, none = 1, gzip = 2, brotli = 3, zstd = 4 };
enum class PmTileType : std::uint8_t { unknown = 0, mvt = 1, png = 2, jpeg = 3, webp = 4, avif = 5 };
inline PmTileType pm_tile_type_of(TileFormat format) { return static_cast<PmTileType>(static_cast<int>(format) + 1); }
/// Nothing when it is another than we know.
std::optional<TileFormat> pm_format_of(std::uint8_t tile_type);

struct PmSection {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t end() const { return offset + length; }
};
inline bool lies_inside(PmSection part, std::uint64_t size) { return part.length <= size && part.offset <= size - part.length; }

struct PmHeader {
  PmSection root, metadata, leaves, tiles;
  std::uint64_t addressed = 0;  ///< tiles that can be asked for
  std::uint64_t entries = 0;    ///< directory entries that are tiles
  std::uint64_t contents = 0;   ///< distinct tile contents
  bool clustered = false;
  PmCompression internal_compression = PmCompression::unknown;
  PmCompression tile_compression = PmCompression::unknown;
  std::uint8_t tile_type = 0;   ///< of PmTileType, or one of a later version
  int min_zoom = 0;
  int max_zoom = 0;
  std::int32_t west_e7 = 0, south_e7 = 0, east_e7 = 0, north_e7 = 0;
  int centre_zoom = 0;
  std::int32_t centre_lon_e7 = 0, centre_lat_e7 = 0;
};

/// A tile, a run of tiles with the same content, or (run 0) a leaf directory.
struct PmEntry {
  HilbertId id = 0;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t run = 1;
};

Bytes pm_header_bytes(const PmHeader& header);
/// Throws std::runtime_error when the bytes are no header of version 3.
PmHeader pm_header_from(ByteView bytes);

/// Uncompressed.
Bytes pm_directory_bytes(const std::vector<PmEntry>& directory);
/// Throws std::runtime_error when the bytes are no directory, its ids don't rise or its runs overlap.
std::vector<PmEntry> pm_directory_from(ByteView bytes);

}  // namespace cairn::tiler
