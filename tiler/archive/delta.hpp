#pragma once
// Delta archives: the tiles that changed between two states of a tile set. A delta is an MBTiles file of the tiles that are new or
// other, with one more table that says what each replaces, and which are gone (docs/tiles.md, "Deltas").

#include "core/sha256.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/archive/mbtiles_file.hpp"
#include "tiler/archive/reader.hpp"

namespace cairn::tiler {

/// What a delta says of itself beside its tiles.
struct DeltaInfo {
  ArchiveInfo to;                              ///< of the archive that comes of it
  std::optional<std::int64_t> from_sequence;   ///< of the one that it begins from
  std::optional<Sha256> tiles_digest;          ///< of all tiles that come of it: see TilesDigest
};

/// One tile that is another now. Hashes are of the unpacked tile, as in ETags and in the feed of changes; nothing: no tile.
struct DeltaChange {
  TileId tile;
  std::optional<Sha256> before, after;
  Bytes bytes;                                 ///< as its archive keeps it; empty when it is gone
};

struct DeltaSummary {
  std::uint64_t added = 0, changed = 0, removed = 0;
  std::uint64_t bytes = 0;
};

/// Writes beside the target and renames at the end.
class DeltaWriter {
 public:
  explicit DeltaWriter(std::filesystem::path target);
  /// In the order of PMTiles ids.
  void add(const DeltaChange& change);
  DeltaSummary finish(const DeltaInfo& info);

 private:
  std::filesystem::path target_;
  TemporaryPath unfinished_;
  std::optional<MbtilesFile> file_;
  std::optional<SqliteStatement> change_;
  std::vector<SpooledTile> present_;
  DeltaSummary summary_;
};

/// SHA-256 over (id, length, bytes as they are kept) of each tile in the order of PMTiles ids.
class TilesDigest {
 public:
  void add(HilbertId id, ByteView bytes);
  Sha256 finish() { return stream_.finish(); }

 private:
  Sha256Stream stream_;
};

/// The hash of a tile as an archive of this format keeps it. Throws std::runtime_error with its name when it is damaged, or 64 MB and more.
Sha256 hash_of_kept(TileFormat format, TileId tile, ByteView bytes);

// What writing and applying share; faults of the archive's throw std::runtime_error with the path.
/// Throws unless the archive has tiles of this format.
void check_format(const OpenArchive& archive, const std::filesystem::path& path, TileFormat format);
std::vector<HilbertId> tiles_in(OpenArchive& archive, const std::filesystem::path& path);
/// The bytes of a tile that the archive lists, packed exactly when its format asks for it.
Bytes kept_tile(OpenArchive& archive, HilbertId id);

// All throw std::runtime_error with the path and what is wrong, and leave nothing partial.

/// What makes the archive `to` of the archive `from`, which has tiles of the same format.
DeltaSummary write_delta(const std::filesystem::path& target, const std::filesystem::path& from, const std::filesystem::path& to);

/// Writes the archive that comes of `base` and a delta, as PMTiles or MBTiles by the target's ending: byte for byte the one that the
/// delta was made from, where that was written by this program. Refuses a base that the delta doesn't begin from.
ArchiveSummary apply_delta(const std::filesystem::path& target, const std::filesystem::path& base, const std::filesystem::path& delta);

}  // namespace cairn::tiler
