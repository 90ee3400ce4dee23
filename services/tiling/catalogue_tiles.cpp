// Reading, building and packing go on at once: batches of base tiles are read one behind the other, built in that order, as parents ask for it, and packed
// in any.

#include "services/tiling/catalogue_tiles.hpp"

#include "tiler/archive/tilejson.hpp"

#include <utility>

namespace cairn::tiling {
namespace {

const MortonKey kEndOfWorld = morton_range_of(TileId{}).end;

std::uint64_t count_of(const tiler::BaseItems& items) { return items.frames.size() + items.sequences.size() + items.features.size() + items.coverage.size(); }

std::future<void> done() {
  std::promise<void> promise;
  promise.set_value();
  return promise.get_future();
}

}  // namespace

CatalogueTiles::CatalogueTiles(store::Session& session, tiler::TileSet set, const Options& options)
    : reader_{session, set}, format_{tiler::format_of(set)}, options_{options}, build_{set, [this](TileId tile, Bytes bytes) { building_.push_back({tile, std::move(bytes)}); }}, built_{done()} {}

std::optional<tiler::ArchiveTile> CatalogueTiles::next() {
  while (next_ready_ == ready_.size()) {
    while (first_ != kEndOfWorld && ahead_.size() < static_cast<std::size_t>(options_.threads)) read_on();
    if (ahead_.empty()) return std::nullopt;
    ready_ = ahead_.front().get();
    ahead_.pop_front();
    next_ready_ = 0;
  }
  return std::move(ready_[next_ready_++]);
}

double CatalogueTiles::share_read() const { return static_cast<double>(first_) / static_cast<double>(kEndOfWorld); }

void CatalogueTiles::read_on() {
  const auto end = reader_.end_of_range(first_, options_.rows_at_once);
  auto bases = reader_.in({first_, end});
  for (const auto& [key, base] : bases) items_ += count_of(base.items);
  first_ = end;
  std::promise<void> built;
  auto before = std::exchange(built_, built.get_future());
  // With one thread, whoever takes the tiles makes them.
  const auto policy = options_.threads > 1 ? std::launch::async : std::launch::deferred;
  ahead_.push_back(std::async(policy, &CatalogueTiles::built_and_packed, this, std::move(bases), end == kEndOfWorld, std::move(before), std::move(built)));
}

/// When it fails, `built` is never kept, so those behind it fail, too.
CatalogueTiles::Tiles CatalogueTiles::built_and_packed(const BaseTiles& bases, bool last, std::future<void> before, std::promise<void> built) {
  before.get();
  for (const auto& [key, base] : bases) build_.add(base.tile, base.items);
  if (last) build_.finish();
  auto tiles = std::exchange(building_, {});
  built.set_value();
  for (auto& tile : tiles) tile.bytes = tiler::as_kept(format_, std::move(tile.bytes), options_.gzip_level);
  return tiles;
}

tiler::ArchiveInfo archive_info_of(tiler::TileSet set, const Terms& terms, std::int64_t sequence) {
  return {terms.title + ": " + std::string{tiler::name_of(set)}, terms.description, terms.attribution, tiler::vector_layers_json(set), sequence, tiler::format_of(set), tiler::legend_json(set)};
}

}  // namespace cairn::tiling
