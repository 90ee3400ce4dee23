#include "services/export/feature_export.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/services/scratch.hpp"
#include "tests/shared_data.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <map>
#include <set>

using namespace cairn;
namespace fs = std::filesystem;

namespace {

const UtcTime first_sight = *time_from_iso8601("2026-05-01T12:00:00.25Z");
const Terms feature_terms{"Signs of Lund", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", "People of Lund"};

struct Town {
  testing::ScratchFolder scratch;
  store::Session session{scratch.database()};
  std::vector<Feature> features;

  explicit Town(int count) {
    store::migrate(session);
    testing::Random random{1};
    std::map<TileId, std::vector<Feature>> by_cell;
    for (int i = 0; i < count; ++i) {
      Feature feature;
      feature.id = FeatureId::derived_from({"feature", std::to_string(i)});
      feature.object = i % 2 == 0 ? ObjectClass::sign : ObjectClass::traffic_light;
      feature.place = *LatLon::from_degrees(55.7 + random.between(-0.05, 0.05), 13.2 + random.between(-0.05, 0.05));
      if (i % 3 == 0) feature.facing_deg = 12.5;
      feature.first_seen = first_sight;
      feature.last_seen = first_sight + std::chrono::hours{i};
      feature.views = i;
      features.push_back(feature);
      by_cell[tile_of(feature.place, 16)].push_back(feature);
    }
    session.write([&](store::Session& writer) {
      for (const auto& [cell, some] : by_cell) store::replace_features(writer, cell, some);
    });
  }
  services::FeatureExport exported(const std::string& name, const store::FeaturePage& wanted = {}) {
    return services::export_features(session, wanted, scratch.path() / name, feature_terms, [](std::size_t) {});
  }
  Bytes bytes(const std::string& name) const { return testing::bytes_from_file(scratch.path() / name); }
};

struct Read {
  std::set<std::string> ids;
  std::map<std::string, std::string> first;   ///< of feature 0: its columns as text
  std::string crs;
};
Read read_back(const fs::path& file, const std::string& first_id) {
  GDALAllRegister();
  const std::unique_ptr<GDALDataset> dataset{GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR)};
  REQUIRE(dataset);
  Read read;
  auto* layer = dataset->GetLayer(0);
  REQUIRE(layer->GetSpatialRef());
  read.crs = layer->GetSpatialRef()->GetName();
  for (const auto& feature : layer) {
    const std::string id = feature->GetFieldAsString("id");
    REQUIRE(read.ids.insert(id).second);
    REQUIRE(feature->GetGeometryRef());
    if (id != first_id) continue;
    for (int i = 0; i < feature->GetFieldCount(); ++i) {
      if (feature->IsFieldSetAndNotNull(i)) read.first[feature->GetFieldDefnRef(i)->GetNameRef()] = feature->GetFieldAsString(i);
    }
    read.first["x"] = std::to_string(feature->GetGeometryRef()->toPoint()->getX());
  }
  return read;
}

}  // namespace

TEST_CASE("features come back from every format as they went in, with the licence and who is to be named") {
  Town town{2500};   // three pages
  for (const std::string name : {"all.fgb", "all.geojsonl", "all.gpkg", "all.parquet"}) {
    CAPTURE(name);
    GDALAllRegister();
    if (name.ends_with("parquet") && !GetGDALDriverManager()->GetDriverByName("Parquet")) {
      REQUIRE_THROWS_WITH(town.exported(name), ContainsText("without Parquet"));
      continue;
    }
    const auto done = town.exported(name);
    REQUIRE(done.features == 2500);
    REQUIRE(done.bytes == fs::file_size(town.scratch.path() / name));
    const auto& first = town.features.front();
    auto read = read_back(town.scratch.path() / name, first.id.text());
    REQUIRE(read.ids.size() == 2500);
    REQUIRE(read.crs.starts_with("WGS 84"));
    REQUIRE(read.first["class"] == "sign");
    REQUIRE(read.first["facing_deg"] == "12.5");
    REQUIRE_THAT(read.first["first_seen"], ContainsText("2026/05/01 12:00:00.25"));
    REQUIRE(read.first["licence"] == "CC-BY-4.0");
    REQUIRE(read.first["attribution"] == "People of Lund");
    REQUIRE(read.first["x"] == std::to_string(first.place.lon_deg()));
  }
}

TEST_CASE("only the features that are asked for are exported, also none") {
  Town town{100};
  store::FeaturePage lights;
  lights.object = ObjectClass::traffic_light;
  REQUIRE(town.exported("lights.fgb", lights).features == 50);
  store::FeaturePage late;
  late.seen_after = first_sight + std::chrono::hours{90};
  REQUIRE(town.exported("late.geojsonl", late).features == 10);
  store::FeaturePage nowhere;
  nowhere.within = GeoBounds{0, 0, 1, 1};
  for (const std::string name : {"none.fgb", "none.geojsonl", "none.gpkg"}) {
    CAPTURE(name);
    REQUIRE(town.exported(name, nowhere).features == 0);
    REQUIRE(fs::exists(town.scratch.path() / name));
  }
}

TEST_CASE("the same features give the same bytes") {
  Town town{300};
  for (const std::string ending : {".fgb", ".geojsonl"}) {
    town.exported("one" + ending);
    town.exported("two" + ending);
    REQUIRE(town.bytes("one" + ending) == town.bytes("two" + ending));
  }
}

TEST_CASE("an export that can't be written leaves nothing and says why") {
  Town town{3};
  REQUIRE_THROWS_WITH(town.exported("all.xyz"), ContainsText("name a file that ends in .fgb"));
  REQUIRE_THROWS_WITH(town.exported("no/such/folder/all.fgb"), ContainsText("can't write"));
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator{town.scratch.path()}) names.insert(entry.path().filename().string());
  for (const auto& name : names) REQUIRE(name.starts_with("catalogue"));
}
