#include "tiler/bulk/shape_cutter.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tiler/bulk/source.hpp"
#include "tiler/mvt/mvt_geometry_check.hpp"

#include <protozero/varint.hpp>

#include <cmath>
#include <map>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::bulk;
using cairn::testing::Random;

namespace {

using Pieces = std::map<HilbertId, std::vector<std::uint32_t>>;

std::vector<std::uint32_t> commands_of(std::string_view geometry) {
  std::vector<std::uint32_t> commands;
  const char* at = geometry.data();
  while (at != geometry.data() + geometry.size()) commands.push_back(static_cast<std::uint32_t>(protozero::decode_varint(&at, geometry.data() + geometry.size())));
  return commands;
}

Pieces pieces_of(const bulk::Feature& feature, int zoom, int max_zoom) {
  ShapeCutter cutter{max_zoom};
  cutter.take(feature);
  Pieces pieces;
  cutter.cut(zoom, [&](HilbertId tile, std::string_view geometry) { REQUIRE(pieces.emplace(tile, commands_of(geometry)).second); });
  return pieces;
}

bulk::Feature shape(Geometry geometry, const std::vector<std::vector<std::pair<double, double>>>& parts) {
  bulk::Feature feature;
  feature.geometry = geometry;
  for (const auto& part : parts) {
    for (const auto& [lon, lat] : part) {
      Vertex2d vertex;
      REQUIRE(project(lon, lat, vertex));
      feature.vertices.push_back(vertex);
    }
    feature.part_ends.push_back(static_cast<std::uint32_t>(feature.vertices.size()));
  }
  feature.polygon_ends.push_back(static_cast<std::uint32_t>(feature.part_ends.size()));
  return feature;
}

/// Area in square units of the zoom, by the surveyor's formula over the commands; holes count as negative.
double area_of(const std::vector<std::uint32_t>& commands) {
  double area = 0, x = 0, y = 0, first_x = 0, first_y = 0, from_x = 0, from_y = 0;
  for (std::size_t i = 0; i < commands.size();) {
    const auto verb = commands[i] & 7u;
    const auto count = commands[i++] >> 3;
    if (verb == 7) {
      area += (x * first_y - first_x * y) / 2;
      continue;
    }
    for (std::uint32_t k = 0; k < count; ++k, i += 2) {
      from_x = x, from_y = y;
      x += protozero::decode_zigzag32(commands[i]);
      y += protozero::decode_zigzag32(commands[i + 1]);
      if (verb == 1) {
        first_x = x, first_y = y;
      } else {
        area += (from_x * y - x * from_y) / 2;
      }
    }
  }
  return area;
}

}  // namespace

TEST_CASE("every piece of any shape is valid, whatever the shape crosses") {
  Random random{cairn::testing::seed_of_run()};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::vector<std::pair<double, double>>> parts(static_cast<std::size_t>(random.whole(1, 3)));
    const double size = std::pow(10.0, random.between(-5, 1));
    const double lon = random.between(-169, 169);
    const double lat = random.between(-79, 79);
    for (auto& part : parts) {
      for (auto left = random.whole(1, 30); left > 0; --left) part.emplace_back(lon + size * random.between(-1, 1), lat + size * random.between(-1, 1));
    }
    for (const auto geometry : {Geometry::line, Geometry::polygon}) {
      const auto feature = shape(geometry, parts);
      for (const int zoom : {0, 3, 6}) {
        for (const auto& [tile, commands] : pieces_of(feature, zoom, 6)) {
          INFO("round " << round << ", zoom " << zoom);
          REQUIRE(problem_of_geometry(geometry, commands) == std::nullopt);
        }
      }
    }
  }
}

TEST_CASE("a square with a hole that lies across four tiles keeps its area, whichever way its rings were wound") {
  const std::vector<std::pair<double, double>> outer{{-10, -10}, {10, -10}, {10, 10}, {-10, 10}, {-10, -10}};
  const std::vector<std::pair<double, double>> hole{{-5, -5}, {-5, 5}, {5, 5}, {5, -5}, {-5, -5}};
  const auto whole = pieces_of(shape(Geometry::polygon, {outer, hole}), 0, 6);
  REQUIRE(whole.size() == 1);
  for (const bool reversed : {false, true}) {
    auto other = outer;
    if (reversed) std::reverse(other.begin(), other.end());
    const auto pieces = pieces_of(shape(Geometry::polygon, {other, hole}), 1, 6);
    REQUIRE(pieces.size() == 4);
    double area = 0;
    for (const auto& [tile, commands] : pieces) area += area_of(commands);
    // Twice as many units to a side at zoom 1; the pieces overlap by their buffers.
    const double expected = 4 * area_of(whole.begin()->second);
    REQUIRE(area > expected);
    REQUIRE(area < 1.4 * expected);
  }
}

TEST_CASE("a shape too small to be seen is gone, and back where it is large enough") {
  const auto small = shape(Geometry::polygon, {{{8, 50}, {8.001, 50}, {8.001, 50.001}, {8, 50}}});
  REQUIRE(pieces_of(small, 4, 14).empty());
  REQUIRE(pieces_of(small, 14, 14).size() >= 1);
}

TEST_CASE("below the deepest zoom a line loses the vertices that don't show") {
  std::vector<std::pair<double, double>> line;
  for (int i = 0; i <= 100; ++i) line.emplace_back(8 + i * 1e-4, 50 + (i % 2) * 1e-6);
  const auto count_at = [&](int zoom) {
    std::size_t count = 0;
    for (const auto& [tile, commands] : pieces_of(shape(Geometry::line, {line}), zoom, 14)) count += commands.size();
    return count;
  };
  REQUIRE(count_at(8) == 6);
  REQUIRE(count_at(14) > 6);
}
