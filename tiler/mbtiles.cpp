// MBTiles 1.3: tiles and metadata in one SQLite file; rows are counted from the south.
#include "tiler/archive.hpp"
#include "tiler/sqlite_file.hpp"
#include "tiler/tile_spool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <tuple>

namespace cairn::tiler {
namespace {

struct Row {
  TileId tile;
  std::int64_t row_from_south = 0;
  const SpooledTile* content = nullptr;
  auto key() const { return std::tuple{tile.zoom(), tile.x(), row_from_south}; }
};

std::vector<Row> rows_of(const std::vector<SpooledTile>& tiles) {
  std::vector<Row> rows;
  rows.reserve(tiles.size());
  for (const auto& tile : tiles) {
    const auto id = tile_of_hilbert_id(tile.id);
    rows.push_back({id, (std::int64_t{1} << id.zoom()) - 1 - id.y(), &tile});
  }
  std::ranges::sort(rows, {}, &Row::key);
  return rows;
}

std::map<std::string, std::string> metadata_of(const ArchiveInfo& info, const TileExtent& extent) {
  const auto numbers = [](std::initializer_list<double> degrees) {
    std::string text;
    for (const double deg : degrees) text.append(text.empty() ? "" : ",").append(degrees_text(deg));
    return text;
  };
  const nlohmann::json layers{{"vector_layers", nlohmann::json::parse(info.vector_layers_json)}};
  const auto& b = extent.bounds;
  return {{"name", info.name},
          {"description", info.description},
          {"attribution", info.attribution},
          {"format", "pbf"},
          {"type", "overlay"},
          {"version", "1"},
          {"bounds", numbers({b.west_deg, b.south_deg, b.east_deg, b.north_deg})},
          {"center", numbers({extent.centre_lon_deg, extent.centre_lat_deg}) + "," + std::to_string(extent.centre_zoom)},
          {"minzoom", std::to_string(extent.min_zoom)},
          {"maxzoom", std::to_string(extent.max_zoom)},
          {"json", layers.dump()}};
}

void fill(SqliteFile& file, TileSpool& spool, const ArchiveInfo& info) {
  // The file is renamed when it is whole, so it needs no journal of its own.
  file.run("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = 0x4d504258;");
  file.run("BEGIN;"
           "CREATE TABLE metadata (name TEXT, value TEXT);"
           "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);");
  SqliteStatement name_value{file, "INSERT INTO metadata VALUES (?, ?)"};
  for (const auto& [name, value] : metadata_of(info, extent_of(spool.tiles()))) {
    name_value.bind(1, std::string_view{name});
    name_value.bind(2, std::string_view{value});
    name_value.step();
    name_value.reset();
  }
  SqliteStatement tile{file, "INSERT INTO tiles VALUES (?, ?, ?, ?)"};
  for (const auto& row : rows_of(spool.tiles())) {
    tile.bind(1, std::int64_t{row.tile.zoom()});
    tile.bind(2, std::int64_t{row.tile.x()});
    tile.bind(3, row.row_from_south);
    tile.bind(4, ByteView{spool.content_of(*row.content)});
    tile.step();
    tile.reset();
  }
  file.run("CREATE UNIQUE INDEX name ON metadata (name);"
           "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);"
           "COMMIT;");
}

}  // namespace

ArchiveSummary write_mbtiles(const std::filesystem::path& target, const ArchiveInfo& info, const TileSource& source) {
  TileSpool spool{target, source};
  TemporaryPath unfinished{target, "part"};
  {
    SqliteFile file{unfinished.path(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE};
    fill(file, spool, info);
  }
  const auto size = std::filesystem::file_size(unfinished.path());
  unfinished.publish_as(target);
  return {spool.tiles().size(), spool.distinct(), size};
}

}  // namespace cairn::tiler
