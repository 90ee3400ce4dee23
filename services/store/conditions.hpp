#pragma once
// The "where" of a query that is put together. Included by .cpp files of services/store and services/changes only.

#include "core/id.hpp"
#include "core/tile_id.hpp"

#include <cmath>
#include <optional>
#include <string>

namespace cairn::store {

/// A condition in text form from numbers, ids and filters only: nothing a user wrote gets into it.
class Conditions {
 public:
  void add(const std::string& condition) { text_ += (text_.empty() ? " where " : " and ") + condition; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Reasons that is_taken_away (core/reason.hpp).
inline constexpr const char* kTakenAway = "('withdrawn', 'in_privacy_zone', 'in_excluded_area')";

inline std::string e7_text(double deg) { return std::to_string(std::llround(deg * 1e7)); }

/// Of rows with a box of their own: whether it has something in common with this one.
inline std::string overlaps(const GeoBounds& box) {
  return "west_e7 <= " + e7_text(box.east_deg) + " and east_e7 >= " + e7_text(box.west_deg) + " and south_e7 <= " + e7_text(box.north_deg) + " and north_e7 >= " +
         e7_text(box.south_deg);
}

/// What a viewer may see of rows with account_id and shown_to.
inline std::string visible_to(const std::optional<AccountId>& viewer) {
  return viewer ? "(shown_to <> 'owner-only' or account_id = '" + viewer->text() + "')" : "shown_to = 'anyone'";
}

}  // namespace cairn::store
