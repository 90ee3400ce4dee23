// A catalogue (SQLite) -> all tiles of the map in an archive, as `cairn tiles build --set map` does it: of features alone, and of drives alone.
// CPU seconds (user + system), all threads together.
//
//   bench_catalogue_tiles [FEATURES [FRAMES [THREADS]]]      default: 200000 100000 1

#include "bench/cpu_seconds.hpp"
#include "bench/towns.hpp"
#include "services/codec/codec.hpp"
#include "services/store/accounts.hpp"
#include "services/store/files.hpp"
#include "services/store/frames.hpp"
#include "services/store/uploads.hpp"
#include "services/tiling/catalogue_tiles.hpp"
#include "tests/temporary_folder.hpp"

#include <soci/soci.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace cairn;

namespace {

constexpr std::size_t kFramesPerDrive = 100;

void fill_with_features(store::Session& session, std::size_t count) {
  auto features = bench::towns(count);
  session.write([&](store::Session& s) {
    std::string id, json;
    long long morton = 0;
    soci::statement insert = (s.sql().prepare << "insert into features(id, cell, morton, feature) values (:id, 0, :morton, :json)", soci::use(id), soci::use(morton), soci::use(json));
    for (auto& feature : features) {
      feature.sightings = {SightingId{Uuid::random()}, SightingId{Uuid::random()}, SightingId{Uuid::random()}};
      id = feature.id.text();
      morton = morton_of(feature.place);
      json = codec::to_json(feature);
      insert.execute(true);
    }
  });
}

/// With as much said of it as the stages say of a frame.
store::FrameRow frame_on(LatLon place, std::size_t number) {
  store::FrameRow row;
  row.id = row.capture.id = FrameId{Uuid::random()};
  row.taken_at = row.capture.fix.taken_at = time_from_micros(1'700'000'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000);
  row.place = row.capture.fix.place = place;
  row.capture.camera = {"Maker", "Model 4", 1920, 1080, Projection::flat, 1350.0, {}};
  row.heading_deg = static_cast<double>(number % 3600) / 10;
  row.observation.emplace();
  auto& seen = *row.observation;
  seen.width_px = 1920;
  seen.height_px = 1080;
  seen.quality.values = {{"sharpness", 12.625}, {"textured_cells", 48}, {"dark_share", 0.03125}, {"clipped_share", 0.015625}, {"entropy_bits", 7.1875}, {"mean_luma", 110.5}};
  seen.detections = {{ObjectClass::sign, {100, 200, 140, 240}, 0.75f}, {ObjectClass::vehicle, {500, 500, 900, 800}, 0.875f}, {ObjectClass::plate, {600, 700, 660, 720}, 0.625f}};
  seen.motion = Motion{400, 0.9375, 6.5, -0.25, 0.875};
  seen.phash = number * 0x9e3779b97f4a7c15;
  seen.redaction = {"net 5, faces 2", {{"plate", 0.25}, {"head", 0.25}, {"person", 0.5}}, {seen.detections.back()}};
  row.verdict = FrameVerdict{row.id, {}, {row.taken_at, place, 30, *row.heading_deg, 1.75, 12.5}, 0.9375, 0.875, {}};
  for (const auto* name : {"shift_m", "speed_mps", "acceleration_mps2", "stuck_s", "heading_sigma_deg", "pairs", "turn_agreement", "flow_agreement"}) row.verdict->values.push_back({name, 0.125});
  return row;
}

/// Straight drives through the towns, a picture every 8 m or so.
void fill_with_drives(store::Session& session, std::size_t frames) {
  const auto starts = bench::towns(frames / kFramesPerDrive);
  session.write([&](store::Session& s) {
    store::UploadSet set;
    set.id = UploadSetId{Uuid::random()};
    set.account = store::account_named(s, "anna", set.created_at).id;
    store::insert_upload_set(s, set);
    store::ReceivedFile file;
    file.id = FileId{Uuid::random()};
    file.upload_set = set.id;
    file.account = set.account;
    store::insert_file(s, file);
    for (std::size_t drive = 0; drive < starts.size(); ++drive) {
      const auto sequence = SequenceId{Uuid::random()};
      for (std::size_t i = 0; i < kFramesPerDrive; ++i) {
        auto row = frame_on(moved(starts[drive].place, {static_cast<double>(i) * 7, static_cast<double>(i * (drive % 5))}), i + drive * 600);
        row.upload_set = set.id;
        row.file = file.id;
        row.account = set.account;
        store::insert_frame(s, row);
        row.sequence = sequence;
        row.state = store::FrameState::fused;
        row.rank = static_cast<int>(i) + 1;
        row.published = true;
        row.line_ordinal = static_cast<int>(i);
        row.line_zoom = static_cast<int>(i % 16);
        store::update_frame(s, row);
      }
    }
  });
}

void measure(store::Session& session, const std::filesystem::path& target, const char* what, std::size_t count, int level, int threads) {
  const double before = cpu_seconds();
  const auto began = std::chrono::steady_clock::now();
  tiler::ArchiveSummary summary;
  session.read([&](store::Session& snapshot) {
    tiling::CatalogueTiles tiles{snapshot, tiler::TileSet::map, {level, threads}};
    summary = tiler::write_archive(target, tiling::archive_info_of(tiler::TileSet::map, {}, 0), [&] { return tiles.next(); });
  });
  const double seconds = cpu_seconds() - before;
  const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - began;
  std::printf("%s, gzip level %d: %.2f s CPU, %.2f s by the clock, %.0f a CPU second, %llu tiles, %.1f MB\n", what, level, seconds, waited.count(),
              static_cast<double>(count) / seconds, static_cast<unsigned long long>(summary.tiles), static_cast<double>(summary.bytes) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int i, std::size_t otherwise) { return argc > i ? std::strtoull(argv[i], nullptr, 10) : otherwise; };
  const auto features = number(1, 200'000), frames = number(2, 100'000);
  const auto threads = static_cast<int>(number(3, 1));
  const testing::TemporaryFolder folder;
  const auto of = [&](const char* what, std::size_t count, const auto& fill) {
    if (count == 0) return;
    store::Session session{{"sqlite://" + (folder.path() / what).string() + ".db"}};
    store::migrate(session);
    fill(session, count);
    std::printf("%zu %s\n", count, what);
    for (const int level : {1, 6}) measure(session, folder.path() / "map.pmtiles", what, count, level, threads);
  };
  of("features", features, fill_with_features);
  of("frames", frames, fill_with_drives);
}
