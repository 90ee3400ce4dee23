#include "services/export/coverage_export.hpp"

#include "services/store/map.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/random.hpp"
#include "tests/services/scratch.hpp"
#include "tests/shared_data.hpp"
#include "tests/small_files.hpp"

#include <gdal_priv.h>

#include <cmath>
#include <map>
#include <set>

using namespace cairn;
using cairn::testing::Random;
namespace fs = std::filesystem;

namespace {

const Terms road_terms{"Roads of Lund", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", "People of Lund"};
constexpr int kDays = 20'000;  ///< some day since 1970

using Place = std::pair<std::int64_t, std::int64_t>;  ///< of a pixel in the world: x, y
using Numbers = std::array<std::uint32_t, 3>;         ///< last_seen, passes, cells
using Picture = std::map<Place, Numbers>;

/// Road around a place, some of it seen several times.
class Roads {
 public:
  Roads(std::uint64_t seed, LatLon middle, double reach_deg) {
    store::migrate(session);
    Random random{seed};
    session.write([&](store::Session& writer) {
      for (int sequence = 0; sequence < 12; ++sequence) {
        std::vector<store::CoverageVisit> visits;
        for (int i = 0; i < 60; ++i) {
          const auto cell = random.whole(0, 150);
          Random of_cell{seed + static_cast<std::uint64_t>(cell)};
          const auto place = *LatLon::from_degrees(middle.lat_deg() + of_cell.between(-reach_deg, reach_deg), middle.lon_deg() + of_cell.between(-reach_deg, reach_deg));
          const int octant = i % 8;
          if (!seen_.insert({sequence, cell * 8 + octant}).second) continue;
          visits.push_back({static_cast<std::uint64_t>(cell), octant, place, time_from_micros(0) + std::chrono::days{kDays + random.whole(0, 900)} + std::chrono::hours{3}});
        }
        store::replace_coverage(writer, SequenceId::derived_from({"drive", std::to_string(sequence)}), visits);
      }
    });
  }

  /// All squares of a zoom straight from the rows.
  Picture expected(int zoom) {
    Picture picture;
    for (const auto& row : store::coverage_in(session, morton_range_of(TileId{}))) {
      const auto point = world_point_of(row.place);
      auto& numbers = picture[{point.x >> (26 - zoom), point.y >> (26 - zoom)}];
      const auto day = std::chrono::floor<std::chrono::days>(row.last_seen).time_since_epoch().count();
      numbers = {std::max(numbers[0], static_cast<std::uint32_t>(day)), numbers[1] + static_cast<std::uint32_t>(row.passes), numbers[2] + 1};
    }
    return picture;
  }
  services::CoverageExport exported(const std::string& name, const services::CoverageSelection& selection = {}) {
    return services::export_coverage(session, selection, scratch.path() / name, road_terms, [](const char*, double, std::uint64_t) {});
  }
  GDALDatasetUniquePtr opened(const std::string& name) const {
    GDALAllRegister();
    GDALDatasetUniquePtr raster{GDALDataset::Open((scratch.path() / name).c_str(), GDAL_OF_RASTER)};
    REQUIRE(raster);
    return raster;
  }
  /// What lies there beside the catalogue.
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{scratch.path()}) {
      if (const auto name = entry.path().filename().string(); !name.starts_with("catalogue")) names.insert(name);
    }
    return names;
  }

  testing::ScratchFolder scratch;
  store::Session session{scratch.database()};

 private:
  std::set<std::pair<int, std::int64_t>> seen_;
};

Roads around_lund(std::uint64_t seed = 7) { return {seed, *LatLon::from_degrees(55.7, 13.2), 0.25}; }

