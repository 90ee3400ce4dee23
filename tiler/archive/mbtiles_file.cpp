#include "tiler/archive/mbtiles_file.hpp"

#include "tiler/archive/facts.hpp"

#include <nlohmann/json.hpp>

namespace cairn::tiler {
namespace {

SqliteFile new_file(const std::filesystem::path& path) {
  SqliteFile file{path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE};
  file.run("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = 0x4d504258;");
  file.run("BEGIN;"
           "CREATE TABLE metadata (name TEXT, value TEXT);"
           "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);");
  return file;
}

}  // namespace

MbtilesMetadata mbtiles_metadata(const ArchiveInfo& info, const TileExtent& extent) {
  const auto numbers = [](std::initializer_list<double> degrees) {
    std::string text;
    for (const double deg : degrees) text.append(text.empty() ? "" : ",").append(degrees_text(deg));
    return text;
  };
  const auto& b = extent.bounds;
  MbtilesMetadata metadata{{"name", info.name},
                           {"description", info.description},
                           {"attribution", info.attribution},
                           {"format", info.format == TileFormat::mvt ? "pbf" : std::string{ending_of(info.format)}},
                           {"type", "overlay"},
                           {"version", "1"},
                           {"bounds", numbers({b.west_deg, b.south_deg, b.east_deg, b.north_deg})},
                           {"center", numbers({extent.centre_lon_deg, extent.centre_lat_deg}) + "," + std::to_string(extent.centre_zoom)},
                           {"minzoom", std::to_string(extent.min_zoom)},
                           {"maxzoom", std::to_string(extent.max_zoom)}};
  if (info.format == TileFormat::mvt) metadata["json"] = nlohmann::json{{"vector_layers", nlohmann::json::parse(info.vector_layers_json)}}.dump();
  if (!info.legend_json.empty()) metadata["cairn_legend"] = info.legend_json;
  if (info.sequence) metadata["cairn_sequence"] = std::to_string(*info.sequence);
  return metadata;
}

SqliteFile opened_mbtiles(const std::filesystem::path& path) {
  SqliteFile file{path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX};
  sqlite3_limit(file.get(), SQLITE_LIMIT_LENGTH, static_cast<int>(kMostTileBytes));
  file.run("PRAGMA trusted_schema = OFF; PRAGMA cache_size = -1024;");
  return file;
}

MbtilesMetadata metadata_in(SqliteFile& file) {
  MbtilesMetadata metadata;
  std::size_t size = 0;
  SqliteStatement rows{file, "SELECT name, value FROM metadata"};
  while (rows.step()) {
    size += rows.blob(0).size() + rows.blob(1).size();
    if (size > kMostMetadataBytes) throw std::runtime_error{"its metadata are larger than " + std::to_string(kMostMetadataBytes) + " bytes"};
    metadata[rows.text(0)] = rows.text(1);
  }
  return metadata;
}

std::optional<TileId> mbtiles_tile_at(std::int64_t zoom, std::int64_t column, std::int64_t row) {
  const bool sane = zoom >= 0 && zoom <= TileId::kMaxZoom && row >= 0 && row < (std::int64_t{1} << zoom);
  return sane ? TileId::from_zxy(zoom, column, (std::int64_t{1} << zoom) - 1 - row) : std::nullopt;
}

MbtilesFile::MbtilesFile(const std::filesystem::path& path)
    : file_{new_file(path)}, name_value_{file_, "INSERT INTO metadata VALUES (?, ?)"}, tile_{file_, "INSERT INTO tiles VALUES (?, ?, ?, ?)"} {}

void MbtilesFile::describe(const MbtilesMetadata& metadata) {
  for (const auto& [name, value] : metadata) {
    name_value_.bind(1, std::string_view{name});
    name_value_.bind(2, std::string_view{value});
    name_value_.step();
    name_value_.reset();
  }
}

void MbtilesFile::add(TileId tile, ByteView packed) {
  tile_.bind(1, std::int64_t{tile.zoom()});
  tile_.bind(2, std::int64_t{tile.x()});
  tile_.bind(3, mbtiles_row_of(tile));
  tile_.bind(4, packed);
  tile_.step();
  tile_.reset();
}

void MbtilesFile::finish() {
  file_.run("CREATE UNIQUE INDEX name ON metadata (name);"
            "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);"
            "COMMIT;");
}

}  // namespace cairn::tiler
