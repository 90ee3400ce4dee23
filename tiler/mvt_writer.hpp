#pragma once
// One layer of a Mapbox vector tile (specification 2.1), written feature by feature.

#include "core/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
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
  std::uint32_t key_index(std::string_view key);
  void tag(std::string_view key, std::string&& value);
  void add_feature(int geometry_type, const std::vector<std::uint32_t>& geometry);

  std::string name_;
  std::vector<std::string> keys_;
  std::vector<std::string> values_;  ///< as Value messages
  std::unordered_map<std::string, std::uint32_t> index_of_value_;
  std::vector<std::uint32_t> tags_;
  std::string features_;
};

}  // namespace cairn::tiler
