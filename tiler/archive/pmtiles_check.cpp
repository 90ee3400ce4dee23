#include "tiler/archive/check.hpp"
#include "tiler/archive/facts.hpp"
#include "tiler/archive/pmtiles_file.hpp"

#include <algorithm>
#include <unordered_map>

namespace cairn::tiler {
namespace {

/// A corner of slack for bounds that were rounded to 1e-7 degrees.
constexpr double kRoundingDeg = 1e-6;

class PmCheck {
 public:
  PmCheck(const std::filesystem::path& path, ProblemList& problems) : problems_{problems}, archive_{path} {}

  void run() {
    if (!check_sections()) return;
    check_header();
    check_metadata();
    walk(header_.root, true);
    check_tiles();
  }

 private:
  bool check_sections() {
    const std::pair<const char*, PmSection> sections[] = {
        {"root directory", header_.root}, {"metadata", header_.metadata}, {"leaf directories", header_.leaves}, {"tile data", header_.tiles}};
    bool right = true;
    for (const auto& [name, section] : sections) {
      if (lies_inside(section, archive_.size())) continue;
      problems_.add(std::string{"the "} + name + " end beyond the file");
      right = false;
    }
    if (right && (header_.root.length == 0 || header_.root.end() > kPmRootReach)) problems_.add("the root directory is not within the first 16384 bytes");
    return right;
  }

  void check_header() {
    if (header_.min_zoom > header_.max_zoom || header_.max_zoom > TileId::kMaxZoom) {
      problems_.add("zooms " + std::to_string(header_.min_zoom) + " to " + std::to_string(header_.max_zoom) + " are no range");
    }
    const bool on_globe = header_.west_e7 >= -1'800'000'000 && header_.east_e7 <= 1'800'000'000 && header_.south_e7 >= -900'000'000 &&
                          header_.north_e7 <= 900'000'000;
    if (!on_globe || header_.west_e7 >= header_.east_e7 || header_.south_e7 >= header_.north_e7) problems_.add("the bounds are empty or off the globe");
    const bool centred = header_.centre_lon_e7 >= header_.west_e7 && header_.centre_lon_e7 <= header_.east_e7 &&
                         header_.centre_lat_e7 >= header_.south_e7 && header_.centre_lat_e7 <= header_.north_e7;
    if (!centred) problems_.add("the centre lies outside the bounds");
    if (header_.centre_zoom < header_.min_zoom || header_.centre_zoom > header_.max_zoom) problems_.add("the centre's zoom is not one of the archive");
    if (format_ == TileFormat::mvt && header_.tile_compression != PmCompression::gzip) problems_.add("vector tiles must be packed with gzip");
  }

  void check_metadata() {
    try {
      const auto metadata = archive_.unpacked(header_.metadata, kMostMetadataBytes);
      if (format_ == TileFormat::mvt) check_vector_layers(problems_, std::string{text_of(metadata)});
    } catch (const std::runtime_error& error) {
      problems_.add(std::string{"the metadata: "} + error.what());
    }
  }

  /// Gathers the tile entries of a directory and of the leaves below it.
  void walk(PmSection section, bool is_root) {
    for (const auto& entry : archive_.directory(section)) {
      if (entry.run > 0) {
        entries_.push_back(entry);
      } else if (!is_root) {
        problems_.add("a leaf directory has leaves of its own");
      } else if (const PmSection leaf{entry.offset, entry.length}; lies_inside(leaf, header_.leaves.length)) {
        const auto first = entries_.size();
        walk({header_.leaves.offset + leaf.offset, leaf.length}, false);
        // Thrown, not listed: a root whose entries all lead to one leaf would have us read it without end.
        if (first == entries_.size() || entries_[first].id != entry.id) throw std::runtime_error{"a leaf doesn't begin with the tile that the root promises"};
      } else {
        problems_.add("a leaf directory lies outside its section");
      }
    }
  }

