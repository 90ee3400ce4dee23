#include "tiler/archive_walk.hpp"

#include "tiler/archive_check.hpp"
#include "tiler/archive_facts.hpp"
#include "tiler/mbtiles_file.hpp"
#include "tiler/pmtiles_directory.hpp"
#include "tiler/tile_set.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace cairn::tiler {
namespace {

using nlohmann::json;

constexpr std::size_t kMostWalked = 100'000'000;                    // 2.4 GB of memory

std::optional<std::int64_t> number_in(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  return std::nullopt;
}

/// The array of TileJSON in an object that describes an archive.
std::string layers_in(const json& object) {
  const bool there = object.is_object() && object.contains("vector_layers") && object["vector_layers"].is_array();
  return there ? object["vector_layers"].dump(-1, ' ', false, json::error_handler_t::replace) : "[]";
}

[[noreturn]] void too_many() { throw std::runtime_error{"it has more than " + std::to_string(kMostWalked) + " tiles"}; }

class PmWalk : public ArchiveWalk {
 public:
  explicit PmWalk(const std::filesystem::path& path) : in_{path, std::ios::binary}, size_{std::filesystem::file_size(path)} {
    header_ = pm_header_from(read({0, std::min<std::uint64_t>(kPmHeaderBytes, size_)}));
    if (header_.tile_type != static_cast<std::uint8_t>(PmTileType::mvt) || header_.tile_compression != PmCompression::gzip)
      throw std::runtime_error{"it holds something else than vector tiles packed with gzip"};
    const auto metadata = unpacked(header_.metadata, kMostMetadataBytes);
    const auto described = parsed_metadata(text_of(metadata));
    if (!described.is_object()) throw std::runtime_error{"its metadata are no JSON object"};
    info_ = {text_in(described, "name"), text_in(described, "description"), text_in(described, "attribution"), layers_in(described), {}};
    if (described.contains("cairn_sequence")) info_.sequence = number_in(described["cairn_sequence"]);
    walk(header_.root, true);
  }

  Bytes content_of(const WalkedTile& tile) override { return read({tile.offset, tile.length}); }

 private:
  Bytes read(PmSection section) {
    if (section.offset > size_ || section.length > size_ - section.offset) throw std::runtime_error{"it is cut short"};
    Bytes bytes(section.length);
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(section.offset));
    in_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (static_cast<std::uint64_t>(in_.gcount()) != section.length) throw std::runtime_error{"it can't be read"};
    return bytes;
  }
  Bytes unpacked(PmSection section, std::size_t most) {
    auto bytes = read(section);
    return header_.internal_compression == PmCompression::none ? bytes : gunzipped(bytes, most);
  }

  /// Ids rise from leaf to leaf, so that no leaf is read twice.
  void walk(PmSection section, bool is_root) {
    for (const auto& entry : pm_directory_from(unpacked(section, kPmMostDirectoryBytes))) {
      if (!tiles_.empty() && entry.id <= tiles_.back().id) throw std::runtime_error{"its tiles are not in order"};
      if (entry.run > 0) {
        add(entry);
        continue;
      }
      const auto before = tiles_.size();
      if (is_root) walk({header_.leaves.offset + entry.offset, entry.length}, false);
      if (tiles_.size() == before) throw std::runtime_error{"a leaf directory of it is empty, or has leaves of its own"};
    }
  }
  void add(const PmEntry& entry) {
    if (entry.run > kMostWalked - tiles_.size()) too_many();
    if (entry.length > kMostTileBytes) throw std::runtime_error{"a tile of it has " + std::to_string(entry.length) + " bytes"};
    tile_of_hilbert_id(entry.id + entry.run - 1);
    for (HilbertId id = entry.id; id < entry.id + entry.run; ++id) tiles_.push_back({id, header_.tiles.offset + entry.offset, entry.length});
  }

  std::ifstream in_;
  std::uint64_t size_;
  PmHeader header_;
};

class MbWalk : public ArchiveWalk {
 public:
  explicit MbWalk(const std::filesystem::path& path) : file_{opened(path)}, tile_{file_, "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"} {
    read_metadata();
    SqliteStatement rows{file_, "SELECT zoom_level, tile_column, tile_row, length(tile_data) FROM tiles"};
    while (rows.step()) {
      const auto tile = mbtiles_tile_at(rows.whole(0), rows.whole(1), rows.whole(2));
      if (!tile) throw std::runtime_error{"a row of it names no tile"};
      if (tiles_.size() == kMostWalked) too_many();
      tiles_.push_back({hilbert_id_of(*tile), 0, static_cast<std::uint32_t>(rows.whole(3))});
    }
    std::ranges::sort(tiles_, {}, &WalkedTile::id);
    const auto twice = std::ranges::adjacent_find(tiles_, {}, &WalkedTile::id);
    if (twice != tiles_.end()) throw std::runtime_error{"tile " + tile_of_hilbert_id(twice->id).text() + " stands in it twice"};
  }

  Bytes content_of(const WalkedTile& walked) override {
    const auto tile = tile_of_hilbert_id(walked.id);
    tile_.bind(1, std::int64_t{tile.zoom()});
    tile_.bind(2, std::int64_t{tile.x()});
    tile_.bind(3, mbtiles_row_of(tile));
    if (!tile_.step()) throw std::runtime_error{"tile " + tile.text() + " is gone while it is read"};
    const auto blob = tile_.blob(0);
    Bytes bytes{blob.begin(), blob.end()};
    tile_.reset();
    return bytes;
  }

 private:
  static SqliteFile opened(const std::filesystem::path& path) {
    SqliteFile file{path, SQLITE_OPEN_READONLY};
    sqlite3_limit(file.get(), SQLITE_LIMIT_LENGTH, static_cast<int>(kMostTileBytes));
    file.run("PRAGMA trusted_schema = OFF;");
    return file;
  }
  void read_metadata() {
    json described = json::object();
    std::size_t size = 0;
    SqliteStatement rows{file_, "SELECT name, value FROM metadata"};
    while (rows.step()) {
      size += rows.blob(0).size() + rows.blob(1).size();
      if (size > kMostMetadataBytes) throw std::runtime_error{"its metadata are too large"};
      described[rows.text(0)] = rows.text(1);
    }
    if (text_in(described, "format") != "pbf") throw std::runtime_error{"it holds something else than vector tiles"};
    info_ = {text_in(described, "name"), text_in(described, "description"), text_in(described, "attribution"),
             layers_in(parsed_metadata(text_in(described, "json"))), {}};
    info_.sequence = number_in(parsed_metadata(text_in(described, "cairn_sequence")));
  }

  SqliteFile file_;
  SqliteStatement tile_;
};

}  // namespace

std::unique_ptr<ArchiveWalk> walk_archive(const std::filesystem::path& archive) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(archive, error)) throw std::runtime_error{"there is no file " + archive.string()};
  try {
    if (is_sqlite_file(archive)) return std::make_unique<MbWalk>(archive);
    return std::make_unique<PmWalk>(archive);
  } catch (const std::runtime_error& wrong) {
    throw std::runtime_error{archive.string() + " can't be used: " + wrong.what()};
  }
}

}  // namespace cairn::tiler
