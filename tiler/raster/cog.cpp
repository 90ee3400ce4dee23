// GDAL's COG driver makes overviews by means and the like, none of which is right for a date or a count. So the numbers go into a GeoTIFF beside the
// target first, with overviews of our own, which the driver then takes over.
#include "tiler/raster/cog.hpp"

#include "tiler/archive/file_writer.hpp"
#include "tiler/raster/geotiff.hpp"
#include "tiler/raster/mercator.hpp"

#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <stdexcept>

namespace cairn::tiler::raster {
namespace {

constexpr int kWebMercator = 3857;
constexpr int kWindow = 2 * CogFile::kBlock;  ///< of which a block of an overview is made

int overviews_of(const PixelGrid& grid) {
  int levels = 0;
  while (std::max(grid.width(), grid.height()) >> levels > CogFile::kBlock) ++levels;
  return levels;
}

PixelGrid grown(const PixelGrid& wanted) {
  const auto to = [&](std::int64_t step) {
    const auto down = [step](std::int64_t pixel) { return pixel / step * step; };
    return PixelGrid{wanted.bits, down(wanted.first_x), down(wanted.first_y), down(wanted.end_x + step - 1), down(wanted.end_y + step - 1)};
  };
  auto grid = to(CogFile::kBlock);
  // A larger step may ask for one more overview, and that for a larger step.
  for (std::int64_t step = CogFile::kBlock; step < std::int64_t{1} << overviews_of(grid);) grid = to(step *= 2);
  return grid;
}

/// Some failures GDAL tells to its handler of errors alone.
class Failures {
 public:
  explicit Failures(const std::filesystem::path& target) : target_{target}, pusher_{&Failures::keep, this} {}
  [[noreturn]] void refuse() const { throw std::runtime_error{"can't write " + target_.string() + (first_.empty() ? "" : ": " + first_)}; }
  void check(bool good) const {
    if (!good || !first_.empty()) refuse();
  }

 private:
  static void keep(CPLErr kind, CPLErrorNum, const char* words) {
    auto& failures = *static_cast<Failures*>(CPLGetErrorHandlerUserData());
    if (kind >= CE_Failure && failures.first_.empty()) failures.first_ = words;
  }
  const std::filesystem::path& target_;
  mutable std::string first_;  // its handler writes it
  CPLErrorHandlerPusher pusher_;
};

std::uint32_t joined(NumberBand::Overview overview, const std::array<std::uint32_t, 4>& four) {
  if (overview == NumberBand::Overview::largest) return std::ranges::max(four);
  std::uint64_t sum = 0;
  for (const auto number : four) sum += number;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, std::numeric_limits<std::uint32_t>::max()));
}

/// Which blocks of a level have something in them.
struct Filled {
  Filled(std::int64_t width, std::int64_t height) : columns{(width + CogFile::kBlock - 1) / CogFile::kBlock}, rows{(height + CogFile::kBlock - 1) / CogFile::kBlock} {
    blocks.resize(static_cast<std::size_t>(columns * rows));
  }
  auto at(std::int64_t column, std::int64_t row) { return blocks[static_cast<std::size_t>(row * columns + column)]; }
  bool any_below(std::int64_t column, std::int64_t row) {
    for (auto y = 2 * row; y < std::min(2 * row + 2, rows); ++y) {
      for (auto x = 2 * column; x < std::min(2 * column + 2, columns); ++x) {
        if (at(x, y)) return true;
      }
    }
    return false;
  }
  std::int64_t columns, rows;
  std::vector<bool> blocks;
};

int told(double share, const char*, void* tell) {
  (*static_cast<const std::function<void(double)>*>(tell))(share);
  return TRUE;
}

}  // namespace

struct CogFile::State {
  State(std::filesystem::path path, const PixelGrid& wanted, std::vector<NumberBand> numbers)
      : target{std::move(path)}, grid{grown(wanted)}, levels{overviews_of(grid)}, bands{std::move(numbers)}, filled{grid.width(), grid.height()}, beside{target, "grid"} {}

  void create(const Tags& tags);
  void describe(const Tags& tags);
  void add_overviews(const Failures& failures);
  bool add_block(GDALRasterBand& from, GDALRasterBand& to, NumberBand::Overview overview, int column, int row);
  void copy_to(const std::filesystem::path& file, const std::function<void(double)>& tell, const Failures& failures);

  std::filesystem::path target;
  PixelGrid grid;
  int levels;
  std::vector<NumberBand> bands;
  Filled filled;
  TemporaryPath beside;
  GDALDatasetUniquePtr file;
};

void CogFile::State::create(const Tags& tags) {
  prepare_gdal();
  const Failures failures{target};
  CPLStringList options;
  for (const auto* option : {"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=DEFLATE", "ZLEVEL=1", "SPARSE_OK=TRUE", "BIGTIFF=YES"}) options.AddString(option);
  auto* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  file.reset(driver->Create(beside.path().c_str(), static_cast<int>(grid.width()), static_cast<int>(grid.height()), static_cast<int>(bands.size()), GDT_UInt32, options.List()));
  failures.check(file != nullptr);
  describe(tags);
  failures.check(true);
}

