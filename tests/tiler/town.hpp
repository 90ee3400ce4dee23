#pragma once
// A small random town to build tiles of, and a reader of the tiles that shares no code with their writer.

#include "tiler/engine.hpp"
#include "tiler/tile_set.hpp"

#include "tests/random.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cairn::tiler::testing {

using cairn::testing::Random;

struct WholeSequence {
  SequenceItem item;  ///< without vertices
  std::vector<LineVertex> line;
};

struct Town {
  std::vector<FrameItem> frames;
  std::vector<WholeSequence> sequences;
  std::vector<Feature> features;
  std::vector<CoverageItem> coverage;

  BaseItems items_in(TileId tile) const;
  std::vector<TileId> base_tiles(TileSet set) const;
};

/// Everything lies within a few kilometres of a corner where four tiles of every zoom from 12 on meet.
LatLon place_in_town(Random& random);
FrameItem random_frame(Random& random);
WholeSequence random_sequence(Random& random, int vertices);
Feature random_feature(Random& random);
CoverageItem random_coverage(Random& random);
Town random_town(Random& random, int size);

/// The same drive at a fixed place, for tests that look at single values.
FrameItem a_frame();
Feature a_feature();

struct ReadFeature {
  int geometry_type = 0;
  std::map<std::string, std::string> attributes;
  std::vector<std::pair<int, int>> positions;
};
/// Layers by name; whole and real numbers as text. Throws when the tile is not well formed.
std::map<std::string, std::vector<ReadFeature>> read_tile(ByteView mvt);

/// What is wrong with a tile, by the rules of its set's format.
std::vector<std::string> problems_of_tile(TileSet set, ByteView tile);

}  // namespace cairn::tiler::testing
