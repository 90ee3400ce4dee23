#pragma once
// One layer of one vector tile, from packed attributes and geometry.

#include "core/bytes.hpp"
#include "tiler/bulk/vocabulary.hpp"

namespace cairn::tiler::bulk {

/// Kept from tile to tile, so that nothing is allocated for each.
class LayerWriter {
 public:
  LayerWriter(std::string name, const Vocabulary& vocabulary);

  /// `geometry`: its commands as varints. `attributes`: what Vocabulary::pack made.
  void add(Geometry kind, std::string_view geometry, std::string_view attributes);
  std::size_t features() const { return count_; }
  /// Appends the layer to a tile, if it has features, and begins anew.
  void finish_into(Bytes& tile);

 private:
  struct Place {
    std::uint32_t tile = 0;  ///< where the index is valid
    std::uint32_t index = 0;
  };
  void put_tags(std::string_view attributes);
  std::uint32_t index_of(Place& place, std::string_view field, std::uint32_t& count, Buffer& fields) const;

  std::string name_;
  const Vocabulary& vocabulary_;
  std::vector<Place> key_places_, value_places_;
  std::uint32_t tile_ = 1;
  std::uint32_t key_count_ = 0, value_count_ = 0;
  std::size_t count_ = 0;
  Buffer tags_, features_, keys_, values_;
};

}  // namespace cairn::tiler::bulk
