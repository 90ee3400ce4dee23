#pragma once
// Contributors' privacy zones and the areas that the operator excludes: what lies in one is taken away before anything of it is
// published, and when the area is drawn later. What was taken away stays away when the area goes: its bytes are gone.

#include "core/id.hpp"
#include "core/reason.hpp"
#include "core/time.hpp"
#include "services/area/private_area.hpp"
#include "services/store/database.hpp"
#include "services/store/frames.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::changes {

inline constexpr std::size_t kMostZones = 100;            ///< of one account
inline constexpr std::size_t kMostExcludedAreas = 1000;   ///< of the operator

/// The areas that hold for a contributor's captures around some places: its own zones and the operator's.
class PrivateAreas {
 public:
  /// Throws when the catalogue holds an area that can't be read: nothing may be published then.
  static PrivateAreas around(store::Session&, AccountId account, const std::vector<LatLon>& places);

  bool empty() const { return areas_.empty(); }
  /// Why nothing at this place may be shown; nothing where it may.
  std::optional<Reason> reason_at(LatLon place) const;
  /// Why a frame may not be shown: where it claimed to be, was found to be or its owner said that it is.
  std::optional<Reason> reason_for(const store::FrameRow& frame) const;
  /// Whether a straight line between two places comes through one.
  bool cut(LatLon from, LatLon to) const;

 private:
  std::vector<std::pair<area::PrivateArea, Reason>> areas_;
};

// Inside the caller's transaction:

/// Adds an area of a contributor (none: of the operator) and takes away what lies in it; sequences that pass it are fused again.
/// Gives its id; nothing when there are as many as there may be.
std::optional<std::string> add_private_area(store::Session&, const std::optional<AccountId>& account, const std::string& name, const area::PrivateArea&, UtcTime now);

/// Takes away those of an account's frames that lie in a private area; whether there were any.
bool take_away_private_frames(store::Session&, AccountId account, std::vector<store::FrameRow> frames, UtcTime now);

}  // namespace cairn::changes
