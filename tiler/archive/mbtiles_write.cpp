#include "tiler/archive/archive.hpp"
#include "tiler/archive/mbtiles_file.hpp"

#include <algorithm>
#include <tuple>

namespace cairn::tiler {
namespace {

struct Row {
  TileId tile;
  const SpooledTile* content = nullptr;
  auto key() const { return std::tuple{tile.zoom(), tile.x(), mbtiles_row_of(tile)}; }
};

std::vector<Row> rows_of(const std::vector<SpooledTile>& tiles) {
  std::vector<Row> rows;
  rows.reserve(tiles.size());
  for (const auto& tile : tiles) rows.push_back({tile_of_hilbert_id(tile.id), &tile});
  std::ranges::sort(rows, {}, &Row::key);
  return rows;
}

}  // namespace

ArchiveSummary write_mbtiles(const std::filesystem::path& target, const ArchiveInfo& info, const TileSource& source) {
  TileSpool spool{target, source};
  TemporaryPath unfinished{target, "part"};
  {
    MbtilesFile file{unfinished.path()};
    file.describe(mbtiles_metadata(info, extent_of(spool.tiles())));
    for (const auto& row : rows_of(spool.tiles())) file.add(row.tile, spool.content_of(*row.content));
    file.finish();
  }
  const auto size = std::filesystem::file_size(unfinished.path());
  unfinished.publish_as(target);
  return {spool.tiles().size(), spool.distinct(), size};
}

}  // namespace cairn::tiler
