#pragma once
// Every tile of an archive, whatever kind it is, in the order of PMTiles ids. The contents stay on disk.

#include "tiler/archive.hpp"
#include "tiler/hilbert.hpp"

#include <memory>
#include <vector>

namespace cairn::tiler {

struct WalkedTile {
  HilbertId id = 0;
  std::uint64_t offset = 0;   ///< of PMTiles: from the beginning of the file
  std::uint32_t length = 0;   ///< packed
};

class ArchiveWalk {
 public:
  virtual ~ArchiveWalk() = default;

  /// As the archive says, with what it leaves open left empty.
  const ArchiveInfo& info() const { return info_; }
  /// By id, each once; 24 bytes of memory each.
  const std::vector<WalkedTile>& tiles() const { return tiles_; }
  /// gzip, as it stands in the archive.
  virtual Bytes content_of(const WalkedTile& tile) = 0;

 protected:
  ArchiveInfo info_;
  std::vector<WalkedTile> tiles_;
};

/// Throws std::runtime_error with the path and what is wrong with it: no archive, damaged, of other tiles than gzip-packed vector
/// tiles, or of more than a hundred million.
std::unique_ptr<ArchiveWalk> walk_archive(const std::filesystem::path& archive);

}  // namespace cairn::tiler
