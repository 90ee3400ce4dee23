// Fuse: frames get verdicts and appear on the map. Only what anyone may see gets into lines, features and coverage.

#include "fusion/merge.hpp"
#include "services/changes/feed.hpp"
#include "services/changes/measure.hpp"
#include "services/changes/private_areas.hpp"
#include "services/changes/visibility.hpp"
#include "services/changes/withdraw.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/effects.hpp"
#include "services/store/frames.hpp"
#include "services/store/map.hpp"
#include "services/store/sequences.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace cairn::coordinator {
namespace {

using store::Session;

/// Verdict and pose replace what the device claimed; what the owner stated goes before both. Only accepted frames with all
/// pictures that anyone may see are published.
void settle(store::FrameRow& frame, FrameVerdict verdict) {
  frame.state = store::FrameState::fused;
  if (!is_withdrawn(frame)) frame.refusal = verdict.refusal;
  frame.taken_at = verdict.pose.taken_at;
  frame.place = verdict.pose.place;
  frame.heading_deg = verdict.pose.heading_deg;
  store::show_stated(frame);
  frame.published = !frame.refusal && frame.shown_to == "anyone" && frame.hd && frame.sd && frame.thumb;
  frame.line_ordinal.reset();
  frame.line_zoom.reset();
  frame.verdict = std::move(verdict);
}

void enqueue_merges(Session& session, const std::vector<Sighting>& sightings, UtcTime now) {
  std::set<TileId> cells;
  for (const auto& sighting : sightings) {
    for (const auto cell : fusion::merge_cells_around(sighting.place)) cells.insert(cell);
  }
  for (const auto cell : cells) {
    store::enqueue(session, {.stage = store::Stage::merge, .key = cell.text(), .tenant = "", .now = now});
  }
}

std::vector<store::CoverageVisit> visits_from(const bus::FuseResult& result) {
  std::vector<store::CoverageVisit> visits;
  for (const auto& visit : result.coverage()) {
    const auto place = LatLon::from_e7(visit.place().lat_e7(), visit.place().lon_e7());
    if (!place) throw std::runtime_error{"a coverage cell lies off the globe"};
    visits.push_back({visit.cell(), visit.octant(), *place, time_from_micros(visit.last_seen())});
  }
  return visits;
}

/// Whether the result was made from what its owner shows now; else it tells of frames that were hidden meanwhile.
bool is_of_now(const std::vector<store::FrameRow>& frames, const bus::FuseResult& result) {
  if (result.hidden_size() != static_cast<int>(frames.size())) throw std::runtime_error{"a fuse result does not say of each frame whether it was hidden"};
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (result.hidden(static_cast<int>(i)) != is_hidden(frames[i])) return false;
  }
  return true;
}

/// Every place that the map would show for a result.
std::vector<LatLon> places_in(const std::vector<store::FrameRow>& frames, const bus::FuseResult& result, const std::vector<Sighting>& sightings,
                              const std::vector<store::CoverageVisit>& visits) {
  std::vector<LatLon> places;
  for (const auto& verdict : result.verdicts()) places.push_back(codec::from_record(verdict).pose.place);
  for (const auto& frame : frames) {
    if (frame.stated.place) places.push_back(*frame.stated.place);
  }
  for (const auto& sighting : sightings) places.push_back(sighting.place);
  for (const auto& visit : visits) places.push_back(visit.place);
  return places;
}

/// Takes away the frames that a result found to lie in a private area; whether there were any.
bool take_away_found(Session& session, const std::vector<store::FrameRow>& frames, const bus::FuseResult& result, const changes::PrivateAreas& areas, UtcTime now) {
  std::map<Reason, std::vector<store::FrameRow>> private_ones;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto verdict = codec::from_record(result.verdicts(static_cast<int>(i)));
    const auto reason = verdict.accepted() ? areas.reason_at(verdict.pose.place) : std::nullopt;
    if (reason && !is_withdrawn(frames[i])) private_ones[*reason].push_back(frames[i]);
  }
  for (auto& [reason, some] : private_ones) changes::take_away(session, std::move(some), reason, now);
  return !private_ones.empty();
}

struct Settled {
  std::vector<LatLon> touched;       ///< every place where the map changes
  std::vector<FrameId> changed;      ///< pictures that came, went or moved
};

