#include "tiler/bulk/source.hpp"

#include "core/angle.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace cairn::tiler::bulk {

void Feature::clear() {
  vertices.clear();
  part_ends.clear();
  polygon_ends.clear();
  attributes.clear();
}

bool project(double lon_deg, double lat_deg, Vertex2d& vertex) {
  if (!(std::abs(lon_deg) <= 180) || !(std::abs(lat_deg) <= 90)) return false;
  constexpr double kWorld = 4'294'967'296.0;
  constexpr double kEdgeDeg = 85.051128779806592;  // where the map becomes a square
  const double sine = std::sin(std::clamp(lat_deg, -kEdgeDeg, kEdgeDeg) * kRadians);
  vertex.x = (lon_deg / 360 + 0.5) * kWorld;
  vertex.y = std::clamp(0.5 - std::log((1 + sine) / (1 - sine)) / (4 * std::numbers::pi), 0.0, 1.0) * kWorld;
  return true;
}

std::vector<Input> open_inputs(const std::filesystem::path& file, const std::string& layer) {
  constexpr std::array kGeoJson{".geojson", ".json", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl"};
  std::vector<Input> inputs;
  // Opening a pipe would wait for somebody to write into it.
  if (std::filesystem::is_fifo(file)) throw std::runtime_error{file.string() + " is a pipe: write what comes through it into a file first"};
  if (std::ranges::find(kGeoJson, file.extension().string()) != kGeoJson.end()) {
    inputs.push_back({layer.empty() ? file.stem().string() : layer, open_geojson(file)});
    return inputs;
  }
  for (const auto& name : layers_with_gdal(file)) inputs.push_back({layer.empty() ? name : layer, open_with_gdal(file, name)});
  return inputs;
}

}  // namespace cairn::tiler::bulk
