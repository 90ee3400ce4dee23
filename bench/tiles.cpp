// Features -> all tiles of the map, and the cost of one changed feature, whatever the size of the map. CPU seconds (user + system), one thread.
//
//   bench_tiles [FEATURES...]             default: 1000000 10000000 (4 GB)
//   bench_tiles --csv FILE FEATURES       the same features for another program; tells which leaf is the densest

#include "bench/cpu_seconds.hpp"
#include "bench/towns.hpp"
#include "tiler/engine.hpp"
#include "tiler/gzip.hpp"
#include "tiler/rollup.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>

using namespace cairn;
using namespace cairn::tiler;
using bench::towns;

namespace {

double peak_mebibytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

constexpr int kHotLevel = 1;  ///< of gzip, for tiles that change
int shown_from(const Feature& feature) { return min_zoom_of(feature.id, static_cast<std::uint32_t>(std::floor(feature.existence * 100 + 0.5))); }

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
  /// The one in a tile that shows longest on the way out.
  Feature& longest_shown_in(TileId tile) {
    const auto range = morton_range_of(tile);
    const auto first = std::ranges::lower_bound(keys_, range.first) - keys_.begin();
    const auto end = std::ranges::lower_bound(keys_, range.end) - keys_.begin();
    return *std::ranges::min_element(features_.begin() + first, features_.begin() + end, {}, shown_from);
  }

 private:
  std::vector<Feature> features_;
  std::vector<MortonKey> keys_;
};

/// Base tiles with something in them, by how much.
std::vector<std::pair<int, TileId>> leaves_of(const Features& features) {
  std::map<TileId, int> counts;
  for (const auto& feature : features.all()) ++counts[base_tile_touched(TileSet::map, feature.place)];
  std::vector<std::pair<int, TileId>> leaves;
  for (const auto& [tile, count] : counts) leaves.emplace_back(count, tile);
  std::ranges::sort(leaves);
  return leaves;
}

/// One feature changes, up to where nothing above does: of those in the leaf the one that shows furthest out.
void measure_change(Features& features, CellStore& store, TileId leaf) {
  constexpr int kRounds = 100;
  std::size_t told = 0;
  auto& changed = features.longest_shown_in(leaf);
  const double before = cpu_seconds();
  for (int i = 0; i < kRounds; ++i) {
    changed.views += 1000;
    for (const auto& change : store.rebuild({leaf}, [&](TileId tile) { return features.items_in(tile); })) told += gzipped(change.bytes, kHotLevel).empty() ? 0 : 1;
  }
  std::printf("  what a changed feature changes: %.2f ms CPU, %.1f tiles\n", (cpu_seconds() - before) * 1000 / kRounds, static_cast<double>(told) / kRounds);
}

/// The most that a change can cost: every tile from a leaf up to the world is built and packed, whether it changes or not.
void measure_whole_chain(const Features& features, const CellStore& store, TileId leaf) {
  constexpr int kRounds = 50;
  std::size_t bytes = 0;
  double packing = 0;
  const auto pack = [&](const Bytes& mvt) {
    const double before = cpu_seconds();
    bytes += gzipped(mvt, kHotLevel).size();
    packing += cpu_seconds() - before;
  };
  const double before = cpu_seconds();
  for (int i = 0; i < kRounds; ++i) {
    pack(build_base_tile(TileSet::map, leaf, features.items_in(leaf)).bytes);
    for (const auto tile : ancestors_of({leaf})) {
      std::array<ByteView, 4> rollups;
      std::ranges::transform(tile.children(), rollups.begin(), [&](TileId child) { return store.rollup_of(child); });
      pack(build_parent_tile(TileSet::map, tile, rollups).bytes);
    }
  }
  std::printf("  all 15 tiles of zoom 14-0 over it: %.2f ms CPU, %.2f of them gzip (level %d), %.1f KB packed\n", (cpu_seconds() - before) * 1000 / kRounds,
              packing * 1000 / kRounds, kHotLevel, static_cast<double>(bytes) / 1000 / kRounds);
}

void measure(std::size_t count) {
  Features features{towns(count)};
  CellStore store{TileSet::map};
  double mvt_bytes = 0, gzip_bytes = 0, gzip_seconds = 0;
  std::size_t tiles = 0;
  const double start = cpu_seconds();
  store.rebuild(base_tiles_touched(TileSet::map, features.all()), [&](TileId tile) { return features.items_in(tile); },
                [&](const TileChange& change) {
                  const double before = cpu_seconds();
                  ++tiles;
                  mvt_bytes += static_cast<double>(change.bytes.size());
                  gzip_bytes += static_cast<double>(gzipped(change.bytes, kHotLevel).size());
                  gzip_seconds += cpu_seconds() - before;
                });
  const double built = cpu_seconds() - start - gzip_seconds;
  std::printf("%zu features -> %zu tiles of zoom 0-14: %.2f s CPU to build %.1f MB, %.2f to gzip them (level %d) to %.1f MB; peak memory %.0f MiB\n", count, tiles,
              built, mvt_bytes / 1e6, gzip_seconds, kHotLevel, gzip_bytes / 1e6, peak_mebibytes());
  const auto leaves = leaves_of(features);
  for (const auto& [name, leaf] : {std::pair{"densest", leaves.back()}, std::pair{"typical", leaves[leaves.size() / 2]}}) {
    std::printf("the %s leaf, %s, %d features:\n", name, leaf.second.text().c_str(), leaf.first);
    measure_whole_chain(features, store, leaf.second);
    measure_change(features, store, leaf.second);
  }
}

/// Web-Mercator metres, as PostGIS takes them, and the zoom from which on a feature shows.
void write_csv(const char* file, std::size_t count) {
  constexpr double kHalfWorld_m = 20'037'508.342789244;
  const auto metres = [](std::uint32_t units) { return (units / 4'294'967'296.0 * 2 - 1) * kHalfWorld_m; };
  const Features features{towns(count)};
  std::ofstream out{file};
  out.precision(12);
  for (const auto& feature : features.all()) {
    const auto point = world_point_of(feature.place);
    out << feature.id.text() << ',' << code_of(feature.object) << ",seen," << feature.existence << ',' << feature.accuracy_m << ',' << to_iso8601(feature.first_seen) << ','
        << to_iso8601(feature.last_seen) << ',' << feature.views << ',' << feature.contributors << ','
        << shown_from(feature) << ",SRID=3857;POINT(" << metres(point.x) << ' ' << -metres(point.y) << ")\n";
  }
  std::printf("%s\n", leaves_of(features).back().second.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view{argv[1]} == "--csv") {
    write_csv(argv[2], std::strtoull(argv[3], nullptr, 10));
    return 0;
  }
  std::vector<std::size_t> counts;
  for (int i = 1; i < argc; ++i) counts.push_back(std::strtoull(argv[i], nullptr, 10));
  if (counts.empty()) counts = {1'000'000, 10'000'000};
  for (const auto count : counts) measure(count);
}
