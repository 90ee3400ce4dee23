#include "services/tiling/catalogue_tiles.hpp"

#include "services/store/accounts.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/map.hpp"
#include "services/store/uploads.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/random.hpp"
#include "tests/services/scratch.hpp"
#include "tiler/engine.hpp"

#include <set>

using namespace cairn;
using cairn::testing::Random;

namespace {

/// A catalogue with drives, features and coverage within a few kilometres of where four tiles of every zoom from 12 on meet.
class Town {
 public:
  explicit Town(std::uint64_t seed) : random_{seed} {
    store::migrate(session);
    set_.account = store::account_named(session, "anna", testing::kNoon).id;
    set_.id = UploadSetId::derived_from({"set"});
    set_.created_at = testing::kNoon;
    store::insert_upload_set(session, set_);
    file_.id = FileId::derived_from({"file"});
    file_.upload_set = set_.id;
    file_.account = set_.account;
    file_.kind = "picture";
    file_.content = sha256_of("jpeg");
    file_.received_at = testing::kNoon;
    store::insert_file(session, file_);
  }

  /// One of a drive, features of a merge cell, and coverage; or a frame that goes. Each comes in the first four.
  void edit() {
    const auto edit = edits_++;
    switch (edit < 4 ? edit : random_.whole(0, 3)) {
      case 0: return drive();
      case 1: return features();
      case 2: return coverage();
      default: return hide_a_frame();
    }
  }
  /// Base tiles that showed something since the last call, or do now.
  std::vector<TileId> take_dirty(tiler::TileSet set) {
    std::set<TileId> tiles;
    for (const auto place : places_) tiles.insert(tiler::base_tile_touched(set, place));
    return {tiles.begin(), tiles.end()};
  }

  testing::ScratchFolder scratch;
  store::Session session{scratch.database()};

 private:
  LatLon place() { return *LatLon::from_degrees(50.0 + random_.between(-0.05, 0.05), 8.4375 + random_.between(-0.05, 0.05)); }

  void drive() {
    const auto name = std::to_string(++made_);
    auto at = place();
    const auto north = random_.between(-0.004, 0.004), east = random_.between(-0.004, 0.004);
    for (int i = 0; i < 30; ++i) {
      store::FrameRow row;
      row.id = FrameId::derived_from({name, std::to_string(i)});
      row.upload_set = set_.id;
      row.file = file_.id;
      row.account = set_.account;
      row.content = file_.content;
      row.capture.id = row.id;
      row.taken_at = testing::kNoon + std::chrono::seconds{i};
      row.place = at;
      store::insert_frame(session, row);
      row.sequence = SequenceId::derived_from({name});
      row.rank = i + 1;
      row.published = true;
      row.line_ordinal = i;
      row.line_zoom = static_cast<int>(random_.whole(0, 15));
      store::update_frame(session, row);
      frames_.push_back(row);
      places_.push_back(at);
      at = *LatLon::from_degrees(at.lat_deg() + north, at.lon_deg() + east);
    }
  }
  void hide_a_frame() {
    if (frames_.empty()) return;
    auto& row = frames_[static_cast<std::size_t>(random_.whole(0, static_cast<std::int64_t>(frames_.size()) - 1))];
    row.published = !row.published;
    store::update_frame(session, row);
    // Its neighbours' tiles show its line.
    for (const auto& other : frames_) {
      if (other.sequence == row.sequence) places_.push_back(other.place);
    }
  }
  void features() {
    const auto corner = tile_of(place(), 16);
    std::vector<Feature> features;
    for (int i = 0; i < 5; ++i) {
      Feature feature;
      feature.id = FeatureId::derived_from({std::to_string(++made_)});
      feature.place = place();
      feature.existence = random_.between(0, 1);
      feature.first_seen = feature.last_seen = testing::kNoon;
      features.push_back(feature);
      places_.push_back(feature.place);
    }
    for (const auto& gone : store::replace_features(session, corner, features)) places_.push_back(gone.place);
  }
  void coverage() {
    std::vector<store::CoverageVisit> visits;
    for (int i = 0; i < 8; ++i) {  // an octant each: no sequence visits the same one twice
      const auto cell = random_.whole(0, 40);
      Random of_cell{static_cast<std::uint64_t>(cell)};
      const auto centre = *LatLon::from_degrees(50.0 + of_cell.between(-0.05, 0.05), 8.4375 + of_cell.between(-0.05, 0.05));
      visits.push_back({static_cast<std::uint64_t>(cell), i, centre, testing::kNoon + std::chrono::hours{i}});
      places_.push_back(centre);
    }
    const auto sequence = SequenceId::derived_from({"visits", std::to_string(random_.whole(0, 5))});
    for (const auto gone : store::replace_coverage(session, sequence, visits)) places_.push_back(gone);
  }

  Random random_;
  store::UploadSet set_;
  store::ReceivedFile file_;
  std::vector<store::FrameRow> frames_;
  std::vector<LatLon> places_;
  int made_ = 0;
  std::int64_t edits_ = 0;
};

using Tiles = std::map<TileId, Bytes>;

Tiles built_at_once(Town& town, tiler::TileSet set, int threads, int rows_at_once) {
  Tiles tiles;
  tiling::CatalogueTiles source{town.session, set, {6, threads, rows_at_once}};
  while (auto tile = source.next()) REQUIRE(tiles.emplace(tile->tile, std::move(tile->bytes)).second);
  return tiles;
}

}  // namespace

TEST_CASE("a set built from all rows at once equals the one that followed every change, byte for byte, however many rows and threads") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  for (const auto set : tiler::kTileSets) {
    Town town{seed};
    tiler::CellStore followed{set};
    Tiles tiles;
    for (int step = 0; step < 24; ++step) {
      town.edit();
      tiling::BaseItemsReader reader{town.session, set};
      followed.rebuild(town.take_dirty(set), [&](TileId tile) { return reader.in(tile); }, [&](const tiler::TileChange& change) {
        if (change.bytes.empty()) {
          tiles.erase(change.tile);
        } else {
          tiles[change.tile] = tiler::as_kept(tiler::format_of(set), change.bytes, 6);
        }
      });
    }
    REQUIRE(tiles.size() > (set == tiler::TileSet::coverage ? 14u : 50u));   // one at each zoom at the least
    for (const int rows : {1, 7, 100, 20'000}) {
      for (const int threads : {1, 3}) {
        CAPTURE(rows, threads);
        REQUIRE(built_at_once(town, set, threads, rows) == tiles);
      }
    }
  }
}

TEST_CASE("an empty catalogue has no tiles") {
  Town town{1};
  REQUIRE(built_at_once(town, tiler::TileSet::map, 2, 100).empty());
}
