#pragma once
// Files of features, whatever their format.

#include "tiler/bulk/feature.hpp"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cairn::tiler::bulk {

/// Why a feature of a source isn't on the map.
enum class LeftOut : std::uint8_t { no_geometry, outside_the_globe, too_many_vertices };
inline constexpr std::array kLeftOutSentences{"no geometry that a vector tile can show", "coordinates outside the globe", "more than a million vertices"};
using LeftOutCounts = std::array<std::uint64_t, kLeftOutSentences.size()>;

inline constexpr std::size_t kMostVertices = 1'000'000;  ///< of one feature: 16 MB

class FeatureSource {
 public:
  virtual ~FeatureSource() = default;
  /// Fills `feature` with the next one; false at the end. Throws std::runtime_error, with the file and the place in it, when the file can't be
  /// read on.
  virtual bool next(Feature& feature) = 0;
  /// How much of the file has been read, in [0, 1].
  virtual double share_read() const = 0;
  const LeftOutCounts& left_out() const { return left_out_; }

 protected:
  void leave_out(LeftOut why) { ++left_out_[static_cast<std::size_t>(why)]; }

 private:
  LeftOutCounts left_out_{};
};

/// What becomes one layer of the tiles; several may share a name.
struct Input {
  std::string layer;
  std::unique_ptr<FeatureSource> source;
};

/// GeoJSON, whole or a feature a line (with or without record separators), from a mapped file.
std::unique_ptr<FeatureSource> open_geojson(const std::filesystem::path& file);
/// Any other vector file that GDAL reads: FlatGeobuf, GeoPackage, Parquet where its driver is there, Shapefile, ...
std::unique_ptr<FeatureSource> open_with_gdal(const std::filesystem::path& file, const std::string& layer);
std::vector<std::string> layers_with_gdal(const std::filesystem::path& file);

/// The layers of a file, by its name's ending: a GeoJSON file is one, named after it. With `layer`, all go into the layer of that name.
/// Throws std::runtime_error when it can't be opened.
std::vector<Input> open_inputs(const std::filesystem::path& file, const std::string& layer);

/// A position in units of WorldPoint, or false outside the globe. Latitudes that Web Mercator doesn't show fall on its edge.
bool project(double lon_deg, double lat_deg, Vertex2d& vertex);

}  // namespace cairn::tiler::bulk
