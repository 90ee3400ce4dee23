#pragma once
// Sorted points and shapes -> the tiles of a range of tile ids.

#include "tiler/archive/hilbert.hpp"
#include "tiler/bulk/build.hpp"
#include "tiler/bulk/layer_writer.hpp"
#include "tiler/bulk/shelf.hpp"
#include "tiler/bulk/sorted_pile.hpp"

#include <memory>
#include <vector>

namespace cairn::tiler::bulk {

/// A layer's words are complete before the first tile is written.
struct LayerWords {
  std::string name;
  Vocabulary words;
};

/// What is sorted: points once, along the curve of the deepest zoom; shapes once for each tile that they touch.
struct Piles {
  SortedPile points;
  SortedPile shapes;
  Shelf attributes;  ///< of shapes, once for all the tiles that they touch
};

/// Stands before a point's attributes in its record.
struct PointHead {
  WorldPoint place;
  std::uint32_t rank;   ///< evenly spread; the lowest stay longest
  std::uint32_t layer;
};
/// Stands before a shape's geometry in its record.
struct ShapeHead {
  std::uint32_t rank;
  std::uint32_t layer : 24;
  std::uint32_t kind : 8;
  std::uint64_t attributes;  ///< on the shelf
  std::uint64_t attributes_size;
};

struct EncodedTile {
  HilbertId id;
  Bytes gzip;
  std::uint64_t features;
};

class TileEncoder {
 public:
  TileEncoder(const Piles& piles, const std::vector<LayerWords>& layers, const BuildOptions& options);

  /// All tiles that show something with first <= id < end, of one zoom. Of all that there is, what ranks up to `highest_rank` shows.
  std::vector<EncodedTile> encode(int zoom, HilbertId first, HilbertId end, std::uint32_t highest_rank);

 private:
  void add_point(const PointHead& head, std::string_view attributes, TileId tile);
  void add_shape(std::string_view record, std::uint32_t highest_rank);
  void check(TileId tile) const;

  const Piles& piles_;
  const BuildOptions& options_;
  std::vector<LayerWriter> writers_;
  Buffer geometry_;
  Bytes tile_;
};

}  // namespace cairn::tiler::bulk
