#pragma once
// Whole numbers on pixels of Web Mercator -> a cloud-optimized GeoTIFF, block by block.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn::tiler::raster {

/// Some pixels of a world that is 2^bits of them wide, x to the east and y to the south: first <= pixel < end.
struct PixelGrid {
  int bits = 0;
  std::int64_t first_x = 0, first_y = 0, end_x = 0, end_y = 0;
  std::int64_t width() const { return end_x - first_x; }
  std::int64_t height() const { return end_y - first_y; }
};

struct NumberBand {
  /// What a pixel of an overview says of the four below it.
  enum class Overview { largest, sum };
  std::string name, unit;
  Overview overview = Overview::largest;
};

/// The file appears whole once finish() returns; without it nothing is left. Holds a block in memory, and GDAL's cache of blocks; what was put
/// waits, packed, in a file beside the target. The same numbers give the same bytes (of the same version of GDAL).
class CogFile {
 public:
  static constexpr int kBlock = 256;  ///< pixels a side
  using Tags = std::vector<std::pair<std::string, std::string>>;

  /// `bits` is 8 at least. The file has all of `grid`, grown to whole blocks of the world and to whole pixels of its smallest overview, which is a
  /// block large at most. 0 stands for no number in every band. Throws std::runtime_error, as all of this does, when the disk refuses.
  CogFile(std::filesystem::path target, const PixelGrid& grid, std::vector<NumberBand> bands, const Tags& tags);
  ~CogFile();
  CogFile(const CogFile&) = delete;

  const PixelGrid& grid() const;
  /// A block, counted from the world's north-west, by rows, a band after the other; each once at most.
  void put(std::int64_t block_x, std::int64_t block_y, std::span<const std::uint32_t> numbers);
  /// Gives the file's size in bytes. `tell` hears which share of it is done.
  std::uint64_t finish(const std::function<void(double)>& tell);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::tiler::raster
