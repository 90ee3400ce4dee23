#pragma once
// An MBTiles file that is being written.

#include "tiler/sqlite_file.hpp"
#include "tiler/tile_spool.hpp"

#include <map>
#include <string>

namespace cairn::tiler {

using MbtilesMetadata = std::map<std::string, std::string>;
/// What MBTiles 1.3 asks for, and cairn_sequence where it is known.
MbtilesMetadata mbtiles_metadata(const ArchiveInfo& info, const TileExtent& extent);

/// Where a tile is in its table: counted from the south.
inline std::int64_t mbtiles_row_of(TileId tile) { return (std::int64_t{1} << tile.zoom()) - 1 - tile.y(); }
/// The other way round; nothing when it names no tile.
std::optional<TileId> mbtiles_tile_at(std::int64_t zoom, std::int64_t column, std::int64_t row);

/// One transaction, without a journal: the file is to be renamed when it is whole.
class MbtilesFile {
 public:
  explicit MbtilesFile(const std::filesystem::path& path);

  void describe(const MbtilesMetadata& metadata);
  void add(TileId tile, ByteView packed);
  /// Makes the indexes and ends the transaction.
  void finish();

  SqliteFile& file() { return file_; }

 private:
  SqliteFile file_;
  SqliteStatement name_value_, tile_;
};

}  // namespace cairn::tiler
