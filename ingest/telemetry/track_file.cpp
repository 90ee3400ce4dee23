#include "ingest/telemetry/track_file.hpp"

#include "ingest/track_lookup.hpp"

namespace cairn::ingest {
namespace {

constexpr std::size_t kMostPoints = 2'000'000;   ///< three weeks at one point a second
constexpr std::chrono::seconds kClockSkew{24 * 3600};

}  // namespace

std::size_t bytes_in(const std::vector<BundledFrame>& frames) {
  std::size_t bytes = 0;
  for (const auto& frame : frames) bytes += frame.bytes;
  return bytes;
}

bool TrackBuilder::add(const std::optional<UtcTime>& time, const std::optional<StatedPlace>& place, Fix details) {
  if (++points_ > kMostPoints) return false;
  if (!time || !place) return true;
  auto bad = check_place(*place);
  if (!bad) bad = check_time(*time, received_at_, kClockSkew);
  if (bad) {
    if (!first_bad_) first_bad_ = std::move(bad);
    return true;
  }
  details.taken_at = *time;
  details.place = *LatLon::from_degrees(place->lat_deg, place->lon_deg);
  track_.push_back(details);
  return true;
}

std::variant<TrackFile, Refusal> TrackBuilder::result() && {
  if (points_ > kMostPoints) return Refusal{Reason::file_too_large, "more than 2000000 points"};
  if (!track_.empty()) return TrackFile{.track = in_order(std::move(track_))};
  if (first_bad_) return *first_bad_;
  if (points_ == 0) return Refusal{Reason::no_place, "the file holds no track point"};
  return Refusal{Reason::no_time, "no track point has a time"};
}

}  // namespace cairn::ingest
