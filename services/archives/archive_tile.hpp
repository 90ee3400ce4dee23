#pragma once
// One tile of an archive as an answer.

#include "services/archives/archive_shelf.hpp"
#include "services/gateway/http/prepared_answer.hpp"

namespace cairn::archives {

/// How a tile is sent.
struct TileForm {
  bool may_be_packed = false;   ///< the client takes gzip
  bool is_versioned = false;    ///< the address holds the archive's version: the answer never changes
};

/// The tile, or 204 where the archive has none. Its body lies in the archive's file, or in memory where it had to be inflated or came
/// from MBTiles. Throws std::runtime_error when the archive is damaged there.
gateway::SharedAnswer tile_answer(const SharedArchive& archive, TileId tile, const TileForm& form);
/// The same for who asks for more than a look, with a copy of the tile.
gateway::Response tile_response(const gateway::Request& request, const SharedArchive& archive, TileId tile, const TileForm& form);

}  // namespace cairn::archives
