#pragma once
// The door of the tiler room: items of a base tile, or the rollups of four children -> a tile and its rollup.

#include "core/bytes.hpp"
#include "core/capture.hpp"
#include "core/feature.hpp"
#include "core/tile_id.hpp"
#include "tiler/tile_format.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::tiler {

enum class TileSet { map, panoramax, coverage };
inline constexpr std::array kTileSets{TileSet::map, TileSet::panoramax, TileSet::coverage};
inline constexpr const char* kTileSetNames = "map, panoramax or coverage";
std::string_view name_of(TileSet set);
std::optional<TileSet> find_tile_set(std::string_view name);
/// Throws std::runtime_error with the names that there are.
TileSet tile_set_named(std::string_view name);
/// The zoom at which items enter; tiles are built from here down to 0. map and coverage: 14, panoramax: 15.
int base_zoom_of(TileSet set);
/// coverage: PNG; the others: vector tiles.
TileFormat format_of(TileSet set);

/// A published frame as the map shows it.
struct FrameItem {
  FrameId id;
  SequenceId sequence;
  AccountId account;
  UtcTime taken_at{};
  LatLon place;
  double heading_deg = 0;
  double accuracy_m = 0;
  double quality = 0;
  std::string camera_model;
  Projection projection = Projection::flat;
  int width_px = 0;                  ///< upright; with field of view it gives horizontal pixel density
  double fov_deg = 0;                ///< horizontal; 0 when unknown
};

/// A vertex of a sequence's line.
struct LineVertex {
  int ordinal = 0;                   ///< its place in the sequence: pieces of neighbouring tiles join by it
  LatLon place;
  int min_zoom = 0;                  ///< shows from this zoom on; see significance_of
};

/// The part of a sequence that passes through a base tile: every run of vertices inside it, each with the vertex before and after.
struct SequenceItem {
  SequenceId id;
  AccountId account;
  UtcTime first_taken_at{};
  std::string camera_model;
  Projection projection = Projection::flat;
  double accuracy_m = 0;
  int width_px = 0;
  double fov_deg = 0;
  std::vector<LineVertex> vertices;  ///< by ordinal
};

/// The road seen: one per reward cell (S2) and heading octant.
struct CoverageItem {
  std::uint64_t cell = 0;            ///< S2 cell id
  int octant = 0;                    ///< 0 north, 1 north-east, …
  LatLon place;                      ///< the cell's centre
  UtcTime last_seen{};
  int passes = 0;                    ///< sequences that saw it
};

struct BaseItems {
  std::vector<FrameItem> frames;
  std::vector<SequenceItem> sequences;
  std::vector<Feature> features;
  std::vector<CoverageItem> coverage;
};

struct BuiltTile {
  Bytes bytes;    ///< of the set's format, uncompressed; empty when nothing shows at this zoom
  Bytes rollup;   ///< what the parent needs to know; opaque outside this room; empty when there is nothing at all
};

/// Builds a tile at base zoom from the items whose place lies in it. Any order of items gives the same bytes.
BuiltTile build_base_tile(TileSet set, TileId tile, const BaseItems& items);

/// Builds a tile below base zoom from its four children's rollups (in the order of TileId::children; empty where there is none).
/// Throws std::runtime_error when a rollup is corrupt.
BuiltTile build_parent_tile(TileSet set, TileId tile, const std::array<ByteView, 4>& child_rollups);

/// For each vertex of a whole line the lowest zoom at which it still shows, by its Douglas-Peucker importance: a pure function
/// of the line, so that what survives at a zoom does not depend on tiles. First and last vertices get 0.
std::vector<int> significance_of(const std::vector<LatLon>& line);

}  // namespace cairn::tiler
