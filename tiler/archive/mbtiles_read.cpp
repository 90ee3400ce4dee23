// Tiles of an MBTiles file. Each thread that asks at the same time has a connection of its own; they are kept.
#include "tiler/archive/facts.hpp"
#include "tiler/archive/mbtiles_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <vector>

namespace cairn::tiler {
namespace {

constexpr int kPatience = 1000;  // of 1,000 instructions each: a view of a stranger's may count without end

int out_of_patience(void* steps_left) { return --*static_cast<int*>(steps_left) < 0 ? 1 : 0; }

class TileRows {
 public:
  explicit TileRows(const std::filesystem::path& path) : file_{opened_mbtiles(path)} {
    sqlite3_progress_handler(file_.get(), 1000, out_of_patience, steps_left_.get());
    tile_.emplace(file_, "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?");
  }

  std::optional<Bytes> tile(TileId tile) {
    *steps_left_ = kPatience;
    tile_->bind(1, std::int64_t{tile.zoom()});
    tile_->bind(2, std::int64_t{tile.x()});
    tile_->bind(3, mbtiles_row_of(tile));
    std::optional<Bytes> bytes;
    if (tile_->step()) {
      const auto blob = tile_->blob(0);
      if (!blob.empty()) bytes.emplace(blob.begin(), blob.end());
    }
    tile_->reset();
    return bytes;
  }

  MbtilesMetadata metadata() {
    *steps_left_ = kPatience;
    return metadata_in(file_);
  }

  /// Rising.
  std::vector<HilbertId> tiles() {
    std::vector<HilbertId> ids;
    SqliteStatement rows{file_, "SELECT zoom_level, tile_column, tile_row FROM tiles"};
    for (*steps_left_ = kPatience; rows.step(); *steps_left_ = kPatience) {
      const auto tile = mbtiles_tile_at(rows.whole(0), rows.whole(1), rows.whole(2));
      if (!tile) throw std::runtime_error{"a row of it names no tile"};
      if (ids.size() == kMostListedTiles) refuse_as_too_many();
      ids.push_back(hilbert_id_of(*tile));
    }
    std::ranges::sort(ids);
    const auto twice = std::ranges::adjacent_find(ids);
    if (twice != ids.end()) throw std::runtime_error{"tile " + tile_of_hilbert_id(*twice).text() + " stands in it twice"};
    return ids;
  }

  /// The first or last zoom that has tiles.
  std::int64_t zoom(const char* sql) {
    *steps_left_ = kPatience;
    SqliteStatement row{file_, sql};
    return row.step() ? row.whole(0) : 0;
  }

 private:
  std::unique_ptr<int> steps_left_ = std::make_unique<int>(kPatience);
  SqliteFile file_;
  std::optional<SqliteStatement> tile_;
};

TileFormat format_named(const std::string& name) {
  const auto format = find_tile_format(name);
  if (!format) throw std::runtime_error{"its tiles are '" + name + "': pbf, png, jpg, webp and avif are served"};
  return *format;
}

std::optional<std::int64_t> whole_number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto end = text.data() + text.size();
  return !text.empty() && std::from_chars(text.data(), end, number).ptr == end ? std::optional{number} : std::nullopt;
}

/// "1.5,2,3" as numbers; those that are none count as 0.
std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> numbers;
  for (const char* at = text.data(), *const end = at + text.size(); at < end && numbers.size() < 4; ++at) {
    while (at < end && *at == ' ') ++at;
    double value = 0;
    at = std::from_chars(at, end, value).ptr;
    numbers.push_back(value);
    while (at < end && *at != ',') ++at;
  }
  return numbers;
}

class MbArchive : public OpenArchive {
 public:
  explicit MbArchive(std::filesystem::path path) : path_{std::move(path)} {
    auto rows = std::make_unique<TileRows>(path_);
    describe(*rows);
    idle_.push_back(std::move(rows));
  }

  std::vector<HilbertId> tiles() override { return TileRows{path_}.tiles(); }

  std::optional<StoredTile> tile(TileId tile) override {
    auto rows = taken();
    auto bytes = rows->tile(tile);
    give_back(std::move(rows));
    if (!bytes) return std::nullopt;
    const bool packed = is_gzip(*bytes);
    return StoredTile{std::move(*bytes), packed, {}};
  }

 private:
  std::unique_ptr<TileRows> taken() {
    {
      const std::lock_guard lock{mutex_};
      if (!idle_.empty()) {
        auto rows = std::move(idle_.back());
        idle_.pop_back();
        return rows;
      }
    }
    return std::make_unique<TileRows>(path_);
  }
  void give_back(std::unique_ptr<TileRows> rows) {
    const std::lock_guard lock{mutex_};
    idle_.push_back(std::move(rows));
  }

  void describe(TileRows& rows) {
    const auto metadata = rows.metadata();
    const auto fact = [&](const char* name) {
      const auto found = metadata.find(name);
      return found == metadata.end() ? std::string{} : found->second;
    };
    facts_.format = format_named(fact("format"));
    facts_.name = fact("name").empty() ? path_.stem().string() : fact("name");
    facts_.description = fact("description");
    facts_.attribution = fact("attribution");
    facts_.min_zoom = zoom_of(rows, fact("minzoom"), "SELECT min(zoom_level) FROM tiles");
    facts_.max_zoom = zoom_of(rows, fact("maxzoom"), "SELECT max(zoom_level) FROM tiles");
    if (const auto b = numbers_in(fact("bounds")); b.size() == 4) facts_.bounds = {b[0], b[1], b[2], b[3]};
    facts_.centre_lat_deg = 1000;  // outside: the middle is taken
    if (const auto c = numbers_in(fact("center")); c.size() >= 2) {
      facts_.centre_lon_deg = c[0];
      facts_.centre_lat_deg = c[1];
      facts_.centre_zoom = c.size() > 2 && c[2] >= 0 && c[2] <= TileId::kMaxZoom ? static_cast<int>(c[2]) : facts_.min_zoom;
    }
    facts_.sequence = whole_number_in(fact("cairn_sequence"));
    const auto name = facts_.name;
    take_metadata(facts_, fact("json"));
    facts_.name = name;
    take_legend(facts_, fact("cairn_legend"));
    make_sound(facts_);
  }

  static int zoom_of(TileRows& rows, const std::string& said, const char* sql) {
    const auto zoom = said.empty() ? rows.zoom(sql) : std::strtoll(said.c_str(), nullptr, 10);
    return zoom < 0 || zoom > TileId::kMaxZoom ? 0 : static_cast<int>(zoom);
  }

  std::filesystem::path path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<TileRows>> idle_;
};

}  // namespace

std::unique_ptr<OpenArchive> open_mbtiles(const std::filesystem::path& archive) { return std::make_unique<MbArchive>(archive); }

}  // namespace cairn::tiler
