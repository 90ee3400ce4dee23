// Tiles of a PMTiles v3 archive.
#include "tiler/archive/facts.hpp"
#include "tiler/archive/pmtiles_file.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace cairn::tiler {
namespace {

constexpr int kDeepest = 4;                                // directories on the way to a tile; the format has two, allows more
constexpr std::size_t kLeafBytes = std::size_t{16} << 20;  // of leaves held in memory

using Directory = std::vector<PmEntry>;
using SharedDirectory = std::shared_ptr<const Directory>;

/// Leaves by where they lie, least recently used out first.
class LeafCache {
 public:
  SharedDirectory find(std::uint64_t offset) {
    const std::lock_guard lock{mutex_};
    const auto found = places_.find(offset);
    if (found == places_.end()) return nullptr;
    turns_.splice(turns_.begin(), turns_, found->second);
    return found->second->second;
  }
  void keep(std::uint64_t offset, const SharedDirectory& leaf) {
    const std::lock_guard lock{mutex_};
    if (places_.contains(offset)) return;
    turns_.emplace_front(offset, leaf);
    places_[offset] = turns_.begin();
    bytes_ += bytes_of_leaf(*leaf);
    while (bytes_ > kLeafBytes && turns_.size() > 1) {
      bytes_ -= bytes_of_leaf(*turns_.back().second);
      places_.erase(turns_.back().first);
      turns_.pop_back();
    }
  }

 private:
  using Turns = std::list<std::pair<std::uint64_t, SharedDirectory>>;
  static std::size_t bytes_of_leaf(const Directory& leaf) { return leaf.size() * sizeof(PmEntry); }

  std::mutex mutex_;
  std::size_t bytes_ = 0;
  Turns turns_;
  std::unordered_map<std::uint64_t, Turns::iterator> places_;
};

TileFormat format_of(std::uint8_t type) {
  if (const auto format = pm_format_of(type)) return *format;
  throw std::runtime_error{"its tiles are of a type that is not served (" + std::to_string(type) + ")"};
}

class PmArchive : public OpenArchive {
 public:
  explicit PmArchive(const std::filesystem::path& path) : archive_{path} {
    check_header();
    root_ = archive_.directory(header().root);
    describe(path);
  }

  std::optional<StoredTile> tile(TileId tile) override {
    const auto entry = find(hilbert_id_of(tile));
    if (!entry) return std::nullopt;
    const PmSection content{entry->offset, entry->length};
    if (!lies_inside(content, header().tiles.length)) throw std::runtime_error{"tile " + tile.text() + " lies outside the tile data"};
    if (content.length > kMostTileBytes) throw std::runtime_error{"tile " + tile.text() + " is larger than any map can bear"};
    const PmSection in_file{header().tiles.offset + content.offset, content.length};
    StoredTile stored{archive_.read(in_file), false, FileRange{archive_.descriptor(), in_file.offset, in_file.length}};
    stored.is_gzip = header().tile_compression == PmCompression::gzip || (header().tile_compression == PmCompression::unknown && is_gzip(stored.bytes));
    return stored;
  }

  std::vector<HilbertId> tiles() override {
    std::vector<HilbertId> ids;
    list(root_, 1, ids);
    if (!ids.empty()) tile_of_hilbert_id(ids.back());  // throws beyond the deepest zoom
    return ids;
  }

  std::filesystem::path file() const override { return "/proc/self/fd/" + std::to_string(archive_.descriptor()); }

 private:
  const PmHeader& header() const { return archive_.header(); }

  void check_header() const {
    const std::pair<const char*, PmSection> sections[] = {
        {"root directory", header().root}, {"metadata", header().metadata}, {"leaf directories", header().leaves}, {"tile data", header().tiles}};
    for (const auto& [name, section] : sections) {
      if (!lies_inside(section, archive_.size())) throw std::runtime_error{std::string{"the "} + name + " end beyond the file: it was cut short"};
    }
    const auto known = [](PmCompression way) { return way == PmCompression::none || way == PmCompression::gzip; };
    if (!known(header().internal_compression)) throw std::runtime_error{"its directories are packed in a way that is not served: only gzip is"};
    if (!known(header().tile_compression) && header().tile_compression != PmCompression::unknown) throw std::runtime_error{"its tiles are packed in a way that is not served: only gzip is"};
  }

  void describe(const std::filesystem::path& path) {
    facts_.format = format_of(header().tile_type);
    facts_.name = path.stem().string();
    facts_.min_zoom = header().min_zoom;
    facts_.max_zoom = header().max_zoom;
    facts_.bounds = {header().west_e7 * 1e-7, header().south_e7 * 1e-7, header().east_e7 * 1e-7, header().north_e7 * 1e-7};
    facts_.centre_lat_deg = header().centre_lat_e7 * 1e-7;
    facts_.centre_lon_deg = header().centre_lon_e7 * 1e-7;
    facts_.centre_zoom = header().centre_zoom;
    take_metadata(facts_, text_of(archive_.unpacked(header().metadata, kMostMetadataBytes)));
    make_sound(facts_);
  }

  std::optional<PmEntry> find(HilbertId wanted) {
    SharedDirectory leaf;
    const Directory* directory = &root_;
    for (int depth = 0; depth < kDeepest; ++depth) {
      const auto behind = std::ranges::upper_bound(*directory, wanted, {}, &PmEntry::id);
      if (behind == directory->begin()) return std::nullopt;
      const auto& entry = *std::prev(behind);
      if (entry.run > 0) return wanted - entry.id < entry.run ? std::optional{entry} : std::nullopt;
      leaf = leaf_at({entry.offset, entry.length});
      directory = leaf.get();
    }
    throw std::runtime_error{"its leaf directories lead to no end"};
  }

  SharedDirectory leaf_at(PmSection section) {
    if (auto known = leaves_.find(section.offset)) return known;
    if (!lies_inside(section, header().leaves.length)) throw std::runtime_error{"a leaf directory lies outside its section"};
    auto leaf = std::make_shared<const Directory>(archive_.directory({header().leaves.offset + section.offset, section.length}));
    leaves_.keep(section.offset, leaf);
    return leaf;
  }

  /// Ids rise from leaf to leaf, so that no leaf is read twice.
  void list(const Directory& directory, int depth, std::vector<HilbertId>& ids) {
    for (const auto& entry : directory) {
      if (!ids.empty() && entry.id <= ids.back()) throw std::runtime_error{"its tiles are not in order"};
      const auto before = ids.size();
      if (entry.run > kMostListedTiles - before) refuse_as_too_many();
      for (std::uint32_t i = 0; i < entry.run; ++i) ids.push_back(entry.id + i);
      if (entry.run == 0 && depth < kDeepest) list(*leaf_at({entry.offset, entry.length}), depth + 1, ids);
      if (ids.size() == before) throw std::runtime_error{"a leaf directory of it leads to no tile"};
    }
  }

  PmFile archive_;
  Directory root_;
  LeafCache leaves_;
};

}  // namespace

std::unique_ptr<OpenArchive> open_pmtiles(const std::filesystem::path& archive) { return std::make_unique<PmArchive>(archive); }

}  // namespace cairn::tiler