/// Whatever isn't 0, of the raster itself (-1) or one of its overviews.
Picture read_back(GDALDataset& raster, int overview = -1) {
  std::array<double, 6> transform{};
  REQUIRE(raster.GetGeoTransform(transform.data()) == CE_None);
  constexpr double kEdge_m = 20037508.342789244;
  Picture picture;
  for (int number = 0; number < 3; ++number) {
    auto* band = raster.GetRasterBand(number + 1);
    if (overview >= 0) band = band->GetOverview(overview);
    const int width = band->GetXSize(), height = band->GetYSize();
    const double pixel = transform[1] * raster.GetRasterXSize() / width;
    const auto west = std::llround((transform[0] + kEdge_m) / pixel), north = std::llround((kEdge_m - transform[3]) / pixel);
    std::vector<std::uint32_t> values(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    REQUIRE(band->RasterIO(GF_Read, 0, 0, width, height, values.data(), width, height, GDT_UInt32, 0, 0, nullptr) == CE_None);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == 0) continue;
      const auto column = static_cast<std::int64_t>(i) % width, row = static_cast<std::int64_t>(i) / width;
      picture[{west + column, north + row}][static_cast<std::size_t>(number)] = values[i];
    }
  }
  return picture;
}

}  // namespace

TEST_CASE("a raster of coverage has the day last seen, passes and cells of every square, and its overviews those of the zooms above") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  auto roads = around_lund(seed);
  for (const int zoom : {14, 12}) {
    CAPTURE(zoom);
    const auto done = roads.exported("roads.tif", {.zoom = zoom});
    REQUIRE(done.squares == roads.expected(zoom).size());
    REQUIRE(done.bytes == fs::file_size(roads.scratch.path() / "roads.tif"));
    const auto raster = roads.opened("roads.tif");
    REQUIRE(raster->GetRasterXSize() == done.width);
    REQUIRE((read_back(*raster) == roads.expected(zoom)));
    const int overviews = raster->GetRasterBand(1)->GetOverviewCount();
    REQUIRE(overviews >= (zoom == 14 ? 3 : 1));
    REQUIRE(std::max(done.width, done.height) >> overviews <= 256);
    REQUIRE(std::max(done.width, done.height) >> (overviews - 1) > 256);
    for (int i = 0; i < overviews; ++i) {
      CAPTURE(i);
      REQUIRE((read_back(*raster, i) == roads.expected(zoom - i - 1)));
    }
  }
  REQUIRE(roads.files() == std::set<std::string>{"roads.tif"});
}

TEST_CASE("a raster of coverage is a cloud-optimized GeoTIFF in Web Mercator that says what its bands are, on which terms and up to which change") {
  auto roads = around_lund();
  roads.exported("roads.tif");
  const auto raster = roads.opened("roads.tif");
  REQUIRE(raster->GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == std::string{"COG"});
  REQUIRE(raster->GetSpatialRef()->GetAuthorityCode(nullptr) == std::string{"3857"});
  const auto is = [&](const char* name, const char* value) { CHECK(raster->GetMetadataItem(name) == std::string{value}); };
  is("TITLE", "Roads of Lund");
  is("LICENCE", "https://creativecommons.org/licenses/by/4.0/");
  is("ATTRIBUTION", "People of Lund");
  is("TIFFTAG_COPYRIGHT", "People of Lund (CC-BY-4.0)");
  is("cairn_sequence", "0");
  REQUIRE(raster->GetRasterCount() == 3);
  for (const auto& [number, name, unit] : {std::tuple{1, "last_seen", "days since 1970-01-01"}, {2, "passes", "passes"}, {3, "cells", "road cells and directions"}}) {
    auto& band = *raster->GetRasterBand(number);
    CHECK(band.GetDescription() == std::string{name});
    CHECK(band.GetUnitType() == std::string{unit});
    CHECK(band.GetNoDataValue() == 0);
    int width = 0, height = 0;
    band.GetBlockSize(&width, &height);
    CHECK(width == 256);
    CHECK(height == 256);
  }
}

