// Features in a catalogue (SQLite) -> all tiles of the map in an archive, as `cairn tiles build --set map` does it. CPU seconds (user + system), one thread.
//
//   bench_catalogue_tiles [FEATURES]      default: 200000

#include "bench/cpu_seconds.hpp"
#include "bench/towns.hpp"
#include "services/codec/codec.hpp"
#include "services/tiling/catalogue_tiles.hpp"
#include "tests/temporary_folder.hpp"

#include <soci/soci.h>

#include <cstdio>
#include <cstdlib>

using namespace cairn;

namespace {

void fill(store::Session& session, std::size_t count) {
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

void measure(store::Session& session, const std::filesystem::path& target, std::size_t count, int level) {
  const double before = cpu_seconds();
  tiler::ArchiveSummary summary;
  session.read([&](store::Session& snapshot) {
    tiling::CatalogueTiles tiles{snapshot, tiler::TileSet::map, level};
    summary = tiler::write_archive(target, tiling::archive_info_of(tiler::TileSet::map, {}, 0), [&] { return tiles.next(); });
  });
  const double seconds = cpu_seconds() - before;
  std::printf("gzip level %d: %.2f s CPU, %.0f features a second, %llu tiles, %.1f MB\n", level, seconds, static_cast<double>(count) / seconds,
              static_cast<unsigned long long>(summary.tiles), static_cast<double>(summary.bytes) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
  const testing::TemporaryFolder folder;
  store::Session session{{"sqlite://" + (folder.path() / "catalogue.db").string()}};
  store::migrate(session);
  fill(session, count);
  std::printf("%zu features\n", count);
  for (const int level : {1, 6}) measure(session, folder.path() / "map.pmtiles", count, level);
}
