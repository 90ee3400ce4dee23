#include "fusion/sighting.hpp"

#include "core/angle.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

namespace cairn::fusion {
namespace {

constexpr double kPixelSigma = 0.5, kSizeSigma = 0.04;  ///< of a box's middle: half a pixel and 4 % of its width
constexpr double kLeastStepSigma_m = 0.05;              ///< of a smoothed place against its neighbours
constexpr double kBorder_px = 2;                        ///< a box that touches the border shows only part of its thing
constexpr int kCleanings = 3;                           ///< rounds of taking out views that miss
constexpr std::size_t kMostBoxes = 100;                 ///< per frame, best first: no street shows more signs

bool becomes_feature(ObjectClass object) { return object == ObjectClass::sign || object == ObjectClass::traffic_light; }

/// A box with area and numbers, whole in the picture.
bool whole_in(const Lens& lens, const Box& box) {
  if (!(box.width() > 0) || !(box.height() > 0)) return false;
  if (lens.projection == Projection::equirectangular) return true;
  return box.left > kBorder_px && box.top > kBorder_px && box.right < lens.width_px - kBorder_px &&
         box.bottom < lens.height_px - kBorder_px;
}

SeenBox seen_box(const Capture& capture, const Lens& lens, const Detection& detection, const TrackPoint& point,
                 const Heading& heading, const FuseRules& rules) {
  const auto& box = detection.box;
  const auto direction = direction_of(lens, (box.left + box.right) / 2, (box.top + box.bottom) / 2,
                                      capture.pitch_deg.value_or(0), capture.roll_deg.value_or(0));
  SeenBox seen;
  seen.frame = point.frame;
  seen.object = detection.object;
  seen.view.from = point.at;
  seen.view.bearing_deg = heading_within_circle(heading.deg + direction.azimuth_deg);
  seen.view.elevation_deg = direction.elevation_deg;
  const double pixel_deg = kDegrees / lens.focal_px;
  // The headings' common error is the bundle's to find; what differs from frame to frame is a fraction of their sigma.
  seen.view.sigma_deg =
      std::hypot((kPixelSigma + kSizeSigma * box.width()) * pixel_deg, std::min(5.0, 0.2 * heading.sigma_deg));
  seen.view.sigma_m = std::max(kLeastStepSigma_m, 0.5 * point.step_sigma_m);  // neighbours share about half of it
  seen.width_deg = box.width() * pixel_deg;
  seen.height_deg = box.height() * pixel_deg;
  seen.most_miss_deg = rules.most_residual_px / px640_per_radian(lens) * kDegrees;
  seen.score = detection.score;
  return seen;
}

std::vector<SeenBox> boxes_of(const ObservedFrame& frame, const TrackPoint& point, const Heading& heading,
                              const FuseRules& rules) {
  const auto lens = lens_of(frame.capture.camera, frame.observation, rules);
  std::vector<Detection> detections;
  for (const auto& detection : frame.observation.detections) {
    if (becomes_feature(detection.object) && detection.score >= 0 && whole_in(lens, detection.box))
      detections.push_back(detection);
  }
  std::ranges::sort(detections, {}, [](const Detection& d) {
    return std::tuple{-d.score, d.box.left, d.box.top, d.box.right, d.box.bottom, d.object};
  });
  detections.resize(std::min(detections.size(), kMostBoxes));
  std::vector<SeenBox> boxes;
  for (const auto& detection : detections)
    boxes.push_back(seen_box(frame.capture, lens, detection, point, heading, rules));
  return boxes;
}

std::vector<View> views_of(const ObjectTrack& track) {
  std::vector<View> views;
  for (const auto& box : track) views.push_back(box.view);
  return views;
}

/// Where a track's thing stands, when it was seen well enough to say so.
std::optional<Point> start_of(const ObjectTrack& track, const FuseRules& rules) {
  if (track.size() < static_cast<std::size_t>(std::max(2, rules.least_views))) return std::nullopt;
  const auto views = views_of(track);
  if (parallax_deg(views) < rules.least_parallax_deg) return std::nullopt;
  const auto point = linear_point(views);
  if (!point) return std::nullopt;
  double nearest_m = ground_distance_of(views.front(), *point);
  for (const auto& view : views) nearest_m = std::min(nearest_m, ground_distance_of(view, *point));
  return nearest_m >= rules.nearest_m && nearest_m <= rules.farthest_m ? point : std::nullopt;
}

struct Kept {
  std::vector<ObjectTrack> tracks;
  std::vector<ViewsOfThing> views;
  std::vector<Point> starts;
};
Kept kept(const std::vector<ObjectTrack>& tracks, const FuseRules& rules) {
  Kept result;
  for (const auto& track : tracks) {
    const auto start = start_of(track, rules);
    if (!start) continue;
    result.tracks.push_back(track);
    result.views.push_back(views_of(track));
    result.starts.push_back(*start);
  }
  return result;
}

/// The tracks without the views that miss their point.
std::vector<ObjectTrack> without_misses(const Kept& before, const Bundle& bundle) {
  std::vector<ObjectTrack> tracks;
  for (std::size_t i = 0; i < before.tracks.size(); ++i) {
    const auto views = corrected(before.views[i], bundle);
    auto& track = tracks.emplace_back();
    for (std::size_t j = 0; j < views.size(); ++j) {
      if (miss_of(views[j], bundle.points[i].point).total_deg() <= before.tracks[i][j].most_miss_deg)
        track.push_back(before.tracks[i][j]);
    }
  }
  return tracks;
}

bool within(const BundledPoint& placed, const ViewsOfThing& views, const FuseRules& rules) {
  double nearest_m = rules.farthest_m + 1;
  for (const auto& view : views) nearest_m = std::min(nearest_m, ground_distance_of(view, placed.point));
  return nearest_m >= rules.nearest_m && nearest_m <= rules.farthest_m && std::isfinite(placed.sigma_m);
}

Sighting sighting_of(const SequenceToFuse& sequence, const PlacedTrack& placed, const Trajectory& trajectory,
                     const std::map<std::size_t, const TrackPoint*>& points, int ordinal) {
  const auto& track = placed.track;
  const auto capture_of = [&](const SeenBox& box) -> const Capture& { return sequence.frames[box.frame].capture; };
  Sighting sighting;
  sighting.sequence = sequence.id;
  sighting.contributor = sequence.contributor;
  sighting.object = track.front().object;
  sighting.id = SightingId::derived_from({"sighting", sequence.id.text(), code_of(sighting.object),
                                          capture_of(track.front()).id.text(), std::to_string(ordinal)});
  sighting.place = moved(trajectory.origin, placed.placed.point.at);
  sighting.height_m = placed.placed.point.up_m;
  double pose_m = 0, score = 0, east = 0, north = 0;
  for (const auto& box : track) {
    pose_m += points.at(box.frame)->accuracy_m;
    score += box.score;
    east += box.view.from.east_m - placed.placed.point.at.east_m;
    north += box.view.from.north_m - placed.placed.point.at.north_m;
    sighting.frames.push_back(capture_of(box).id);
  }
  const auto count = static_cast<double>(track.size());
  sighting.accuracy_m = std::hypot(placed.placed.sigma_m, pose_m / count);
  sighting.score = score / count;
  sighting.facing_deg = heading_within_circle(std::atan2(east, north) * kDegrees);
  sighting.first_seen = capture_of(track.front()).fix.taken_at;
  sighting.last_seen = capture_of(track.back()).fix.taken_at;
  return sighting;
}

}  // namespace

PlacedTracks placed_tracks(const std::vector<ObjectTrack>& tracks, const FuseRules& rules,
                           const BundleRules& bundle_rules) {
  auto fitted = kept(tracks, rules);
  auto bundle = bundled(fitted.views, fitted.starts, bundle_rules);
  for (int round = 0; round < kCleanings; ++round) {
    fitted = kept(without_misses(fitted, bundle), rules);
    bundle = bundled(fitted.views, fitted.starts, bundle_rules);
  }
  PlacedTracks result{{}, bundle.yaw_deg, bundle.yaw_sigma_deg};
  for (std::size_t i = 0; i < fitted.tracks.size(); ++i) {
    if (within(bundle.points[i], fitted.views[i], rules)) result.tracks.push_back({fitted.tracks[i], bundle.points[i]});
  }
  return result;
}

Sightings sightings_of(const SequenceToFuse& sequence, const Trajectory& trajectory, const Headings& headings,
                       const std::vector<bool>& refused, const FuseRules& rules) {
  std::vector<std::vector<SeenBox>> frames;
  std::map<std::size_t, const TrackPoint*> points;
  for (std::size_t i = 0; i < trajectory.points.size(); ++i) {
    if (refused[i] || headings.source == HeadingSource::unknown) continue;
    const auto& point = trajectory.points[i];
    points[point.frame] = &point;
    frames.push_back(boxes_of(sequence.frames[point.frame], point, headings.per_point[i], rules));
  }
  const auto tracks = track_objects(frames);
  const auto placed = placed_tracks(tracks, rules);

  Sightings result{{}, static_cast<int>(tracks.size()), placed.yaw_deg, placed.yaw_sigma_deg};
  std::map<std::tuple<ObjectClass, std::size_t>, int>
      begun;  // how many things of a class a frame was the first to show
  for (const auto& track : placed.tracks) {
    const int ordinal = begun[{track.track.front().object, track.track.front().frame}]++;
    result.sightings.push_back(sighting_of(sequence, track, trajectory, points, ordinal));
  }
  std::ranges::sort(result.sightings, {}, &Sighting::id);
  return result;
}

}  // namespace cairn::fusion
