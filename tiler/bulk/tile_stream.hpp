#pragma once
// All tiles of a build in the order of their ids.

#include "tiler/bulk/build.hpp"
#include "tiler/bulk/tile_encoder.hpp"
#include "tiler/pool.hpp"

#include <deque>
#include <future>
#include <optional>

namespace cairn::tiler::bulk {

/// The highest rank that shows at each zoom.
using HighestRanks = std::array<std::uint32_t, TileId::kMaxZoom + 1>;

/// A tile that is larger than it may be.
struct TileTooLarge {
  TileId tile;
  std::size_t bytes = 0;
};

/// Encodes a few ranges of tiles ahead of whoever takes them, in as many threads as the options say. The tiles don't depend on how many.
class TileStream {
 public:
  TileStream(const Piles& piles, const std::vector<LayerWords>& layers, const BuildOptions& options, const HighestRanks& highest_ranks);

  /// Nothing at the end. Throws TileTooLarge.
  std::optional<ArchiveTile> next();
  const std::map<int, ZoomSummary>& zooms() const { return zooms_; }

 private:
  struct Range {
    int zoom = 0;
    std::vector<EncodedTile> tiles;
  };
  void start_next();
  Range encode(int zoom, HilbertId first, HilbertId end);

  const Piles& piles_;
  const BuildOptions& options_;
  const HighestRanks& highest_ranks_;
  std::map<int, ZoomSummary> zooms_;
  Pool<TileEncoder> encoders_;
  int zoom_;
  std::vector<HilbertId> cuts_;
  std::size_t cut_ = 0;
  Range current_;
  std::size_t next_tile_ = 0;
  std::deque<std::future<Range>> ahead_;  ///< last: the encoders outlive those who use them
};

}  // namespace cairn::tiler::bulk
