#include "tiler/archive/delta.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

namespace cairn::tiler {
namespace {

/// What a delta says beside its tiles: a line of its table `changes`.
struct ToldChange {
  HilbertId id = 0;
  std::optional<Sha256> before, after;
};

struct ReadDelta {
  std::unique_ptr<OpenArchive> archive;
  std::vector<ToldChange> changes;             ///< by id
  std::optional<std::int64_t> from_sequence;
  std::optional<Sha256> tiles_digest;
};

std::optional<Sha256> told_hash(const SqliteStatement& row, int column) {
  const auto text = row.text(column);
  if (text.empty()) return std::nullopt;
  const auto hash = Sha256::from_hex(text);
  if (!hash) throw std::runtime_error{"a change in it names no hash"};
  return hash;
}

std::vector<ToldChange> told_changes(SqliteFile& file) {
  std::vector<ToldChange> changes;
  SqliteStatement rows{file, "SELECT zoom_level, tile_column, tile_row, before, after FROM changes"};
  while (rows.step()) {
    const auto tile = mbtiles_tile_at(rows.whole(0), rows.whole(1), rows.whole(2));
    if (!tile) throw std::runtime_error{"a change in it names no tile"};
    changes.push_back({hilbert_id_of(*tile), told_hash(rows, 3), told_hash(rows, 4)});
    if (!changes.back().before && !changes.back().after) throw std::runtime_error{"a change in it changes nothing"};
  }
  std::ranges::sort(changes, {}, &ToldChange::id);
  const auto twice = std::ranges::adjacent_find(changes, {}, &ToldChange::id);
  if (twice != changes.end()) throw std::runtime_error{"tile " + tile_of_hilbert_id(twice->id).text() + " changes in it twice"};
  return changes;
}

/// Every tile has its change, and every change that leaves a tile has that tile.
void check_complete(const std::vector<ToldChange>& changes, const std::vector<HilbertId>& tiles) {
  auto tile = tiles.begin();
  for (const auto& change : changes) {
    if (!change.after) continue;
    if (tile == tiles.end() || *tile != change.id) throw std::runtime_error{"tile " + tile_of_hilbert_id(change.id).text() + " is missing in it"};
    ++tile;
  }
  if (tile != tiles.end()) throw std::runtime_error{"tile " + tile_of_hilbert_id(*tile).text() + " is in it without a change"};
}

ReadDelta read_delta(const std::filesystem::path& path) {
  ReadDelta delta{open_archive(path), {}, {}, {}};
  try {
    auto file = opened_mbtiles(path);
    auto metadata = metadata_in(file);
    if (metadata["cairn_delta"] != "1") throw std::runtime_error{"it is no delta that this version reads"};
    if (const auto& text = metadata["cairn_from_sequence"]; !text.empty()) {
      std::int64_t number = 0;
      if (std::from_chars(text.data(), text.data() + text.size(), number).ptr != text.data() + text.size()) throw std::runtime_error{"its cairn_from_sequence is no number"};
      delta.from_sequence = number;
    }
    if (const auto& text = metadata["cairn_tiles_sha256"]; !text.empty()) delta.tiles_digest = Sha256::from_hex(text).value_or(Sha256{});
    delta.changes = told_changes(file);
    check_complete(delta.changes, delta.archive->tiles());
  } catch (const std::runtime_error& wrong) {
    throw std::runtime_error{path.string() + " can't be used: " + wrong.what()};
  }
  return delta;
}

/// Gives the tiles of a base with a delta's in their place, in order.
class Merge {
 public:
  Merge(OpenArchive& base, std::vector<HilbertId> base_tiles, const ReadDelta& delta, std::string refusal)
      : base_{base}, base_tiles_{std::move(base_tiles)}, delta_{delta}, refusal_{std::move(refusal)} {}

  std::optional<ArchiveTile> next() {
    while (i_ < base_tiles_.size() || j_ < delta_.changes.size()) {
      const bool changes = j_ < delta_.changes.size() && (i_ == base_tiles_.size() || delta_.changes[j_].id <= base_tiles_[i_]);
      if (!changes) {
        const auto id = base_tiles_[i_++];
        return given(id, kept_tile(base_, id));
      }
      const auto& change = delta_.changes[j_++];
      const auto tile = tile_of_hilbert_id(change.id);
      const bool is_there = i_ < base_tiles_.size() && base_tiles_[i_] == change.id;
      check(change, is_there ? std::optional{hash_of_kept(format_, tile, kept_tile(base_, base_tiles_[i_++]))} : std::nullopt);
      if (!change.after) continue;
      auto bytes = kept_tile(*delta_.archive, change.id);
      if (hash_of_kept(format_, tile, bytes) != change.after) throw std::runtime_error{"the delta is damaged: its tile " + tile.text() + " isn't what it says"};
      return given(change.id, std::move(bytes));
    }
    if (delta_.tiles_digest && digest_.finish() != delta_.tiles_digest) throw std::runtime_error{refusal_ + "the tiles that come of it are not those that the delta was made for"};
    return std::nullopt;
  }

 private:
  void check(const ToldChange& change, const std::optional<Sha256>& found) const {
    if (found == change.before) return;
    const auto text = [](const std::optional<Sha256>& hash) { return hash ? hash->hex() : std::string{"no tile"}; };
    throw std::runtime_error{refusal_ + "tile " + tile_of_hilbert_id(change.id).text() + " is " + text(found) + " there, and the delta replaces " + text(change.before)};
  }
  ArchiveTile given(HilbertId id, Bytes bytes) {
    digest_.add(id, bytes);
    return {tile_of_hilbert_id(id), std::move(bytes)};
  }

  OpenArchive& base_;
  TileFormat format_ = base_.facts().format;
  std::vector<HilbertId> base_tiles_;
  const ReadDelta& delta_;
  std::string refusal_;
  std::size_t i_ = 0, j_ = 0;           ///< next of the base's tiles and of the delta's changes
  TilesDigest digest_;
};

}  // namespace

ArchiveSummary apply_delta(const std::filesystem::path& target, const std::filesystem::path& base, const std::filesystem::path& delta) {
  const auto archive = open_archive(base);
  const auto changes = read_delta(delta);
  check_format(*changes.archive, delta, archive->facts().format);
  const auto refusal = delta.string() + " doesn't begin from " + base.string() + ": ";
  const auto& sequence = archive->facts().sequence;
  if (changes.from_sequence && changes.from_sequence != sequence)
    throw std::runtime_error{refusal + "it begins from number " + std::to_string(*changes.from_sequence) + ", and that is " +
                             (sequence ? "number " + std::to_string(*sequence) : "without a number")};
  Merge merge{*archive, tiles_in(*archive, base), changes, refusal};
  return write_archive(target, changes.archive->facts(), [&merge] { return merge.next(); });
}

}  // namespace cairn::tiler