void CogFile::State::describe(const Tags& tags) {
  const double pixel = tile_width_m(grid.bits);
  std::array transform{static_cast<double>(grid.first_x) * pixel - kEdge_m, pixel, 0.0, kEdge_m - static_cast<double>(grid.first_y) * pixel, 0.0, -pixel};
  OGRSpatialReference mercator;
  mercator.importFromEPSG(kWebMercator);
  file->SetGeoTransform(transform.data());
  file->SetSpatialRef(&mercator);
  for (const auto& [name, value] : tags) file->SetMetadataItem(name.c_str(), value.c_str());
  for (std::size_t i = 0; i < bands.size(); ++i) {
    auto& band = *file->GetRasterBand(static_cast<int>(i) + 1);
    band.SetDescription(bands[i].name.c_str());
    band.SetUnitType(bands[i].unit.c_str());
    band.SetNoDataValue(0);
  }
}

/// Each from the one before, two pixels by two.
void CogFile::State::add_overviews(const Failures& failures) {
  if (levels == 0) return;
  std::vector<int> factors;
  for (int level = 1; level <= levels; ++level) factors.push_back(1 << level);
  failures.check(file->BuildOverviews("NONE", levels, factors.data(), 0, nullptr, GDALDummyProgress, nullptr) == CE_None);
  for (int level = 0; level < levels; ++level) {
    Filled above{grid.width() >> (level + 1), grid.height() >> (level + 1)};
    for (std::int64_t row = 0; row < above.rows; ++row) {
      for (std::int64_t column = 0; column < above.columns; ++column) {
        if (!filled.any_below(column, row)) continue;
        above.at(column, row) = true;
        for (int i = 0; i < static_cast<int>(bands.size()); ++i) {
          auto& band = *file->GetRasterBand(i + 1);
          auto& from = level == 0 ? band : *band.GetOverview(level - 1);
          failures.check(add_block(from, *band.GetOverview(level), bands[static_cast<std::size_t>(i)].overview, static_cast<int>(column), static_cast<int>(row)));
        }
      }
    }
    filled = std::move(above);
  }
}

bool CogFile::State::add_block(GDALRasterBand& from, GDALRasterBand& to, NumberBand::Overview overview, int column, int row) {
  const int left = column * kWindow, top = row * kWindow;
  const int width = std::min(kWindow, from.GetXSize() - left), height = std::min(kWindow, from.GetYSize() - top);
  std::vector<std::uint32_t> fine(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  if (from.RasterIO(GF_Read, left, top, width, height, fine.data(), width, height, GDT_UInt32, 0, 0, nullptr) != CE_None) return false;
  std::vector<std::uint32_t> coarse;
  coarse.reserve(fine.size() / 4);
  for (int y = 0; y < height; y += 2) {
    for (int x = 0; x < width; x += 2) {
      const auto* upper = &fine[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
      const auto* lower = upper + width;
      coarse.push_back(joined(overview, {upper[0], upper[1], lower[0], lower[1]}));
    }
  }
  return to.RasterIO(GF_Write, left / 2, top / 2, width / 2, height / 2, coarse.data(), width / 2, height / 2, GDT_UInt32, 0, 0, nullptr) == CE_None;
}

void CogFile::State::copy_to(const std::filesystem::path& copy, const std::function<void(double)>& tell, const Failures& failures) {
  file.reset();  // writes what waits
  failures.check(true);
  file.reset(GDALDataset::Open(beside.path().c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY));
  failures.check(file != nullptr);
  auto* driver = GetGDALDriverManager()->GetDriverByName("COG");
  if (!driver) throw std::runtime_error{"can't write " + target.string() + ": this GDAL was built without its COG driver"};
  CPLStringList options;
  for (const auto* option : {"BLOCKSIZE=256", "COMPRESS=DEFLATE", "SPARSE_OK=TRUE", "OVERVIEWS=FORCE_USE_EXISTING", "BIGTIFF=IF_SAFER"}) options.AddString(option);
  GDALDatasetUniquePtr written{driver->CreateCopy(copy.c_str(), file.get(), FALSE, options.List(), told, const_cast<std::function<void(double)>*>(&tell))};
  failures.check(written != nullptr);
  written.reset();
  failures.check(true);
}

CogFile::CogFile(std::filesystem::path target, const PixelGrid& grid, std::vector<NumberBand> bands, const Tags& tags)
    : state_{std::make_unique<State>(std::move(target), grid, std::move(bands))} {
  state_->create(tags);
}

CogFile::~CogFile() {
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  state_->file.reset();
}

const PixelGrid& CogFile::grid() const { return state_->grid; }

void CogFile::put(std::int64_t block_x, std::int64_t block_y, std::span<const std::uint32_t> numbers) {
  auto& state = *state_;
  const Failures failures{state.target};
  const auto column = block_x - state.grid.first_x / kBlock, row = block_y - state.grid.first_y / kBlock;
  assert(numbers.size() == std::size_t{kBlock} * kBlock * state.bands.size());
  assert(column >= 0 && column < state.filled.columns && row >= 0 && row < state.filled.rows);
  auto* pixels = const_cast<std::uint32_t*>(numbers.data());  // written from, not to
  state.filled.at(column, row) = true;
  failures.check(state.file->RasterIO(GF_Write, static_cast<int>(column) * kBlock, static_cast<int>(row) * kBlock, kBlock, kBlock, pixels, kBlock, kBlock, GDT_UInt32,
                                      static_cast<int>(state.bands.size()), nullptr, 0, 0, 0, nullptr) == CE_None);
}

std::uint64_t CogFile::finish(const std::function<void(double)>& tell) {
  auto& state = *state_;
  const Failures failures{state.target};
  TemporaryPath whole{state.target, "cog"};
  state.add_overviews(failures);
  state.copy_to(whole.path(), tell, failures);
  whole.publish_as(state.target);
  return std::filesystem::file_size(state.target);
}

}  // namespace cairn::tiler::raster
