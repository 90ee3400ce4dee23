// Inspect and fuse: frames get observations, pictures and verdicts, and appear on the map.

#include "fusion/merge.hpp"
#include "services/changes/visibility.hpp"
#include "services/codec/codec.hpp"
#include "services/coordinator/detections.hpp"
#include "services/coordinator/effects.hpp"
#include "services/coordinator/keys.hpp"
#include "services/store/frames.hpp"
#include "services/store/map.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace cairn::coordinator {
namespace {

using store::Session;

std::optional<Sha256> digest_from(bool there, const std::string& hex) { return there ? Sha256::from_hex(hex) : std::nullopt; }

bool is_withdrawn(const store::FrameRow& frame) { return frame.refusal && frame.refusal->reason == Reason::withdrawn; }

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

struct Extent {
  std::vector<LatLon> places;
  double length_m = 0;

  void add(LatLon place) {
    if (!places.empty()) length_m += ground_distance_m(places.back(), place);
    places.push_back(place);
  }
  void write_to(store::SequenceRow& sequence) const {
    if (places.empty()) return;
    sequence.south_west = *LatLon::from_e7(std::ranges::min_element(places, {}, &LatLon::lat_e7)->lat_e7(),
                                           std::ranges::min_element(places, {}, &LatLon::lon_e7)->lon_e7());
    sequence.north_east = *LatLon::from_e7(std::ranges::max_element(places, {}, &LatLon::lat_e7)->lat_e7(),
                                           std::ranges::max_element(places, {}, &LatLon::lon_e7)->lon_e7());
    sequence.length_m = length_m;
  }
};

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

/// Settles every frame, numbers the line, and gives all places where the map changes.
std::vector<LatLon> settle_frames(Session& session, std::vector<store::FrameRow>& frames, const bus::FuseResult& result,
                                  store::SequenceRow& sequence) {
  if (result.verdicts_size() != static_cast<int>(frames.size())) throw std::runtime_error{"a fuse result has not one verdict per frame"};
  std::vector<LatLon> touched;
  Extent extent;
  int accepted = 0;
  int ordinal = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto& frame = frames[i];
    if (frame.published) touched.push_back(frame.place);
    settle(frame, codec::from_record(result.verdicts(static_cast<int>(i))));
    if (frame.verdict->frame != frame.id) throw std::runtime_error{"a verdict is about another frame than " + frame.id.text()};
    if (frame.verdict->accepted()) {
      if (accepted >= result.line_zooms_size()) throw std::runtime_error{"a fuse result lacks line zooms"};
      if (frame.published) {
        frame.line_ordinal = ordinal++;
        frame.line_zoom = result.line_zooms(accepted);
        touched.push_back(frame.place);
      }
      extent.add(frame.place);
      ++accepted;
    }
    store::update_frame(session, frame);
  }
  sequence.accepted = accepted;
  extent.write_to(sequence);
  return touched;
}

}  // namespace

void count_batch(Session& session, SequenceId id, UtcTime now) {
  auto sequence = store::find_sequence(session, id);
  if (!sequence || sequence->state != store::SequenceState::inspecting) return;
  sequence->updated_at = now;
  if (--sequence->batches_left <= 0) {
    sequence->state = store::SequenceState::fusing;
    store::enqueue(session, {.stage = store::Stage::fuse, .key = id.text(), .tenant = sequence->account.text(), .now = now});
  }
  store::update_sequence(session, *sequence);
}

void apply_inspect(Session& session, const bus::Lease& lease, const bus::InspectResult& result, UtcTime now) {
  const auto key = inspect_key_from(lease.key()).value();
  for (const auto& inspected : result.frames()) {
    const auto id = FrameId::parse(inspected.id());
    auto frame = id ? store::find_frame(session, *id) : std::nullopt;
    if (!frame) throw std::runtime_error{"an inspect result is about the unknown frame '" + inspected.id() + "'"};
    frame->state = store::FrameState::inspected;
    if (is_withdrawn(*frame)) {
      store::update_frame(session, *frame);
      continue;
    }
    frame->observation = codec::from_record(inspected.observation());
    if (inspected.has_refusal()) frame->refusal = codec::from_record(inspected.refusal());
    frame->hd = digest_from(inspected.has_hd(), inspected.hd());
    frame->sd = digest_from(inspected.has_sd(), inspected.sd());
    frame->thumb = digest_from(inspected.has_thumb(), inspected.thumb());
    store::update_frame(session, *frame);
    annotate_detections(session, *frame);
  }
  count_batch(session, key.sequence, now);
}

void apply_fuse(Session& session, const bus::Lease& lease, const bus::FuseResult& result, UtcTime now, const EffectRules& rules) {
  const auto id = SequenceId::parse(lease.key()).value();
  auto sequence = store::find_sequence(session, id);
  if (!sequence || sequence->state == store::SequenceState::inspecting) return;  // it got more frames: it will be fused with them
  changes::refresh_shown_to(session, sequence->upload_set);
  auto frames = store::frames_of_sequence(session, id);
  auto touched = settle_frames(session, frames, result, *sequence);

  std::vector<Sighting> sightings;
  for (const auto& sighting : result.sightings()) sightings.push_back(codec::from_record(sighting));
  enqueue_merges(session, store::replace_sightings(session, id, sightings), now);
  enqueue_merges(session, sightings, now);

  const auto visits = visits_from(result);
  std::ranges::move(store::replace_coverage(session, id, visits), std::back_inserter(touched));
  for (const auto& visit : visits) touched.push_back(visit.place);
  changes::mark_tiles_dirty(session, touched, now, rules.debounce);

  sequence->state = store::SequenceState::ready;
  sequence->updated_at = now;
  for (const auto& value : result.values().values()) sequence->fusion_values.push_back({value.name(), value.value()});
  store::update_sequence(session, *sequence);
  store::append_event(session, now, "sequence_ready", R"({"id":")" + id.text() + R"("})");
}

}  // namespace cairn::coordinator