/// Settles every frame and numbers the line, which is cut where it would come through a private area.
Settled settle_frames(Session& session, std::vector<store::FrameRow>& frames, const bus::FuseResult& result, store::SequenceRow& sequence,
                      const changes::PrivateAreas& areas) {
  Settled settled;
  std::optional<LatLon> before;
  int line_points = 0;
  int ordinal = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto& frame = frames[i];
    const auto old_place = frame.published ? std::optional{frame.place} : std::nullopt;
    settle(frame, codec::from_record(result.verdicts(static_cast<int>(i))));
    if (frame.verdict->frame != frame.id) throw std::runtime_error{"a verdict is about another frame than " + frame.id.text()};
    const bool is_line_point = frame.verdict->accepted() && !is_hidden(frame);
    if (is_line_point && line_points++ >= result.line_zooms_size()) throw std::runtime_error{"a fuse result lacks line zooms"};
    if (frame.published) {
      if (before && areas.cut(*before, frame.place)) ++ordinal;
      before = frame.place;
      frame.line_ordinal = ordinal++;
      frame.line_zoom = result.line_zooms(line_points - 1);
      settled.touched.push_back(frame.place);
    }
    if (old_place) settled.touched.push_back(*old_place);
    if (old_place != (frame.published ? std::optional{frame.place} : std::nullopt)) settled.changed.push_back(frame.id);
    store::update_frame(session, frame);
  }
  changes::measure(sequence, frames);
  return settled;
}

/// Puts a sequence's sightings and coverage in the place of what it had, and has everything built again that they touch.
void replace_products(Session& session, SequenceId id, const std::vector<Sighting>& sightings, const std::vector<store::CoverageVisit>& visits,
                      std::vector<LatLon> touched, UtcTime now, const EffectRules& rules) {
  enqueue_merges(session, store::replace_sightings(session, id, sightings), now);
  enqueue_merges(session, sightings, now);
  std::ranges::move(store::replace_coverage(session, id, visits), std::back_inserter(touched));
  for (const auto& visit : visits) touched.push_back(visit.place);
  changes::mark_tiles_dirty(session, tiler::kTileSets, touched, now, rules.debounce);
}

void make_ready(Session& session, store::SequenceRow& sequence, UtcTime now) {
  sequence.state = store::SequenceState::ready;
  sequence.updated_at = now;
  store::update_sequence(session, sequence);
}

}  // namespace

void apply_fuse(Session& session, const bus::Lease& lease, const bus::FuseResult& result, UtcTime now, const EffectRules& rules) {
  const auto id = SequenceId::parse(lease.key()).value();
  const auto found = store::find_sequence(session, id);
  if (!found || found->state == store::SequenceState::inspecting) return;  // it got more frames: it will be fused with them
  changes::refresh_shown_to(session, found->upload_set);
  auto sequence = store::find_sequence(session, id).value();
  auto frames = store::frames_of_sequence(session, id);
  if (result.verdicts_size() != static_cast<int>(frames.size())) throw std::runtime_error{"a fuse result has not one verdict per frame"};
  if (!is_of_now(frames, result)) return changes::fuse_again(session, id, now);
  std::vector<Sighting> sightings;
  for (const auto& sighting : result.sightings()) sightings.push_back(codec::from_record(sighting));
  auto visits = visits_from(result);
  const auto areas = changes::PrivateAreas::around(session, sequence.account, places_in(frames, result, sightings, visits));
  if (take_away_found(session, frames, result, areas, now)) return changes::fuse_again(session, id, now);
  std::erase_if(sightings, [&](const Sighting& sighting) { return areas.reason_at(sighting.place).has_value(); });
  std::erase_if(visits, [&](const store::CoverageVisit& visit) { return areas.reason_at(visit.place).has_value(); });
  auto settled = settle_frames(session, frames, result, sequence, areas);
  changes::tell_pictures(session, settled.changed, now);
  replace_products(session, id, sightings, visits, std::move(settled.touched), now, rules);

  sequence.fusion_values.clear();
  for (const auto& value : result.values().values()) sequence.fusion_values.push_back({value.name(), value.value()});
  make_ready(session, sequence, now);
  if (changes::is_shown(*found) || changes::is_shown(sequence)) changes::tell_sequence(session, id, now);
}

void give_up_sequence(Session& session, const store::LeasedJob& job, UtcTime now, const EffectRules& rules) {
  const auto id = SequenceId::parse(job.key);
  auto sequence = id ? store::find_sequence(session, *id) : std::nullopt;
  if (!sequence) return;
  std::vector<LatLon> touched;
  std::vector<FrameId> gone;
  auto frames = store::frames_of_sequence(session, *id);
  for (auto& frame : frames) {
    if (frame.published) {
      touched.push_back(frame.place);
      gone.push_back(frame.id);
    }
    frame.state = store::FrameState::fused;
    frame.published = false;
    if (!frame.refusal) frame.refusal = kGivenUp;
    store::update_frame(session, frame);
  }
  changes::tell_pictures(session, gone, now);
  replace_products(session, *id, {}, {}, std::move(touched), now, rules);
  if (changes::is_shown(*sequence)) changes::tell_sequence(session, *id, now);
  changes::measure(*sequence, frames);
  make_ready(session, *sequence, now);
}

}  // namespace cairn::coordinator
