#pragma once
// Tiles -> one file: PMTiles v3 and MBTiles.

#include "core/bytes.hpp"
#include "core/tile_id.hpp"
#include "tiler/tile_format.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::tiler {

/// Of an archive's tile, packed or not: a hundred times what a map client can bear.
inline constexpr std::size_t kMostTileBytes = std::size_t{64} << 20;

/// What an archive says of itself beside what its tiles tell.
struct ArchiveInfo {
  std::string name;
  std::string description;
  std::string attribution;
  std::string vector_layers_json = "[]";   ///< the `vector_layers` array of TileJSON 3; of vector tiles only
  std::optional<std::int64_t> sequence{};  ///< the number of the last change of the map that is in it; written as cairn_sequence
  TileFormat format = TileFormat::mvt;
  std::string legend_json{};               ///< what colours of pictures stand for, as in tilejson(); empty: they stand for themselves
};

/// Hands over the next tile or nothing at the end. PMTiles asks for the order of its tile ids (Hilbert per zoom); the writer sorts,
/// so any order will do; a tile may come once only.
struct ArchiveTile {
  TileId tile;
  Bytes bytes;                             ///< of a vector tile packed with gzip, a picture as it is
};
using TileSource = std::function<std::optional<ArchiveTile>()>;

struct ArchiveSummary {
  std::uint64_t tiles = 0;
  std::uint64_t distinct = 0;
  std::uint64_t bytes = 0;
};

/// Writes beside the target and renames at the end: a failure leaves nothing partial visible. Bounds, centre and zooms are
/// those of the tiles. The same tiles give the same bytes. Throws std::runtime_error with the path when the disk refuses.
ArchiveSummary write_pmtiles(const std::filesystem::path& target, const ArchiveInfo&, const TileSource&);
ArchiveSummary write_mbtiles(const std::filesystem::path& target, const ArchiveInfo&, const TileSource&);
/// Whichever of the two the target's name ends in. Throws std::runtime_error when it is neither.
ArchiveSummary write_archive(const std::filesystem::path& target, const ArchiveInfo&, const TileSource&);
void check_archive_name(const std::filesystem::path& target);

/// Everything that is wrong with an archive (header, directory, every tile by the strict MVT check), a sentence each; empty
/// when it is right. Reads PMTiles v3 and MBTiles.
std::vector<std::string> problems_of_archive(const std::filesystem::path& archive);

}  // namespace cairn::tiler
