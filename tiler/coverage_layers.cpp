// The set `coverage`: the road that was seen, drawn from the rollup at every zoom. Colours stand for dates and not for ages, so that a
// tile changes only when something is seen.

#include "tiler/layers.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace cairn::tiler {
namespace {

constexpr std::size_t kPictureSide = 256;
constexpr std::size_t kCellSide = kPictureSide >> kCellBitsPerTile;

constexpr int kFirstYear = 2024;
constexpr int kPeriodMonths = 4;
constexpr int kPeriods = 15;  ///< five years; with nothing as one more colour, four bits a pixel

/// From dark magenta to light green in equal steps of OKLCH: lighter is newer also for those who see few colours, and all stand out from a
/// light and a dark ground. The first is nothing.
constexpr std::array<Rgb, kPeriods + 1> kPalette{{{0x00, 0x00, 0x00}, {0x82, 0x16, 0x98}, {0x99, 0x16, 0x8b}, {0xae, 0x18, 0x7b}, {0xc1, 0x1e, 0x67}, {0xd0, 0x2a, 0x50},
                                                  {0xdc, 0x3a, 0x32}, {0xdf, 0x53, 0x04}, {0xd7, 0x6f, 0x04}, {0xd2, 0x84, 0x02}, {0xcd, 0x96, 0x09}, {0xc6, 0xa8, 0x08},
                                                  {0xbb, 0xba, 0x01}, {0xa5, 0xce, 0x01}, {0x83, 0xe1, 0x51}, {0x52, 0xf1, 0x84}}};

constexpr std::int32_t first_day_of(int period) {
  const int months = period * kPeriodMonths;
  const std::chrono::year_month_day date{std::chrono::year{kFirstYear + months / 12}, std::chrono::month{static_cast<unsigned>(months % 12 + 1)}, std::chrono::day{1}};
  return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

constexpr std::array<std::int32_t, kPeriods> kFirstDays = [] {
  std::array<std::int32_t, kPeriods> days{};
  for (int period = 0; period < kPeriods; ++period) days[static_cast<std::size_t>(period)] = first_day_of(period);
  return days;
}();

/// Of the palette. What is older than all has the first colour, what is newer than all the last.
std::uint8_t colour_of(std::int32_t day) {
  const auto begun = std::ranges::upper_bound(kFirstDays, day) - kFirstDays.begin();
  return static_cast<std::uint8_t>(std::max<std::ptrdiff_t>(begun, 1));
}

/// Two passes for each road cell and direction inside, on the mean.
bool is_seen_often(const CoverageCell& cell) { return cell.passes / 2 >= cell.cells; }

/// A square as large as the cell, or one half as wide in its middle.
void paint(std::vector<std::uint8_t>& pixels, const CoverageCell& cell) {
  constexpr std::uint32_t kWithinTile = (1u << kCellBitsPerTile) - 1;
  const std::size_t rim = is_seen_often(cell) ? 0 : kCellSide / 4, side = kCellSide - 2 * rim;
  const std::size_t left = (cell.cell.x & kWithinTile) * kCellSide + rim, top = (cell.cell.y & kWithinTile) * kCellSide + rim;
  for (std::size_t y = top; y < top + side; ++y) std::fill_n(pixels.data() + y * kPictureSide + left, side, colour_of(cell.last_day));
}

}  // namespace

Bytes coverage_tile(const TileContent& content) {
  if (content.rollup.coverage.empty()) return {};
  std::vector<std::uint8_t> pixels(kPictureSide * kPictureSide, 0);
  for (const auto& cell : content.rollup.coverage) paint(pixels, cell);
  return indexed_png(pixels, kPictureSide, kPalette);
}

std::vector<LegendEntry> coverage_legend() {
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < kFirstDays.size(); ++i) legend.push_back({kPalette[i + 1], kFirstDays[i]});
  return legend;
}

}  // namespace cairn::tiler
