// Tiles of a PMTiles v3 archive. The file is mapped for those who send it on; what is looked at here is read by pread, so that a
// file that is cut short while it is open is an error and no signal.
#include "tiler/archive.hpp"
#include "tiler/archive_facts.hpp"
#include "tiler/pmtiles_directory.hpp"
#include "tiler/tile_set.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace cairn::tiler {
namespace {

constexpr int kDeepest = 4;                                          // directories on the way to a tile; the format has two, allows more
constexpr std::size_t kMostServedDirectoryBytes = std::size_t{8} << 20;  // unpacked: leaves of a planet have half a MB
constexpr std::size_t kLeafBytes = std::size_t{16} << 20;            // of leaves held in memory

/// An open file, mapped as a whole.
class MappedArchive {
 public:
  explicit MappedArchive(const std::filesystem::path& path) : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
    if (descriptor_ < 0) throw std::runtime_error{"the file can't be opened"};
    struct stat status{};
    const bool is_file = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    size_ = is_file ? static_cast<std::uint64_t>(status.st_size) : 0;
    void* const place = size_ > 0 ? ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor_, 0) : MAP_FAILED;
    if (place == MAP_FAILED) {
      ::close(descriptor_);
      throw std::runtime_error{is_file ? "the file is empty or can't be mapped" : "this is no file"};
    }
    data_ = static_cast<const std::byte*>(place);
  }
  ~MappedArchive() {
    ::munmap(const_cast<std::byte*>(data_), size_);
    ::close(descriptor_);
  }
  MappedArchive(const MappedArchive&) = delete;
  MappedArchive& operator=(const MappedArchive&) = delete;

  std::uint64_t size() const { return size_; }
  int descriptor() const { return descriptor_; }
  ByteView view(PmSection section) const { return {data_ + section.offset, section.length}; }
  Bytes read(PmSection section) const {
    Bytes bytes(section.length);
    for (std::size_t done = 0; done < bytes.size();) {
      const auto got = ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(section.offset + done));
      if (got <= 0) throw std::runtime_error{"the file can't be read: it was cut short"};
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
  const std::byte* data_ = nullptr;
};

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

bool lies_inside(PmSection part, std::uint64_t size) { return part.length <= size && part.offset <= size - part.length; }

TileFormat format_of(std::uint8_t type) {
  switch (static_cast<PmTileType>(type)) {
    case PmTileType::mvt: return TileFormat::mvt;
    case PmTileType::png: return TileFormat::png;
    case PmTileType::jpeg: return TileFormat::jpeg;
    case PmTileType::webp: return TileFormat::webp;
    case PmTileType::avif: return TileFormat::avif;
    case PmTileType::unknown: break;
  }
  throw std::runtime_error{"its tiles are of a type that is not served (" + std::to_string(type) + ")"};
}

class PmArchive : public OpenArchive {
 public:
  explicit PmArchive(const std::filesystem::path& path) : archive_{path} {
    header_ = pm_header_from(archive_.read({0, std::min<std::uint64_t>(kPmHeaderBytes, archive_.size())}));
    check_header();
    root_ = pm_directory_from(unpacked(header_.root, kMostServedDirectoryBytes));
    describe(path);
  }

  std::optional<StoredTile> tile(TileId tile) override {
    const auto entry = find(hilbert_id_of(tile));
    if (!entry) return std::nullopt;
    const PmSection content{entry->offset, entry->length};
    if (!lies_inside(content, header_.tiles.length)) throw std::runtime_error{"tile " + tile.text() + " lies outside the tile data"};
    if (content.length > kMostTileBytes) throw std::runtime_error{"tile " + tile.text() + " is larger than any map can bear"};
    const PmSection in_file{header_.tiles.offset + content.offset, content.length};
    StoredTile stored{archive_.read(in_file), false, archive_.view(in_file)};
    stored.is_gzip = header_.tile_compression == PmCompression::gzip || (header_.tile_compression == PmCompression::unknown && is_gzip(stored.bytes));
    return stored;
  }

  std::filesystem::path file() const override { return "/proc/self/fd/" + std::to_string(archive_.descriptor()); }

 private:
  void check_header() const {
    const std::pair<const char*, PmSection> sections[] = {
        {"root directory", header_.root}, {"metadata", header_.metadata}, {"leaf directories", header_.leaves}, {"tile data", header_.tiles}};
    for (const auto& [name, section] : sections) {
      if (!lies_inside(section, archive_.size())) throw std::runtime_error{std::string{"the "} + name + " end beyond the file: it was cut short"};
    }
    const auto known = [](PmCompression way) { return way == PmCompression::none || way == PmCompression::gzip; };
    if (!known(header_.internal_compression)) throw std::runtime_error{"its directories are packed in a way that is not served: only gzip is"};
    if (!known(header_.tile_compression) && header_.tile_compression != PmCompression::unknown) throw std::runtime_error{"its tiles are packed in a way that is not served: only gzip is"};
  }

  Bytes unpacked(PmSection section, std::size_t most) const {
    if (section.length > most) throw std::runtime_error{"a directory or the metadata are larger than " + std::to_string(most) + " bytes"};
    auto packed = archive_.read(section);
    return header_.internal_compression == PmCompression::none || packed.empty() ? packed : gunzipped(packed, most);
  }

  void describe(const std::filesystem::path& path) {
    facts_.format = format_of(header_.tile_type);
    facts_.name = path.stem().string();
    facts_.min_zoom = header_.min_zoom;
    facts_.max_zoom = header_.max_zoom;
    facts_.bounds = {header_.west_e7 * 1e-7, header_.south_e7 * 1e-7, header_.east_e7 * 1e-7, header_.north_e7 * 1e-7};
    facts_.centre_lat_deg = header_.centre_lat_e7 * 1e-7;
    facts_.centre_lon_deg = header_.centre_lon_e7 * 1e-7;
    facts_.centre_zoom = header_.centre_zoom;
    take_metadata(facts_, text_of(unpacked(header_.metadata, kMostMetadataBytes)));
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
    if (!lies_inside(section, header_.leaves.length)) throw std::runtime_error{"a leaf directory lies outside its section"};
    auto leaf = std::make_shared<const Directory>(pm_directory_from(unpacked({header_.leaves.offset + section.offset, section.length}, kMostServedDirectoryBytes)));
    leaves_.keep(section.offset, leaf);
    return leaf;
  }

  MappedArchive archive_;
  PmHeader header_;
  Directory root_;
  LeafCache leaves_;
};

}  // namespace

std::unique_ptr<OpenArchive> open_pmtiles(const std::filesystem::path& archive) { return std::make_unique<PmArchive>(archive); }

}  // namespace cairn::tiler
