#pragma once
// What those who follow the map's changes are told. All of it inside the caller's transaction: it is told with the commit, or never.

#include "core/feature.hpp"
#include "core/id.hpp"
#include "core/sha256.hpp"
#include "core/tile_id.hpp"
#include "core/time.hpp"
#include "services/store/sequences.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::changes {

/// Pictures that came, went or moved for anyone who may see only what all may see. Which of it, readers find out.
void tell_pictures(store::Session&, const std::vector<FrameId>& pictures, UtcTime now);

/// What a merge made of features: those that are in one list only, or other than they were. Gives the places where the map changes.
std::vector<LatLon> tell_features(store::Session&, const std::vector<Feature>& before, const std::vector<Feature>& after, UtcTime now);

/// Whether anyone may see a sequence, and something in it. Others are never told of.
bool is_shown(const store::SequenceRow& sequence);
void tell_sequence(store::Session&, SequenceId sequence, UtcTime now);

/// Hashes of the unpacked tile; nothing where there is none.
void tell_tile(store::Session&, const std::string& tileset, TileId tile, const std::optional<Sha256>& before, const std::optional<Sha256>& after, UtcTime now);

}  // namespace cairn::changes
