#pragma once
// Takes tiles in any order and gives them back sorted, each distinct content kept once, on disk beside the target.

#include "tiler/archive/archive.hpp"
#include "tiler/archive/file_writer.hpp"
#include "tiler/archive/hilbert.hpp"

#include <optional>
#include <vector>

namespace cairn::tiler {

struct SpooledTile {
  HilbertId id = 0;
  std::uint64_t offset = 0;  ///< in the spool; equal contents have equal offsets
  std::uint32_t length = 0;
};

class TileSpool {
 public:
  /// Reads the source to its end. Throws std::runtime_error when there is no tile, one comes twice or is
  /// empty, or the disk refuses.
  TileSpool(const std::filesystem::path& target, const TileSource& source);

  /// In the order of ids. Memory: about 100 bytes per tile; the contents stay on disk.
  const std::vector<SpooledTile>& tiles() const { return tiles_; }
  Bytes content_of(const SpooledTile& tile) { return file_.read(tile.offset, tile.length); }
  std::uint64_t distinct() const { return distinct_; }

 private:
  std::optional<TemporaryPath> place_;
  AppendFile file_;
  std::vector<SpooledTile> tiles_;
  std::uint64_t distinct_ = 0;
};

/// What an archive says about the extent of its tiles: that of the tiles that have no deeper tile inside them.
struct TileExtent {
  int min_zoom = 0;
  int max_zoom = 0;
  GeoBounds bounds;
  double centre_lat_deg = 0;
  double centre_lon_deg = 0;
  int centre_zoom = 0;
};
TileExtent extent_of(const std::vector<SpooledTile>& sorted_tiles);

/// "lon,lat,…" numbers as text with as many decimals as needed, the same everywhere.
std::string degrees_text(double deg);

}  // namespace cairn::tiler
