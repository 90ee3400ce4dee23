// Features -> all tiles of the map -> PMTiles, and the cost of one changed feature. CPU seconds (user + system), one thread.
//
//   bench_tiles [FEATURES] [FILE.pmtiles]      default: 1000000, no file

#include "bench/cpu_seconds.hpp"
#include "tiler/archive.hpp"
#include "tiler/engine.hpp"
#include "tiler/tilejson.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>

using namespace cairn;
using namespace cairn::tiler;

namespace {

double peak_mebibytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Points in 300 towns of some kilometres, the same on every run.
std::vector<Feature> towns(std::size_t count) {
  std::mt19937_64 engine{1};
  std::uniform_real_distribution<double> share{0, 1};
  std::normal_distribution<double> around{0, 4000};
  std::vector<LatLon> centres;
  for (int i = 0; i < 300; ++i) centres.push_back(*LatLon::from_degrees(36 + 24 * share(engine), -9 + 30 * share(engine)));
  std::vector<Feature> features(count);
  for (auto& feature : features) {
    Uuid uuid;
    for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(engine());
    feature.id = FeatureId{uuid};
    feature.object = kObjectClasses[engine() % kObjectClasses.size()];
    feature.place = moved(centres[engine() % centres.size()], {around(engine), around(engine)});
    feature.accuracy_m = 5 * share(engine);
    feature.existence = share(engine);
    feature.first_seen = time_from_micros(1'700'000'000'000'000 + static_cast<std::int64_t>(3e13 * share(engine)));
    feature.last_seen = feature.first_seen + std::chrono::hours{24 * (engine() % 300)};
    feature.views = static_cast<int>(engine() % 40) + 1;
    feature.contributors = static_cast<int>(engine() % 5) + 1;
  }
  std::ranges::sort(features, {}, [](const Feature& feature) { return morton_of(feature.place); });
  return features;
}

class Features {
 public:
  explicit Features(std::vector<Feature> sorted) : features_{std::move(sorted)} {
    for (const auto& feature : features_) keys_.push_back(morton_of(feature.place));
  }
  BaseItems items_in(TileId tile) const {
    const auto range = morton_range_of(tile);
    const auto first = std::ranges::lower_bound(keys_, range.first) - keys_.begin();
    const auto end = std::ranges::lower_bound(keys_, range.end) - keys_.begin();
    BaseItems items;
    items.features.assign(features_.begin() + first, features_.begin() + end);
    return items;
  }
  const std::vector<Feature>& all() const { return features_; }
  Feature& at(std::size_t index) { return features_[index]; }

 private:
  std::vector<Feature> features_;
  std::vector<MortonKey> keys_;
};

TileId densest(const Features& features) {
  std::map<TileId, int> counts;
  for (const auto& feature : features.all()) ++counts[base_tile_touched(TileSet::map, feature.place)];
  return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
}

void measure_changes(Features& features, CellStore& store) {
  const auto tile = densest(features);
  const auto range = morton_range_of(tile);
  std::size_t index = 0;
  while (morton_of(features.at(index).place) < range.first) ++index;
  constexpr int kRounds = 50;
  std::size_t told = 0;
  const double before = cpu_seconds();
  for (int i = 0; i < kRounds; ++i) {
    features.at(index + static_cast<std::size_t>(i)).views += 1000;
    told += store.rebuild({tile}, [&](TileId dirty) { return features.items_in(dirty); }).size();
  }
  std::printf("one changed feature in the densest tile (%zu features): %.2f ms CPU, %.1f tiles changed, without gzip\n",
              features.items_in(tile).features.size(), (cpu_seconds() - before) * 1000 / kRounds, static_cast<double>(told) / kRounds);
}

/// The most that a change can cost: every tile from the densest one up to the world, whether it changes or not.
void measure_whole_chain(const Features& features, const CellStore& store) {
  constexpr int kRounds = 20;
  const auto base = densest(features);
  std::size_t bytes = 0;
  const double before = cpu_seconds();
  for (int i = 0; i < kRounds; ++i) {
    bytes += build_base_tile(TileSet::map, base, features.items_in(base)).mvt.size();
    for (const auto tile : ancestors_of({base})) {
      std::array<ByteView, 4> rollups;
      std::ranges::transform(tile.children(), rollups.begin(), [&](TileId child) { return store.rollup_of(child); });
      bytes += build_parent_tile(TileSet::map, tile, rollups).mvt.size();
    }
  }
  std::printf("all 15 tiles of zoom 14-0 over it: %.2f ms CPU, %.1f KB, without gzip\n", (cpu_seconds() - before) * 1000 / kRounds,
              static_cast<double>(bytes) / 1000 / kRounds);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  Features features{towns(count)};
  CellStore store{TileSet::map};
  std::vector<ArchiveTile> tiles;
  double mvt_bytes = 0;
  double gzip_seconds = 0;
  const double start = cpu_seconds();
  store.rebuild(base_tiles_touched(TileSet::map, features.all()), [&](TileId tile) { return features.items_in(tile); },
                [&](TileChange change) {
                  const double before = cpu_seconds();
                  mvt_bytes += static_cast<double>(change.mvt.size());
                  tiles.push_back({change.tile, gzipped(change.mvt, 6)});
                  gzip_seconds += cpu_seconds() - before;
                });
  const double built = cpu_seconds() - start;
  std::printf("%zu features -> %zu tiles of zoom 0-14, %.1f MB: %.2f s CPU to build, %.2f s to gzip (level 6)\n", count, tiles.size(), mvt_bytes / 1e6,
              built - gzip_seconds, gzip_seconds);
  if (argc > 2) {
    const double before = cpu_seconds();
    std::size_t next = 0;
    const auto summary = write_pmtiles(argv[2], {"bench", "", "", vector_layers_json(TileSet::map)},
                                       [&] { return next < tiles.size() ? std::optional{std::move(tiles[next++])} : std::nullopt; });
    std::printf("written: %llu tiles, %llu distinct, %.1f MB: %.2f s CPU\n", static_cast<unsigned long long>(summary.tiles),
                static_cast<unsigned long long>(summary.distinct), static_cast<double>(summary.bytes) / 1e6, cpu_seconds() - before);
  }
  measure_changes(features, store);
  measure_whole_chain(features, store);
  std::printf("peak memory: %.0f MiB\n", peak_mebibytes());
}
