#pragma once
// One file -> its tiles: PMTiles v3 and MBTiles, by strangers' programs too.

#include "core/file_range.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/archive/hilbert.hpp"

#include <memory>
#include <string_view>

namespace cairn::tiler {

struct ArchiveFacts : ArchiveInfo {
  int min_zoom = 0;
  int max_zoom = 0;
  GeoBounds bounds{-180, -85.0511, 180, 85.0511};
  double centre_lat_deg = 0;
  double centre_lon_deg = 0;
  int centre_zoom = 0;
};

struct StoredTile {
  Bytes bytes;
  bool is_gzip = false;
  std::optional<FileRange> place = {};  ///< the same bytes in the open file; none in MBTiles
};

/// Safe for several threads. What a damaged archive makes impossible throws std::runtime_error with a sentence.
class OpenArchive {
 public:
  virtual ~OpenArchive() = default;
  const ArchiveFacts& facts() const { return facts_; }
  /// Nothing when the archive has no such tile.
  virtual std::optional<StoredTile> tile(TileId tile) = 0;
  /// All that it has, rising, each once; 8 bytes of memory each. More than a hundred million are refused.
  virtual std::vector<HilbertId> tiles() = 0;
  /// The open file as a path that stays right when the archive's own name goes to another file; empty for MBTiles.
  virtual std::filesystem::path file() const { return {}; }

 protected:
  ArchiveFacts facts_;
};

/// Throws std::runtime_error with the path and what is wrong: no archive, cut short, packed in a way that is not served (anything
/// but gzip).
std::unique_ptr<OpenArchive> open_archive(const std::filesystem::path& archive);

}  // namespace cairn::tiler
