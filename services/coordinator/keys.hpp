#pragma once
// The keys of jobs: what a job is about, in one text.

#include "core/id.hpp"
#include "core/tile_id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::coordinator {

/// "14/8792/5126"
std::optional<TileId> tile_from_text(std::string_view text);

struct InspectKey {
  SequenceId sequence;
  int batch = 0;
};
/// "<sequence id>:0"
std::string inspect_key(SequenceId sequence, int batch);
std::optional<InspectKey> inspect_key_from(std::string_view text);

struct TileKey {
  std::string tileset;
  TileId tile;
};
/// Reads what changes::tile_key writes.
std::optional<TileKey> tile_key_from(std::string_view text);

}  // namespace cairn::coordinator