  void check_tiles() {
    std::unordered_map<std::uint64_t, std::uint32_t> contents;  // offset -> length
    std::uint64_t addressed = 0;
    std::uint64_t expected_offset = 0;
    HilbertId next_free = 0;
    for (const auto& entry : entries_) {
      if (problems_.full()) return;
      if (entry.id < next_free) problems_.add("tile ids are not in order at " + std::to_string(entry.id));
      next_free = entry.id + entry.run;
      addressed += entry.run;
      const PmSection content{entry.offset, entry.length};
      if (!lies_inside(content, header_.tiles.length)) {
        problems_.add("tile " + tile_of_hilbert_id(entry.id).text() + " lies outside the tile data");
        continue;
      }
      const auto [known, is_new] = contents.try_emplace(entry.offset, entry.length);
      if (!is_new && known->second != entry.length) problems_.add("two tiles begin at the same byte with different lengths");
      if (is_new && header_.clustered && entry.offset != expected_offset) problems_.add("tile data are not in the order of the tiles, though the archive says so");
      if (is_new) expected_offset = content.end();
      if (is_new && is_checked()) check_tile(problems_, tile_of_hilbert_id(entry.id), *format_, archive_.read({header_.tiles.offset + content.offset, content.length}));
      check_place(entry);
    }
    check_counts(addressed, contents.size());
  }

  /// Zoom and bounds of an entry's first and last tile.
  void check_place(const PmEntry& entry) {
    for (const auto id : {entry.id, entry.id + entry.run - 1}) {
      const auto tile = tile_of_hilbert_id(id);
      if (tile.zoom() < header_.min_zoom || tile.zoom() > header_.max_zoom) problems_.add("tile " + tile.text() + " lies outside the zooms of the header");
      const auto box = bounds_of(tile);
      const bool apart = box.east_deg < header_.west_e7 * 1e-7 - kRoundingDeg || box.west_deg > header_.east_e7 * 1e-7 + kRoundingDeg ||
                         box.north_deg < header_.south_e7 * 1e-7 - kRoundingDeg || box.south_deg > header_.north_e7 * 1e-7 + kRoundingDeg;
      if (apart) problems_.add("tile " + tile.text() + " lies outside the bounds of the header");
      seen_min_ = std::min(seen_min_, tile.zoom());
      seen_max_ = std::max(seen_max_, tile.zoom());
    }
  }

  void check_counts(std::uint64_t addressed, std::uint64_t contents) {
    const auto compare = [this](const char* what, std::uint64_t promised, std::uint64_t found) {
      // 0 means unknown in the header.
      if (promised != 0 && promised != found) {
        problems_.add(std::string{"the header promises "} + std::to_string(promised) + " " + what + ", there are " + std::to_string(found));
      }
    };
    if (entries_.empty()) return problems_.add("there are no tiles");
    compare("addressed tiles", header_.addressed, addressed);
    compare("tile entries", header_.entries, entries_.size());
    compare("tile contents", header_.contents, contents);
    if (seen_min_ != header_.min_zoom || seen_max_ != header_.max_zoom) {
      problems_.add("the tiles have zooms " + std::to_string(seen_min_) + " to " + std::to_string(seen_max_) + ", the header says otherwise");
    }
  }

  /// The format allows pictures to be packed once more; nobody does it.
  bool is_checked() const { return format_ && (format_ == TileFormat::mvt || header_.tile_compression <= PmCompression::none); }

  ProblemList& problems_;
  PmFile archive_;
  const PmHeader& header_ = archive_.header();
  const std::optional<TileFormat> format_ = pm_format_of(header_.tile_type);
  std::vector<PmEntry> entries_;
  int seen_min_ = TileId::kMaxZoom;
  int seen_max_ = 0;
};

}  // namespace

std::vector<std::string> problems_of_pmtiles(const std::filesystem::path& archive) {
  ProblemList problems;
  try {
    PmCheck{archive, problems}.run();
  } catch (const std::runtime_error& error) {
    problems.add(error.what());
  }
  return problems.take();
}

}  // namespace cairn::tiler
