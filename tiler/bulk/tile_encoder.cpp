#include "tiler/bulk/tile_encoder.hpp"

#include "tiler/gzip.hpp"
#include "tiler/mvt/mvt_check.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace cairn::tiler::bulk {
namespace {

template <class Head>
Head head_of(std::string_view record) {
  Head head;
  std::memcpy(&head, record.data(), sizeof head);
  return head;
}

/// To the nearest unit of the tile; 4096 for what lies on its far edge.
std::int64_t units_within(std::uint32_t world, std::uint32_t tile, int zoom) {
  const int shift = 32 - 12 - zoom;
  const auto within = static_cast<std::int64_t>(world) - (static_cast<std::int64_t>(tile) << (32 - zoom));
  return (within + (std::int64_t{1} << shift >> 1)) >> shift;
}

}  // namespace

TileEncoder::TileEncoder(const Piles& piles, const std::vector<LayerWords>& layers, const BuildOptions& options) : piles_{piles}, options_{options} {
  for (const auto& layer : layers) writers_.emplace_back(layer.name, layer.words);
}

void TileEncoder::add_point(const PointHead& head, std::string_view attributes, TileId tile) {
  geometry_.clear();
  geometry_.reserve(3 * kMostVarint);
  geometry_.varint(command_of(Verb::move_to, 1));
  geometry_.varint(zigzag(units_within(head.place.x, tile.x(), tile.zoom())));
  geometry_.varint(zigzag(units_within(head.place.y, tile.y(), tile.zoom())));
  writers_[head.layer].add(Geometry::point, geometry_.view(), attributes);
}

void TileEncoder::add_shape(std::string_view record, std::uint32_t highest_rank) {
  const auto head = head_of<ShapeHead>(record);
  if (head.rank > highest_rank) return;
  record.remove_prefix(sizeof head);
  writers_[head.layer].add(static_cast<Geometry>(head.kind), record, piles_.attributes.block(head.attributes, head.attributes_size));
}

void TileEncoder::check(TileId tile) const {
  const auto problems = problems_of_mvt(tile_);
  if (!problems.empty()) throw std::runtime_error{"tile " + tile.text() + " came out wrong, which is a mistake of Cairn: " + problems.front()};
}

std::vector<EncodedTile> TileEncoder::encode(int zoom, HilbertId first, HilbertId end, std::uint32_t highest_rank) {
  const int shift = 2 * (options_.max_zoom - zoom);
  const auto base = first_hilbert_id_of(zoom);
  std::vector<EncodedTile> tiles;
  auto point = piles_.points.from((first - base) << shift);
  auto shape = piles_.shapes.from(first);
  const auto no_more = end;
  const auto next_point = [&] {
    while (!point.at_end() && head_of<PointHead>(point->bytes).rank > highest_rank) ++point;
    return point.at_end() ? no_more : std::min(no_more, base + (point->key >> shift));
  };
  const auto next_shape = [&] { return shape.at_end() ? no_more : std::min(no_more, shape->key); };

  for (auto id = std::min(next_point(), next_shape()); id < end; id = std::min(next_point(), next_shape())) {
    const auto tile = tile_of_hilbert_id(id);
    for (; next_point() == id; ++point) add_point(head_of<PointHead>(point->bytes), point->bytes.substr(sizeof(PointHead)), tile);
    for (; next_shape() == id; ++shape) add_shape(shape->bytes, highest_rank);
    tile_.clear();
    std::uint64_t features = 0;
    for (auto& writer : writers_) {
      features += writer.features();
      writer.finish_into(tile_);
    }
    if (tile_.empty()) continue;
    if (options_.check) check(tile);
    tiles.push_back({id, gzipped(tile_, options_.gzip_level), features});
  }
  return tiles;
}

}  // namespace cairn::tiler::bulk
