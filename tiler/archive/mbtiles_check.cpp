#include "tiler/archive/check.hpp"
#include "tiler/archive/mbtiles_file.hpp"

#include <optional>

namespace cairn::tiler {
namespace {

MbtilesMetadata metadata_from(SqliteFile& file, ProblemList& problems) {
  MbtilesMetadata metadata;
  SqliteStatement rows{file, "SELECT name, value FROM metadata"};
  while (rows.step()) {
    if (!metadata.emplace(rows.text(0), rows.text(1)).second) problems.add("metadata '" + rows.text(0) + "' stand twice");
  }
  for (const auto* name : {"name", "format"}) {
    if (!metadata.contains(name)) problems.add(std::string{"metadata '"} + name + "' are missing");
  }
  return metadata;
}

void check_zoom(const MbtilesMetadata& metadata, const char* name, int found, ProblemList& problems) {
  const auto entry = metadata.find(name);
  if (entry != metadata.end() && entry->second != std::to_string(found)) {
    problems.add(std::string{"metadata '"} + name + "' say " + entry->second + ", the tiles " + std::to_string(found));
  }
}

void check_tiles(SqliteFile& file, const MbtilesMetadata& metadata, ProblemList& problems) {
  const auto format = find_tile_format(metadata.contains("format") ? metadata.at("format") : "");
  if (format == TileFormat::mvt) check_vector_layers(problems, metadata.contains("json") ? metadata.at("json") : "");
  SqliteStatement rows{file, "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles ORDER BY 1, 2, 3"};
  std::optional<TileId> last;
  std::optional<int> min_zoom;
  while (rows.step() && !problems.full()) {
    const auto tile = mbtiles_tile_at(rows.whole(0), rows.whole(1), rows.whole(2));
    if (!tile) {
      problems.add("a row names no tile: zoom " + std::to_string(rows.whole(0)) + ", column " + std::to_string(rows.whole(1)) + ", row " + std::to_string(rows.whole(2)));
      continue;
    }
    if (last == tile) problems.add("tile " + tile->text() + " stands twice");
    if (format) check_tile(problems, *tile, *format, rows.blob(3));
    if (!min_zoom) min_zoom = tile->zoom();
    last = tile;
  }
  if (!last) return problems.add("there are no tiles");
  check_zoom(metadata, "minzoom", *min_zoom, problems);
  check_zoom(metadata, "maxzoom", last->zoom(), problems);
}

}  // namespace

std::vector<std::string> problems_of_mbtiles(const std::filesystem::path& archive) {
  ProblemList problems;
  try {
    auto file = opened_mbtiles(archive);
    const auto metadata = metadata_from(file, problems);
    check_tiles(file, metadata, problems);
  } catch (const std::runtime_error& error) {
    problems.add(error.what());
  }
  return problems.take();
}

}  // namespace cairn::tiler
