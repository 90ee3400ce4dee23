#include "tiler/bulk/tile_stream.hpp"

#include <algorithm>

namespace cairn::tiler::bulk {
namespace {

constexpr std::size_t kMarksPerRange = 16;   ///< some ten thousand records: enough that starting a thread doesn't matter
constexpr std::size_t kRangesPerThread = 2;  ///< encoded ahead, so that no thread waits for the disk

/// Cuts a zoom into ranges of tiles of about equal work.
std::vector<HilbertId> cuts_of(const Piles& piles, int zoom, int max_zoom) {
  const auto base = first_hilbert_id_of(zoom);
  const auto end = first_hilbert_id_of(zoom + 1);
  std::vector<HilbertId> marks;
  for (const auto key : piles.points.marks()) marks.push_back(base + (key >> (2 * (max_zoom - zoom))));
  for (const auto key : piles.shapes.marks()) {
    if (key >= base && key < end) marks.push_back(key);
  }
  std::ranges::sort(marks);
  std::vector<HilbertId> cuts{base};
  for (std::size_t i = kMarksPerRange; i < marks.size(); i += kMarksPerRange) {
    if (marks[i] > cuts.back()) cuts.push_back(marks[i]);
  }
  cuts.push_back(end);
  return cuts;
}

}  // namespace

TileStream::TileStream(const Piles& piles, const std::vector<LayerWords>& layers, const BuildOptions& options, const HighestRanks& highest_ranks)
    : piles_{piles}, options_{options}, highest_ranks_{highest_ranks}, zoom_{options.min_zoom - 1} {
  for (int i = 0; i < options.threads; ++i) encoders_.add(std::make_unique<TileEncoder>(piles, layers, options));
  for (std::size_t i = 0; i < kRangesPerThread * static_cast<std::size_t>(options.threads); ++i) start_next();
}

void TileStream::start_next() {
  while (cut_ + 1 >= cuts_.size()) {
    if (zoom_ == options_.max_zoom) return;
    cuts_ = cuts_of(piles_, ++zoom_, options_.max_zoom);
    cut_ = 0;
  }
  // With one thread, whoever takes the tiles makes them.
  const auto policy = options_.threads > 1 ? std::launch::async : std::launch::deferred;
  ahead_.push_back(std::async(policy, &TileStream::encode, this, zoom_, cuts_[cut_], cuts_[cut_ + 1]));
  ++cut_;
}

TileStream::Range TileStream::encode(int zoom, HilbertId first, HilbertId end) {
  const auto encoder = encoders_.borrow();
  return {zoom, encoder->encode(zoom, first, end, highest_ranks_[static_cast<std::size_t>(zoom)])};
}

std::optional<ArchiveTile> TileStream::next() {
  while (next_tile_ == current_.tiles.size()) {
    if (ahead_.empty()) return std::nullopt;
    current_ = ahead_.front().get();
    ahead_.pop_front();
    start_next();
    next_tile_ = 0;
  }
  auto& tile = current_.tiles[next_tile_++];
  const auto id = tile_of_hilbert_id(tile.id);
  if (options_.most_tile_bytes > 0 && tile.gzip.size() > options_.most_tile_bytes) throw TileTooLarge{id, tile.gzip.size()};
  auto& zoom = zooms_[current_.zoom];
  ++zoom.tiles;
  zoom.features += tile.features;
  zoom.bytes += tile.gzip.size();
  zoom.largest = std::max<std::uint64_t>(zoom.largest, tile.gzip.size());
  return ArchiveTile{id, std::move(tile.gzip)};
}

}  // namespace cairn::tiler::bulk
