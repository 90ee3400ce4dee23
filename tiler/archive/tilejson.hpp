#pragma once

#include "core/tile_id.hpp"
#include "tiler/archive/reader.hpp"
#include "tiler/tile_set.hpp"

#include <string>
#include <vector>

namespace cairn::tiler {

/// The `vector_layers` array of TileJSON 3: every layer of a tile set with its zooms and the types of its attributes. Empty for pictures.
std::string vector_layers_json(TileSet set);

/// What the colours of a set of pictures stand for: an array of {"colour": "#rrggbb", "from": the first day on which what it stands for was
/// last seen}, rising; empty for vector tiles.
std::string legend_json(TileSet set);

struct TileJsonInfo {
  std::vector<std::string> tile_urls;  ///< absolute, with {z}, {x} and {y}
  GeoBounds bounds{-180, -85.0511, 180, 85.0511};
  std::string name;
  std::string attribution;
};

/// A TileJSON 3.0.0 document; its centre is the middle of the bounds, at a zoom that shows all of them. Pictures that have a
/// legend tell it as `cairn_legend`.
std::string tilejson(TileSet set, const TileJsonInfo& info);

/// The same of an archive.
std::string tilejson(const ArchiveFacts& facts, const std::string& tile_url);

/// The least box around tiles of one zoom, for TileJsonInfo; the whole world when there are none.
GeoBounds bounds_around(const std::vector<TileId>& tiles);

}  // namespace cairn::tiler
