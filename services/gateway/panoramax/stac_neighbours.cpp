// Links from an item to others: before and behind it in its sequence, and close to it in other sequences.

#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/store/published.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr double kRelatedWithin_m = 15;
constexpr double kRelatedTurn_deg = 100;

}  // namespace

json StacWriter::link_to(std::string_view rel, SequenceId sequence, FrameId frame, LatLon place) const {
  auto entry = link(rel, kGeoJson, url("/api/collections/" + sequence.text() + "/items/" + frame.text()));
  entry["id"] = frame.text();
  entry["geometry"] = point(place);
  return entry;
}

void StacWriter::look_up_neighbours(const std::vector<store::FrameRow>& frames) {
  std::map<SequenceId, std::vector<const store::FrameRow*>> by_sequence;
  for (const auto& frame : frames) {
    if (frame.sequence && frame.rank > 0) by_sequence[*frame.sequence].push_back(&frame);
  }
  for (const auto& [id, members] : by_sequence) {
    const auto [first, last] = std::ranges::minmax(members, {}, &store::FrameRow::shown_rank);
    const auto sequence = store::find_sequence(context_.catalogue, id);
    const bool reordered = sequence && sequence->sorted_by != "+gpsdate";
    const auto points = store::points_around(context_.catalogue, viewer_of(context_), id, reordered, first->shown_rank, last->shown_rank);
    for (const auto* frame : members) {
      // A frame that waits or is hidden isn't among the points, but lies between two of them.
      const auto behind = std::ranges::upper_bound(points, frame->shown_rank, {}, &store::RankedPoint::rank);
      const auto here = std::ranges::lower_bound(points, frame->shown_rank, {}, &store::RankedPoint::rank);
      auto& links = facts_.at(frame->id).neighbours;
      if (behind != points.end()) links.push_back(link_to("next", id, behind->id, behind->place));
      if (here != points.begin()) links.push_back(link_to("prev", id, std::prev(here)->id, std::prev(here)->place));
    }
  }
}

void StacWriter::add_related(const store::FrameRow& frame, json& links) {
  const auto low = moved(frame.place, {-kRelatedWithin_m, -kRelatedWithin_m});
  const auto high = moved(frame.place, {kRelatedWithin_m, kRelatedWithin_m});
  store::FrameSearch search;
  search.viewer = viewer_of(context_);
  search.within = GeoBounds{low.lon_deg(), low.lat_deg(), high.lon_deg(), high.lat_deg()};
  search.order = store::FrameSearch::Order::distance;
  search.centre = frame.place;
  search.limit = 500;
  const auto near = store::search_frames(context_.catalogue, search);
  std::set<SequenceId> told{*frame.sequence};
  for (const auto& other : near) {
    const bool close = other.sequence && ground_distance_m(frame.place, other.place) <= kRelatedWithin_m;
    const bool alike = !frame.heading_deg || !other.heading_deg || std::abs(turn_deg(*frame.heading_deg, *other.heading_deg)) <= kRelatedTurn_deg;
    if (!close || !alike || !told.insert(*other.sequence).second) continue;
    links.push_back(link_to("related", *other.sequence, other.id, other.place));
    links.back()["datetime"] = stac_time(other.taken_at);
  }
}

json StacWriter::item_with_neighbours(const store::FrameRow& frame) {
  look_up({frame});
  auto body = item(frame);
  if (frame.sequence && frame.rank > 0) add_related(frame, body["links"]);
  return body;
}

}  // namespace cairn::gateway
