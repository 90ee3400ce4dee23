#include "tiler/archive/delta.hpp"
#include "tiler/gzip.hpp"

namespace cairn::tiler {
namespace {

void bind_hash(SqliteStatement& statement, int place, const std::optional<Sha256>& hash) {
  if (hash) statement.bind(place, std::string_view{hash->hex()});
  else statement.bind_null(place);
}

}  // namespace

Sha256 hash_of_kept(TileFormat format, TileId tile, ByteView bytes) {
  if (!is_gzipped(format)) return sha256_of(bytes);
  try {
    return sha256_of(gunzipped(bytes, kMostTileBytes));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error{"tile " + tile.text() + ": " + error.what()};
  }
}

void TilesDigest::add(HilbertId id, ByteView bytes) {
  Bytes head;
  for (const std::uint64_t number : {std::uint64_t{id}, std::uint64_t{bytes.size()}}) {
    for (int shift = 0; shift < 64; shift += 8) head.push_back(static_cast<std::byte>(number >> shift));
  }
  stream_.add(head);
  stream_.add(bytes);
}

DeltaWriter::DeltaWriter(std::filesystem::path target) : target_{std::move(target)}, unfinished_{target_, "part"} {
  file_.emplace(unfinished_.path());
  file_->file().run("CREATE TABLE changes (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, before TEXT, after TEXT);");
  change_.emplace(file_->file(), "INSERT INTO changes VALUES (?, ?, ?, ?, ?)");
}

void DeltaWriter::add(const DeltaChange& change) {
  change_->bind(1, std::int64_t{change.tile.zoom()});
  change_->bind(2, std::int64_t{change.tile.x()});
  change_->bind(3, mbtiles_row_of(change.tile));
  bind_hash(*change_, 4, change.before);
  bind_hash(*change_, 5, change.after);
  change_->step();
  change_->reset();
  ++(!change.before ? summary_.added : !change.after ? summary_.removed : summary_.changed);
  if (!change.after) return;
  file_->add(change.tile, change.bytes);
  present_.push_back({hilbert_id_of(change.tile), 0, 0});
}

DeltaSummary DeltaWriter::finish(const DeltaInfo& info) {
  auto metadata = mbtiles_metadata(info.to, extent_of(present_));
  metadata["cairn_delta"] = "1";
  if (info.from_sequence) metadata["cairn_from_sequence"] = std::to_string(*info.from_sequence);
  if (info.tiles_digest) metadata["cairn_tiles_sha256"] = info.tiles_digest->hex();
  file_->describe(metadata);
  file_->file().run("CREATE UNIQUE INDEX change_index ON changes (zoom_level, tile_column, tile_row);");
  file_->finish();
  change_.reset();
  file_.reset();
  summary_.bytes = std::filesystem::file_size(unfinished_.path());
  unfinished_.publish_as(target_);
  return summary_;
}

void check_format(const OpenArchive& archive, const std::filesystem::path& path, TileFormat format) {
  const auto found = archive.facts().format;
  if (found != format) throw std::runtime_error{path.string() + ": its tiles are " + std::string{ending_of(found)} + ", and those of the other archive are " + std::string{ending_of(format)}};
}

std::vector<HilbertId> tiles_in(OpenArchive& archive, const std::filesystem::path& path) {
  try {
    return archive.tiles();
  } catch (const std::runtime_error& wrong) {
    throw std::runtime_error{path.string() + ": " + wrong.what()};
  }
}

Bytes kept_tile(OpenArchive& archive, HilbertId id) {
  auto stored = archive.tile(tile_of_hilbert_id(id));
  const auto name = "tile " + tile_of_hilbert_id(id).text();
  if (!stored) throw std::runtime_error{name + " is missing where the directory names it"};
  if (stored->is_gzip != is_gzipped(archive.facts().format)) throw std::runtime_error{name + (stored->is_gzip ? " is" : " isn't") + " packed with gzip"};
  return std::move(stored->bytes);
}

DeltaSummary write_delta(const std::filesystem::path& target, const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto old_archive = open_archive(from), new_archive = open_archive(to);
  const auto format = new_archive->facts().format;
  check_format(*old_archive, from, format);
  const auto before = tiles_in(*old_archive, from), after = tiles_in(*new_archive, to);
  DeltaWriter writer{target};
  TilesDigest digest;
  for (std::size_t i = 0, j = 0; i < before.size() || j < after.size();) {
    const bool is_gone = j == after.size() || (i < before.size() && before[i] < after[j]);
    const bool is_new = !is_gone && (i == before.size() || after[j] < before[i]);
    const auto id = is_gone ? before[i] : after[j];
    const auto old_bytes = is_new ? Bytes{} : kept_tile(*old_archive, id);
    auto new_bytes = is_gone ? Bytes{} : kept_tile(*new_archive, id);
    if (!is_gone) digest.add(id, new_bytes);
    i += is_new ? 0 : 1;
    j += is_gone ? 0 : 1;
    if (old_bytes == new_bytes) continue;
    DeltaChange change{tile_of_hilbert_id(id), {}, {}, {}};
    if (!is_new) change.before = hash_of_kept(format, change.tile, old_bytes);
    if (!is_gone) change.after = hash_of_kept(format, change.tile, new_bytes);
    change.bytes = std::move(new_bytes);
    writer.add(change);
  }
  return writer.finish({new_archive->facts(), old_archive->facts().sequence, digest.finish()});
}

}  // namespace cairn::tiler
