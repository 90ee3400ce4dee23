// GET and POST /api/search: pictures by place, time, sequence, id or tags.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/search_words.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::gateway {
namespace {

using nlohmann::json;

bool fits(const store::FrameRow& frame, const Search& wanted) {
  if (wanted.area && !wanted.area->holds(frame.place)) return false;
  const double away = ground_distance_m(frame.place, *wanted.centre);
  if (away < wanted.least_m || away > wanted.most_m) return false;
  if (!wanted.facing_within_deg || frame.capture.camera.projection == Projection::equirectangular || !frame.heading_deg) return true;
  return std::abs(turn_deg(*frame.heading_deg, bearing_deg(frame.place, *wanted.centre))) <= *wanted.facing_within_deg;
}

void keep_first(std::vector<store::FrameRow>& frames, int limit) {
  const auto most = static_cast<std::size_t>(limit);
  if (frames.size() > most) frames.erase(frames.begin() + limit, frames.end());
}

/// The part of a box within so many metres to the north, south, east and west of a place.
GeoBounds part_around(LatLon centre, double metres, const GeoBounds& box) {
  const auto low = moved(centre, {-metres, -metres}), high = moved(centre, {metres, metres});
  return {std::max(box.west_deg, low.lon_deg()), std::max(box.south_deg, low.lat_deg()), std::min(box.east_deg, high.lon_deg()), std::min(box.north_deg, high.lat_deg())};
}

double reach_m(LatLon centre, const GeoBounds& box) {
  double reach = 0;
  for (const double lat : {box.south_deg, box.north_deg}) {
    for (const double lon : {box.west_deg, box.east_deg}) reach = std::max(reach, ground_distance_m(centre, LatLon::from_degrees(lat, lon).value_or(centre)));
  }
  return reach;
}

/// The nearest ones to the centre. Squares around it grow until the circle in one holds enough of them, so that a box over a
/// whole country costs no more than what lies around its middle.
std::vector<store::FrameRow> nearest(Context& context, const Search& wanted) {
  auto search = wanted.frames;
  const auto centre = *wanted.centre;
  const auto whole = *search.within;
  constexpr double kFarthestSquare_m = 1'000'000;  // moved() is a step on a plane
  search.order = store::FrameSearch::Order::distance;
  search.centre = centre;
  search.limit = kMostFound;
  std::vector<store::FrameRow> frames;
  for (double radius_m = 100;; radius_m *= 4) {
    const bool all = radius_m >= std::min(reach_m(centre, whole), kFarthestSquare_m);
    search.within = all ? whole : part_around(centre, radius_m, whole);
    frames = store::search_frames(context.catalogue, search);
    const bool cut = frames.size() == static_cast<std::size_t>(kMostFound);
    std::erase_if(frames, [&](const auto& frame) { return !fits(frame, wanted) || (!all && ground_distance_m(frame.place, centre) > radius_m); });
    if (all || cut || frames.size() >= static_cast<std::size_t>(wanted.frames.limit)) break;
  }
  std::ranges::stable_sort(frames, {}, [&](const auto& frame) { return ground_distance_m(frame.place, centre); });
  keep_first(frames, wanted.frames.limit);
  return frames;
}

/// In the order of time; what the catalogue can't judge is left out of the first 10,000 that it finds.
std::vector<store::FrameRow> by_time(Context& context, const Search& wanted) {
  auto search = wanted.frames;
  if (wanted.centre) search.limit = kMostFound;
  auto frames = store::search_frames(context.catalogue, search);
  if (wanted.centre) std::erase_if(frames, [&](const auto& frame) { return !fits(frame, wanted); });
  keep_first(frames, wanted.frames.limit);
  return frames;
}

Response answer_to(const json& asked, Context& context) {
  Search wanted;
  wanted.frames.viewer = viewer_of(context);
  if (const auto problem = read_search(asked, wanted)) return error_response(400, *problem, {{"error", *problem}});
  const auto found = wanted.centre && !wanted.by_time ? nearest(context, wanted) : by_time(context, wanted);
  const auto links = json::array({link("root", kJson, context.base_url + "/api"), link("self", kGeoJson, context.base_url + "/api/search")});
  return StacWriter{context}.feature_collection(found, links);
}

}  // namespace

Response search_get(Request& request, Context& context) {
  json asked = json::object();
  for (const auto& [name, value] : request.query) asked[name] = value;
  return answer_to(asked, context);
}

Response search_post(Request& request, Context& context) {
  if (!request.header("content-type").value_or("").starts_with(kJson)) return error_response(400, "Send the search as application/json");
  auto asked = object_from(request, "the search");
  if (auto* refusal = std::get_if<Response>(&asked)) return std::move(*refusal);
  return answer_to(std::get<json>(asked), context);
}

}  // namespace cairn::gateway
