#pragma once
// MBTiles 1.3: tiles and metadata in one SQLite file; rows are counted from the south.

#include "tiler/archive/sqlite_file.hpp"
#include "tiler/archive/tile_spool.hpp"

#include <map>
#include <string>

namespace cairn::tiler {

using MbtilesMetadata = std::map<std::string, std::string>;
/// What MBTiles 1.3 asks for, and cairn_legend and cairn_sequence where there are any.
MbtilesMetadata mbtiles_metadata(const ArchiveInfo& info, const TileExtent& extent);

/// For reading, whoever wrote it: nothing in it that is larger than a tile may be, no functions of its schema's.
SqliteFile opened_mbtiles(const std::filesystem::path& path);
/// Throws std::runtime_error when they are more than anybody's.
MbtilesMetadata metadata_in(SqliteFile& file);

/// Where a tile is in its table.
inline std::int64_t mbtiles_row_of(TileId tile) { return (std::int64_t{1} << tile.zoom()) - 1 - tile.y(); }
/// The other way round; nothing when it names no tile.
std::optional<TileId> mbtiles_tile_at(std::int64_t zoom, std::int64_t column, std::int64_t row);

/// A file that is being written. One transaction, without a journal: the file is to be renamed when it is whole.
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
