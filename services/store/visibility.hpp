#pragma once
// What owners said about who may see their pictures, and what follows from it. Called by services/changes only, which has built
// again what a change touches.

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::store {

void put_visibility(Session&, UploadSetId set, const std::string& visibility, UtcTime now);
/// Nothing: as the sequence's.
void put_visibility(Session&, FrameId frame, const std::optional<std::string>& visibility);

/// Works out `shown_to` of a set's sequences and frames again, and `published` with it.
void update_shown_to(Session&, UploadSetId set);

/// The published frames of a set and where they are, by id.
std::vector<std::pair<FrameId, LatLon>> published_places(Session&, UploadSetId set);

}  // namespace cairn::store
