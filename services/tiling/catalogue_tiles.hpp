#pragma once
// A whole tile set from the catalogue's rows, whatever tiles were built before.

#include "core/terms.hpp"
#include "services/tiling/base_items.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/curve_build.hpp"

#include <deque>
#include <future>
#include <vector>

namespace cairn::tiling {

/// Reads along the curve, some ten thousand rows at a time, so memory doesn't grow with the map: a batch of rows for each thread. What it gives is what
/// workers build of the same rows, whatever the threads.
class CatalogueTiles {
 public:
  static constexpr int kRowsAtOnce = 20'000;  ///< some 20 MB of frames
  struct Options {
    int gzip_level = 6;                       ///< 1-12
    int threads = 1;                          ///< beside whoever takes the tiles, who reads the catalogue; 1: builds them, too
    int rows_at_once = kRowsAtOnce;
  };
  /// The session's snapshot must last as long as this.
  CatalogueTiles(store::Session& session, tiler::TileSet set, const Options& options);
  CatalogueTiles(const CatalogueTiles&) = delete;

  /// The next tile, as archives keep it; nothing at the end.
  std::optional<tiler::ArchiveTile> next();
  /// Of the curve, in [0, 1].
  double share_read() const;
  std::uint64_t items_read() const { return items_; }

 private:
  using Tiles = std::vector<tiler::ArchiveTile>;
  void read_on();
  Tiles built_and_packed(const BaseTiles& bases, bool last, std::future<void> before, std::promise<void> built);

  BaseItemsReader reader_;
  tiler::TileFormat format_;
  Options options_;
  MortonKey first_ = 0;  ///< of what is not read yet
  std::uint64_t items_ = 0;
  Tiles building_;
  tiler::CurveBuild build_;
  std::future<void> built_;  ///< ready when the batch that was read last is built, so that the next one can be
  Tiles ready_;
  std::size_t next_ready_ = 0;
  std::deque<std::future<Tiles>> ahead_;  ///< last: all that they use outlives them
};

/// How the archive of a set describes itself that holds every change of the map up to this number.
tiler::ArchiveInfo archive_info_of(tiler::TileSet set, const Terms& terms, std::int64_t sequence);

}  // namespace cairn::tiling
