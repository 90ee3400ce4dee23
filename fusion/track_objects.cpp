#include "fusion/track_objects.hpp"

#include "core/angle.hpp"
#include "fusion/triangulate.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace cairn::fusion {
namespace {

constexpr double kSmallest_m = 0.25, kLargest_m = 1.8;  ///< height of signs and lights as they are built
constexpr double kNearest_m = 1.5, kFarthest_m = 150;
constexpr double kGate_deg = 1.5;       ///< roll, pitch and heading jitter from frame to frame
constexpr double kMostGrowth = 1.7;     ///< of the size against the prediction, either way
constexpr std::size_t kMostMissed = 3;  ///< frames
constexpr std::size_t kRecent = 6;      ///< views that predict: older ones carry more drift than knowledge
constexpr double kEnoughParallax_deg = 1.5;

double size_deg(const SeenBox& box) { return std::sqrt(std::max(1e-6, box.width_deg * box.height_deg)); }

Point point_on_ray(const View& view, double distance_m) {
  const double bearing = view.bearing_deg / kDegrees;
  return {{view.from.east_m + distance_m * std::sin(bearing), view.from.north_m + distance_m * std::cos(bearing)},
          view.up_m + distance_m * std::tan(std::clamp(view.elevation_deg, -80.0, 80.0) / kDegrees)};
}

/// Where a thing may stand: at a point, or somewhere between two.
struct Place {
  Point nearest, farthest;
};

Place place_of(const ObjectTrack& track) {
  std::vector<View> recent;
  for (std::size_t i = track.size() > kRecent ? track.size() - kRecent : 0; i < track.size(); ++i)
    recent.push_back(track[i].view);
  if (parallax_deg(recent) > kEnoughParallax_deg) {
    const auto point = linear_point(recent);
    if (point && ground_distance_of(recent.back(), *point) < kFarthest_m) return {*point, *point};
  }
  const auto& last = track.back();
  const double height = std::max(0.05, last.height_deg) / kDegrees;
  return {point_on_ray(last.view, std::clamp(kSmallest_m / height, kNearest_m, kFarthest_m)),
          point_on_ray(last.view, std::clamp(kLargest_m / height, kNearest_m, kFarthest_m))};
}

/// How far a value lies outside the range between two others.
double outside(double value, double one, double other) {
  return std::max({0.0, std::min(one, other) - value, value - std::max(one, other)});
}

/// How badly a box fits a track, 0 to 1; nothing when it doesn't.
std::optional<double> misfit(const ObjectTrack& track, const Place& place, const SeenBox& box) {
  const auto& last = track.back();
  if (box.object != last.object) return std::nullopt;
  const auto near = miss_of(box.view, place.nearest);
  const auto far = miss_of(box.view, place.farthest);
  // A place that the camera has passed or stands at gives no prediction.
  if (std::abs(near.azimuth_deg - far.azimuth_deg) > 90) return std::nullopt;
  const double azimuth_deg = outside(0, near.azimuth_deg, far.azimuth_deg);
  const double elevation_deg = outside(0, near.elevation_deg, far.elevation_deg);
  const double gate_deg = kGate_deg + 3 * box.view.sigma_deg + 0.5 * size_deg(box);
  const double off = std::hypot(azimuth_deg, elevation_deg) / gate_deg;

  const double grown = std::log(size_deg(box) / size_deg(last));
  const auto growth_to = [&](const Point& point) {
    return std::log(std::max(0.5, ground_distance_of(last.view, point)) /
                    std::max(0.5, ground_distance_of(box.view, point)));
  };
  const double growth = outside(grown, growth_to(place.nearest), growth_to(place.farthest)) / std::log(kMostGrowth);
  if (off > 1 || growth > 1) return std::nullopt;
  return (off + growth) / 2;
}

struct Candidate {
  double misfit;
  std::size_t track, box;
};

/// Pairs of open tracks and boxes, best first; each is taken at most once.
std::vector<Candidate> pairs_of(const std::vector<ObjectTrack>& tracks, const std::vector<std::size_t>& open,
                                const std::vector<SeenBox>& boxes) {
  std::vector<Candidate> candidates;
  for (const auto track : open) {
    const auto place = place_of(tracks[track]);
    for (std::size_t box = 0; box < boxes.size(); ++box) {
      if (const auto off = misfit(tracks[track], place, boxes[box])) candidates.push_back({*off, track, box});
    }
  }
  std::ranges::sort(candidates, {}, [](const Candidate& c) { return std::tuple{c.misfit, c.track, c.box}; });
  std::vector<Candidate> taken;
  for (const auto& candidate : candidates) {
    const bool free = std::ranges::none_of(
        taken, [&](const Candidate& t) { return t.track == candidate.track || t.box == candidate.box; });
    if (free) taken.push_back(candidate);
  }
  return taken;
}

}  // namespace

std::vector<ObjectTrack> track_objects(const std::vector<std::vector<SeenBox>>& frames) {
  std::vector<ObjectTrack> tracks;
  std::vector<std::size_t> last_seen_in;  // position in `frames`, per track
  std::vector<std::size_t> open;
  for (std::size_t now = 0; now < frames.size(); ++now) {
    std::erase_if(open, [&](std::size_t track) { return now - last_seen_in[track] > kMostMissed + 1; });
    const auto pairs = pairs_of(tracks, open, frames[now]);
    std::vector<bool> placed(frames[now].size(), false);
    for (const auto& pair : pairs) {
      tracks[pair.track].push_back(frames[now][pair.box]);
      last_seen_in[pair.track] = now;
      placed[pair.box] = true;
    }
    for (std::size_t box = 0; box < frames[now].size(); ++box) {
      if (placed[box]) continue;
      open.push_back(tracks.size());
      tracks.push_back({frames[now][box]});
      last_seen_in.push_back(now);
    }
  }
  return tracks;
}

}  // namespace cairn::fusion
