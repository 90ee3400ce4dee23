#pragma once
// A table of things with a place, in the formats of geographic tools. GDAL writes them.

#include "core/lat_lon.hpp"
#include "core/terms.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::services {

struct Column {
  enum class Kind { text, whole, real, time };
  std::string_view name;
  Kind kind = Kind::text;
};
using Cell = std::variant<std::monostate, std::string, std::int64_t, double, UtcTime>;

/// By the name's end: .fgb (FlatGeobuf), .geojsonl, .geojsons or .ndjson (GeoJSON, a feature a line), .gpkg (GeoPackage), .parquet
/// (GeoParquet, where GDAL was built with it). The file is there, whole, once finish() returns; without it nothing is left.
class PointFile {
 public:
  /// Throws std::runtime_error for another ending, and when the file can't be made. `layer` names the table. The licence and who is
  /// to be named become two more columns of every row, so that no format loses them.
  PointFile(std::filesystem::path target, const std::string& layer, std::vector<Column> columns, const Terms& terms);
  ~PointFile();
  PointFile(const PointFile&) = delete;

  /// A row: its place, and a cell for each column.
  void add(LatLon place, const std::vector<Cell>& cells);
  /// Gives the file's size in bytes.
  std::uint64_t finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::services
