#include "services/export/coverage_export.hpp"

#include "core/tile_cover.hpp"
#include "services/store/events.hpp"
#include "services/store/map.hpp"
#include "services/tiling/base_items.hpp"
#include "tiler/raster/cog.hpp"
#include "tiler/rollup.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace cairn::services {
namespace {

using tiler::raster::CogFile;
using tiler::raster::NumberBand;
using tiler::raster::PixelGrid;

constexpr int kBaseZoom = CoverageSelection::kMostZoom;
constexpr int kRowsAtOnce = 20'000;                            ///< some 2 MB
constexpr std::int64_t kMostPixels = std::int64_t{1} << 34;    ///< Europe at zoom 14: two minutes, though nothing was seen in most of it
constexpr std::size_t kBlockPixels = std::size_t{CogFile::kBlock} * CogFile::kBlock;

PixelGrid pixels_over(const GeoBounds& box, int zoom) {
  const int bits = tiler::coverage_bits(zoom);
  const auto pixel = [bits](double lat, double lon) { return tiler::cell_of(world_point_of(LatLon::from_degrees(lat, lon).value()), bits); };
  const auto first = pixel(box.north_deg, box.west_deg), last = pixel(box.south_deg, box.east_deg);
  return {bits, first.x, first.y, std::int64_t{last.x} + 1, std::int64_t{last.y} + 1};
}

void check_size(const PixelGrid& grid, int zoom) {
  if (grid.width() * grid.height() <= kMostPixels) return;
  int fitting = zoom;
  for (auto pixels = grid.width() * grid.height(); pixels > kMostPixels; pixels /= 4) --fitting;
  throw std::runtime_error{"the raster would have " + std::to_string(grid.width()) + " x " + std::to_string(grid.height()) + " pixels: take a part of the map with --bbox, or --zoom " +
                           std::to_string(fitting)};
}

/// Where on the curve base tiles with something of the box may lie.
std::vector<MortonRange> ranges_over(const std::optional<GeoBounds>& box, int bits) {
  constexpr std::size_t kMostRanges = 16;
  if (!box) return {morton_range_of(TileId{})};
  std::vector<MortonRange> ranges;
  for (auto tile : tiles_over(*box, kMostRanges)) {
    while (tile.zoom() > std::min(bits, kBaseZoom)) tile = tile.parent();  // a pixel at the edge shows all that was seen in it
    ranges.push_back(morton_range_of(tile));
  }
  std::ranges::sort(ranges, {}, &MortonRange::first);
  const auto same = [](const MortonRange& a, const MortonRange& b) { return a.first == b.first; };
  ranges.erase(std::unique(ranges.begin(), ranges.end(), same), ranges.end());
  return ranges;
}

std::uint32_t clamped(std::uint64_t number) { return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::uint32_t>::max())); }

/// Adds up what comes along the curve, a block of the file at a time.
class BlockSum {
 public:
  BlockSum(CogFile& file, const PixelGrid& wanted, int zoom) : file_{file}, wanted_{wanted}, shift_{kBaseZoom - zoom} {}

  /// Of base zoom; those of one block come in a row.
  void add(const tiler::CoverageCell& seen) {
    const std::int64_t x = seen.cell.x >> shift_, y = seen.cell.y >> shift_;
    if (x < wanted_.first_x || x >= wanted_.end_x || y < wanted_.first_y || y >= wanted_.end_y) return;
    if (x / CogFile::kBlock != block_x_ || y / CogFile::kBlock != block_y_) begin(x / CogFile::kBlock, y / CogFile::kBlock);
    const auto pixel = static_cast<std::size_t>(y % CogFile::kBlock * CogFile::kBlock + x % CogFile::kBlock);
    auto &day = numbers_[pixel], &passes = numbers_[kBlockPixels + pixel], &cells = numbers_[2 * kBlockPixels + pixel];
    squares_ += cells == 0 ? 1 : 0;
    day = std::max(day, static_cast<std::uint32_t>(std::max(seen.last_day, 1)));  // 0 is nothing
    passes = clamped(passes + seen.passes);
    cells = clamped(cells + seen.cells);
  }
  void finish() {
    if (!numbers_.empty()) file_.put(block_x_, block_y_, numbers_);
    numbers_.clear();
  }
  std::uint64_t squares() const { return squares_; }

 private:
  void begin(std::int64_t block_x, std::int64_t block_y) {
    finish();
    numbers_.assign(3 * kBlockPixels, 0);
    block_x_ = block_x;
    block_y_ = block_y;
  }

  CogFile& file_;
  PixelGrid wanted_;
  int shift_;
  std::vector<std::uint32_t> numbers_;  ///< last_seen, passes, cells
  std::int64_t block_x_ = -1, block_y_ = -1;
  std::uint64_t squares_ = 0;
};

std::vector<NumberBand> bands() {
  using enum NumberBand::Overview;
  return {{"last_seen", "days since 1970-01-01", largest}, {"passes", "passes", sum}, {"cells", "road cells and directions", sum}};
}

CogFile::Tags tags_of(const Terms& terms, std::int64_t sequence) {
  return {{"TITLE", terms.title}, {"LICENCE", terms.licence_url}, {"ATTRIBUTION", terms.attribution}, {"cairn_sequence", std::to_string(sequence)},
          {"TIFFTAG_IMAGEDESCRIPTION", terms.title}, {"TIFFTAG_COPYRIGHT", terms.attribution + " (" + terms.licence_id + ")"}};
}

std::uint64_t read_coverage(store::Session& snapshot, const std::vector<MortonRange>& ranges, BlockSum& sum, const TellCoverage& tell) {
  tiling::BaseItemsReader reader{snapshot, tiler::TileSet::coverage};
  MortonKey all = 0, read = 0;
  for (const auto range : ranges) all += range.end - range.first;
  for (const auto range : ranges) {
    for (auto first = range.first; first < range.end;) {
      const auto end = std::min(reader.end_of_range(first, kRowsAtOnce), range.end);
      for (const auto& [key, base] : reader.in({first, end})) {
        for (const auto& seen : tiler::rollup_of(tiler::TileSet::coverage, base.tile, base.items).coverage) sum.add(seen);
      }
      read += end - first;
      first = end;
      tell("reading", static_cast<double>(read) / static_cast<double>(all), sum.squares());
    }
  }
  sum.finish();
  return sum.squares();
}

}  // namespace

CoverageExport export_coverage(store::Session& session, const CoverageSelection& selection, const std::filesystem::path& target, const Terms& terms, const TellCoverage& tell) {
  if (target.extension() != ".tif" && target.extension() != ".tiff") throw std::runtime_error{target.string() + ": name a file that ends in .tif"};
  std::optional<CogFile> file;
  CoverageExport done;
  session.read([&](store::Session& snapshot) {
    const auto box = selection.box ? selection.box : store::coverage_extent(snapshot);
    if (!box) throw std::runtime_error{"no road was seen yet: `cairn upload` a drive first"};
    const auto wanted = pixels_over(*box, selection.zoom);
    check_size(wanted, selection.zoom);
    file.emplace(target, wanted, bands(), tags_of(terms, store::kept_events(snapshot).newest));
    BlockSum sum{*file, wanted, selection.zoom};
    done.squares = read_coverage(snapshot, ranges_over(selection.box, wanted.bits), sum, tell);
  });
  done.width = file->grid().width();
  done.height = file->grid().height();
  done.bytes = file->finish([&](double share) { tell("packing", share, done.squares); });
  return done;
}

}  // namespace cairn::services
