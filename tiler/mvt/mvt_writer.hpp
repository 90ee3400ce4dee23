#pragma once
// One layer of a Mapbox vector tile (specification 2.1), written feature by feature.

#include "tiler/mvt/mvt_bytes.hpp"

#include <string>
#include <vector>

namespace cairn::tiler {

/// A position in a tile: units of 1/4096 of its width from the north-west corner.
struct TilePoint {
  std::int32_t x = 0;
  std::int32_t y = 0;
  friend bool operator==(const TilePoint&, const TilePoint&) = default;
};
using TilePath = std::vector<TilePoint>;

/// Keys and values stand in the order in which they first came, so the same calls give the same bytes.
class MvtLayer {
 public:
  explicit MvtLayer(std::string_view name) : name_{name} {}

  /// Attributes of the feature that comes next. An empty text is left out. Real numbers must be finite.
  void text(std::string_view key, std::string_view value);
  /// A text that no other feature has, such as an id: spares the search for an equal one.
  void unique_text(std::string_view key, std::string_view value);
  void whole(std::string_view key, std::int64_t value);
  void real(std::string_view key, double value);

  void add_point(TilePoint point);
  /// Every path has two positions or more, no two neighbours of which are equal.
  void add_lines(const std::vector<TilePath>& paths);

  /// Adds the layer to a tile; nothing when it has no features.
  void append_to(Bytes& tile) const;

 private:
  /// A value that features may share.
  struct Kept {
    std::uint64_t hash;
    std::size_t offset, size;  ///< in values_
    std::uint32_t index;
  };
  void tag(std::string_view key, const Value& value);
  std::uint32_t key_index(std::string_view key);
  std::uint32_t index_of_value(std::string_view field);
  void grow();
  void put_step(TilePoint from, TilePoint to);
  void finish_feature(Geometry kind);

  std::string name_;
  std::vector<std::string> keys_;
  std::size_t next_key_ = 0;  ///< features name their attributes in one order
  std::vector<Kept> kept_;
  std::vector<std::uint32_t> slots_;  ///< open addressing: place in kept_ + 1, 0 where free
  std::uint32_t value_count_ = 0;
  Buffer field_, tags_, geometry_, features_, values_;
};

}  // namespace cairn::tiler