TEST_CASE("the same coverage gives the same bytes, and another file only when it is asked for elsewhere") {
  auto roads = around_lund();
  for (const auto* name : {"one.tif", "two.tif"}) roads.exported(name);
  REQUIRE(testing::bytes_from_file(roads.scratch.path() / "one.tif") == testing::bytes_from_file(roads.scratch.path() / "two.tif"));
}

TEST_CASE("of a box every pixel is whole that it touches, and no other has a number") {
  auto roads = around_lund();
  const GeoBounds box{13.05, 55.6, 13.31, 55.77};
  for (const int zoom : {14, 9, 2}) {
    CAPTURE(zoom);
    roads.exported("part.tif", {.box = box, .zoom = zoom});
    Picture wanted = roads.expected(zoom);
    const auto first = world_point_of(*LatLon::from_degrees(box.north_deg, box.west_deg)), last = world_point_of(*LatLon::from_degrees(box.south_deg, box.east_deg));
    const int shift = 26 - zoom;
    std::erase_if(wanted, [&](const auto& pixel) {
      const auto [x, y] = pixel.first;
      return x < first.x >> shift || x > last.x >> shift || y < first.y >> shift || y > last.y >> shift;
    });
    REQUIRE_FALSE(wanted.empty());
    REQUIRE((read_back(*roads.opened("part.tif")) == wanted));
  }
  REQUIRE(roads.exported("none.tif", {.box = GeoBounds{-1, 1, -0.9, 1.1}}).squares == 0);
  REQUIRE(read_back(*roads.opened("none.tif")).empty());
}

TEST_CASE("roads at both edges of the map are a raster of the whole width, and too large a one is refused with what to do") {
  Roads roads{3, *LatLon::from_degrees(-17, 180), 0};
  roads.session.write([](store::Session& writer) {
    store::replace_coverage(writer, SequenceId::derived_from({"other side"}), {{99, 1, *LatLon::from_degrees(71, -179.9), testing::kNoon}});
  });
  REQUIRE_THROWS_WITH(roads.exported("world.tif"), ContainsText("pixels: take a part of the map with --bbox, or --zoom 11"));
  REQUIRE(roads.files().empty());
  const auto done = roads.exported("world.tif", {.zoom = 4});
  REQUIRE(done.width == 1024);
  const auto raster = roads.opened("world.tif");
  REQUIRE((read_back(*raster) == roads.expected(4)));
  REQUIRE((read_back(*raster, 1) == roads.expected(2)));
  REQUIRE(done.bytes < 20'000);
}

TEST_CASE("a raster of coverage that can't be written leaves nothing and says why") {
  auto roads = around_lund();
  CHECK_THROWS_WITH(roads.exported("roads.png"), ContainsText("name a file that ends in .tif"));
  CHECK_THROWS_WITH(roads.exported("no/such/folder/roads.tif"), ContainsText("can't write"));
  CHECK(roads.files().empty());
  testing::ScratchFolder scratch;
  store::Session empty{scratch.database()};
  store::migrate(empty);
  CHECK_THROWS_WITH(services::export_coverage(empty, {}, scratch.path() / "a.tif", road_terms, [](const char*, double, std::uint64_t) {}), ContainsText("no road was seen yet"));
}

TEST_CASE("a disk that is full at whatever write leaves the old raster of coverage and nothing else") {
  auto roads = around_lund();
  roads.exported("roads.tif");
  const auto before = testing::bytes_from_file(roads.scratch.path() / "roads.tif");
  for (const std::size_t room : {std::size_t{0}, std::size_t{3000}, before.size() / 2, before.size() - 1}) {
    CAPTURE(room);
    const testing::SmallFiles small{room};
    CHECK_THROWS_WITH(roads.exported("roads.tif"), ContainsText("can't write"));
  }
  CHECK(testing::bytes_from_file(roads.scratch.path() / "roads.tif") == before);
  CHECK(roads.files() == std::set<std::string>{"roads.tif"});
}
