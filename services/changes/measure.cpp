#include "services/changes/measure.hpp"

#include "services/area/rings.hpp"

namespace cairn::changes {

void measure(store::SequenceRow& sequence, const std::vector<store::FrameRow>& frames) {
  std::vector<LatLon> places;
  sequence.length_m = 0;
  sequence.accepted = 0;
  for (const auto& frame : frames) {
    const bool is_judged = frame.state == store::FrameState::fused || frame.verdict;
    if (frame.refusal || !is_judged || frame.shown_to != sequence.shown_to) continue;
    ++sequence.accepted;
    if (!places.empty()) sequence.length_m += ground_distance_m(places.back(), frame.place);
    places.push_back(frame.place);
  }
  sequence.south_west = sequence.north_east = LatLon{};
  if (places.empty()) return;
  const auto box = area::bounds_around(places);
  sequence.south_west = LatLon::from_degrees(box.south_deg, box.west_deg).value();
  sequence.north_east = LatLon::from_degrees(box.north_deg, box.east_deg).value();
}

}  // namespace cairn::changes
