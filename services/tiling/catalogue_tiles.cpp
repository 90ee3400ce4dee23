#include "services/tiling/catalogue_tiles.hpp"

#include "tiler/archive/tilejson.hpp"

namespace cairn::tiling {
namespace {

const MortonKey kEndOfWorld = morton_range_of(TileId{}).end;

std::uint64_t count_of(const tiler::BaseItems& items) { return items.frames.size() + items.sequences.size() + items.features.size() + items.coverage.size(); }

}  // namespace

CatalogueTiles::CatalogueTiles(store::Session& session, tiler::TileSet set, int gzip_level, int rows_at_once)
    : reader_{session, set}, build_{set, [this, format = tiler::format_of(set), gzip_level](TileId tile, Bytes bytes) { ready_.push_back({tile, tiler::as_kept(format, std::move(bytes), gzip_level)}); }},
      rows_at_once_{rows_at_once} {}

std::optional<tiler::ArchiveTile> CatalogueTiles::next() {
  while (ready_.empty() && !at_end_) read_on();
  if (ready_.empty()) return std::nullopt;
  auto tile = std::move(ready_.front());
  ready_.pop_front();
  return tile;
}

double CatalogueTiles::share_read() const { return static_cast<double>(first_) / static_cast<double>(kEndOfWorld); }

void CatalogueTiles::read_on() {
  if (first_ == kEndOfWorld) {
    build_.finish();
    at_end_ = true;
    return;
  }
  const auto end = reader_.end_of_range(first_, rows_at_once_);
  for (const auto& [key, base] : reader_.in({first_, end})) {
    build_.add(base.tile, base.items);
    items_ += count_of(base.items);
  }
  first_ = end;
}

tiler::ArchiveInfo archive_info_of(tiler::TileSet set, const Terms& terms, std::int64_t sequence) {
  return {terms.title + ": " + std::string{tiler::name_of(set)}, terms.description, terms.attribution, tiler::vector_layers_json(set), sequence, tiler::format_of(set)};
}

}  // namespace cairn::tiling
