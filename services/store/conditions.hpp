#pragma once
// The "where" of a query that is put together. Included by .cpp files of services/store and services/changes only.

#include "core/id.hpp"
#include "core/tile_cover.hpp"
#include "core/tile_id.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cairn::store {

/// A condition in text form from numbers, ids and filters only: nothing a user wrote gets into it.
class Conditions {
 public:
  void add(const std::string& condition) { text_ += (text_.empty() ? " where " : " and ") + condition; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

inline const std::string& text_of_id(const std::string& id) { return id; }
template <class Tag>
std::string text_of_id(const Id<Tag>& id) {
  return id.text();
}
/// Ids as `'…', '…'`, for "in (…)".
template <class AnyId>
std::string list_of(std::span<const AnyId> ids) {
  std::string list;
  for (const auto& id : ids) list += (list.empty() ? "'" : ", '") + text_of_id(id) + "'";
  return list;
}
/// Many ids as several such lists, one for each query: 20 kB of text.
template <class AnyId>
std::vector<std::string> lists_of(const std::vector<AnyId>& ids) {
  constexpr std::size_t kAtOnce = 500;
  std::vector<std::string> lists;
  for (std::size_t from = 0; from < ids.size(); from += kAtOnce) lists.push_back(list_of(std::span{ids}.subspan(from, std::min(kAtOnce, ids.size() - from))));
  return lists;
}

/// Reasons that is_taken_away (core/reason.hpp).
inline constexpr const char* kTakenAway = "('withdrawn', 'in_privacy_zone', 'in_excluded_area')";

inline std::string e7_text(double deg) { return std::to_string(std::llround(deg * 1e7)); }

/// Of rows with a box of their own: whether it has something in common with this one.
inline std::string overlaps(const GeoBounds& box) {
  return "west_e7 <= " + e7_text(box.east_deg) + " and east_e7 >= " + e7_text(box.west_deg) + " and south_e7 <= " + e7_text(box.north_deg) + " and north_e7 >= " +
         e7_text(box.south_deg);
}

/// Of rows with a place: the ranges of the index on places first, then the box itself.
inline std::string lies_within(const GeoBounds& box) {
  constexpr std::size_t kMostRanges = 8;  // fewer hold much that lies outside, more make the look-up itself dear
  std::string ranges;
  for (const auto tile : tiles_over(box, kMostRanges)) {
    const auto range = morton_range_of(tile);
    ranges += (ranges.empty() ? "(morton >= " : " or morton >= ") + std::to_string(range.first) + " and morton < " + std::to_string(range.end);
  }
  return ranges + ") and lon_e7 between " + e7_text(box.west_deg) + " and " + e7_text(box.east_deg) + " and lat_e7 between " + e7_text(box.south_deg) + " and " + e7_text(box.north_deg);
}

/// What a viewer may see of rows with account_id and shown_to.
inline std::string visible_to(const std::optional<AccountId>& viewer) {
  return viewer ? "(shown_to <> 'owner-only' or account_id = '" + viewer->text() + "')" : "shown_to = 'anyone'";
}

}  // namespace cairn::store
