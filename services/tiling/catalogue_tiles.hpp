#pragma once
// A whole tile set from the catalogue's rows, whatever tiles were built before.

#include "core/terms.hpp"
#include "services/tiling/base_items.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/curve_build.hpp"

#include <deque>

namespace cairn::tiling {

/// Reads along the curve, some ten thousand rows at a time, so memory doesn't grow with the map. What it gives is what workers build of the same rows.
class CatalogueTiles {
 public:
  static constexpr int kRowsAtOnce = 20'000;  ///< some 20 MB of frames
  /// The session's snapshot must last as long as this. `gzip_level` is 1-12.
  CatalogueTiles(store::Session& session, tiler::TileSet set, int gzip_level, int rows_at_once = kRowsAtOnce);
  CatalogueTiles(const CatalogueTiles&) = delete;

  /// The next tile, as archives keep it; nothing at the end.
  std::optional<tiler::ArchiveTile> next();
  /// Of the curve, in [0, 1].
  double share_read() const;
  std::uint64_t items_read() const { return items_; }

 private:
  void read_on();

  BaseItemsReader reader_;
  tiler::CurveBuild build_;
  int rows_at_once_;
  std::deque<tiler::ArchiveTile> ready_;
  MortonKey first_ = 0;
  std::uint64_t items_ = 0;
  bool at_end_ = false;
};

/// How the archive of a set describes itself that holds every change of the map up to this number.
tiler::ArchiveInfo archive_info_of(tiler::TileSet set, const Terms& terms, std::int64_t sequence);

}  // namespace cairn::tiling
