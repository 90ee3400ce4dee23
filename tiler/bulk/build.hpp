#pragma once
// `cairn tiles build`: features of any source -> all tiles of all zooms -> an archive.

#include "tiler/archive/archive.hpp"
#include "tiler/bulk/source.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cairn::tiler::bulk {

/// A tile's own units are finer than a millimetre from here on.
inline constexpr int kDeepestZoom = 20;

struct BuildOptions {
  int min_zoom = 0;
  int max_zoom = 14;
  /// Each zoom out keeps 1 of this many features. 1: all show at all zooms.
  double thin = 1;
  std::vector<std::string> attributes;  ///< the only ones to keep; all when empty
  int gzip_level = 6;
  int threads = 1;
  /// Packed; 0 is none. A zoom with a larger tile keeps fewer features everywhere, never in that tile alone: that would show as a seam.
  std::size_t most_tile_bytes = 500'000;
  bool check = true;  ///< every tile, strictly, before it is packed
  std::size_t memory = std::size_t{1} << 30;  ///< bytes of features before the sort goes to disk
};

/// Per zoom, for the table that a build ends with.
struct ZoomSummary {
  std::uint64_t tiles = 0;
  std::uint64_t features = 0;
  std::uint64_t bytes = 0;       ///< packed
  std::uint64_t largest = 0;
  double kept = 1;               ///< share of what --thin lets through that the limit on tiles left
  std::string largest_without;   ///< the tile that was too large, when some were left out for it
};

struct BuildSummary {
  std::uint64_t features = 0;
  LeftOutCounts left_out{};
  std::uint64_t attributes_left_out = 0;  ///< beyond Vocabulary::kMostKeys of a layer or a feature
  std::map<int, ZoomSummary> zooms;
  ArchiveSummary archive;
};

struct Progress {
  std::string stage;          ///< "reading", "writing zoom 6", ...
  double share = 0;           ///< of the file that is read; 0 when not known
  std::uint64_t count = 0;    ///< features read, or tiles written
};
using TellProgress = std::function<void(const Progress&)>;

/// The file appears whole or not at all. The same inputs and options give the same bytes, whatever the number of threads and the memory. Throws
/// std::runtime_error, in a sentence that says what to do, when options make no sense, a source can't be read or the disk refuses.
BuildSummary build_archive(const std::filesystem::path& target, std::vector<Input> inputs, const BuildOptions& options, const TellProgress& tell = {});

}  // namespace cairn::tiler::bulk
