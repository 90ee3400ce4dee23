#include "services/changes/private_areas.hpp"

#include "core/angle.hpp"
#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/store/private_areas.hpp"
#include "services/store/sequences.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace cairn::changes {
namespace {

/// Fusion moves a frame less far from where it claimed to be, and signs are seen from nearer.
constexpr double kMargin_m = 500;

GeoBounds grown(const GeoBounds& box, double margin_m) {
  const double high = margin_m / 110'500;  // a degree of latitude has more metres than that everywhere
  const double farthest = std::min(std::max(std::abs(box.south_deg), std::abs(box.north_deg)) + high, 89.9);
  const double wide = high / std::cos(farthest * kRadians);
  return {box.west_deg - wide, box.south_deg - high, box.east_deg + wide, box.north_deg + high};
}

std::vector<LatLon> places_of(const store::FrameRow& frame) {
  std::vector<LatLon> places{frame.place, frame.capture.fix.place};
  if (frame.verdict) places.push_back(frame.verdict->pose.place);
  if (frame.stated.place) places.push_back(*frame.stated.place);
  return places;
}

void take_away_within(store::Session& session, const area::PrivateArea& area, Reason reason, const std::optional<AccountId>& account, UtcTime now) {
  const auto box = grown(area.bounds(), kMargin_m);
  auto frames = store::frames_within(session, box, account);
  std::erase_if(frames, [&](const auto& frame) { return store::is_withdrawn(frame) || std::ranges::none_of(places_of(frame), [&](LatLon place) { return area.holds(place); }); });
  take_away(session, std::move(frames), reason, now);
  for (const auto id : store::sequences_within(session, box, account)) fuse_again(session, id, now);
}

}  // namespace

PrivateAreas PrivateAreas::around(store::Session& session, AccountId account, const std::vector<LatLon>& places) {
  PrivateAreas areas;
  if (places.empty()) return areas;
  for (const auto& row : store::private_areas_near(session, account, grown(area::bounds_around(places), 1)))
    areas.areas_.emplace_back(area::PrivateArea::from_stored(row.shape), row.account ? Reason::in_privacy_zone : Reason::in_excluded_area);
  return areas;
}

std::optional<Reason> PrivateAreas::reason_at(LatLon place) const {
  const auto found = std::ranges::find_if(areas_, [&](const auto& one) { return one.first.holds(place); });
  return found == areas_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Reason> PrivateAreas::reason_for(const store::FrameRow& frame) const {
  for (const auto place : places_of(frame)) {
    if (const auto reason = reason_at(place)) return reason;
  }
  return std::nullopt;
}

bool PrivateAreas::cut(LatLon from, LatLon to) const {
  return std::ranges::any_of(areas_, [&](const auto& one) { return one.first.meets(from, to); });
}

std::optional<std::string> add_private_area(store::Session& session, const std::optional<AccountId>& account, const std::string& name, const area::PrivateArea& area,
                                            UtcTime now) {
  if (store::private_areas_of(session, account).size() >= (account ? kMostZones : kMostExcludedAreas)) return std::nullopt;
  const store::PrivateAreaRow row{Uuid::random().text(), account, name, area.json().dump(), area.bounds(), now};
  store::insert_private_area(session, row);
  take_away_within(session, area, account ? Reason::in_privacy_zone : Reason::in_excluded_area, account, now);
  return row.id;
}

bool take_away_private_frames(store::Session& session, AccountId account, std::vector<store::FrameRow> frames, UtcTime now) {
  std::vector<LatLon> places;
  for (const auto& frame : frames) std::ranges::move(places_of(frame), std::back_inserter(places));
  const auto areas = PrivateAreas::around(session, account, places);
  std::map<Reason, std::vector<store::FrameRow>> private_ones;
  for (auto& frame : frames) {
    const auto reason = areas.empty() || store::is_withdrawn(frame) ? std::nullopt : areas.reason_for(frame);
    if (reason) private_ones[*reason].push_back(std::move(frame));
  }
  for (auto& [reason, some] : private_ones) take_away(session, std::move(some), reason, now);
  return !private_ones.empty();
}

}  // namespace cairn::changes
