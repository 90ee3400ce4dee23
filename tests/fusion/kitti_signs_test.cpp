// Signs of KITTI odometry: true poses, hand-made boxes, surveyed places.

#include "fusion/sighting.hpp"

#include "core/angle.hpp"
#include "tests/catch.hpp"
#include "tests/fusion/tables.hpp"
#include "tests/shared_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>

using namespace cairn;
using namespace cairn::fusion;
using testing::table_of;

namespace {

using Vector = std::array<double, 3>;
using Pose3x4 = std::array<double, 12>;

struct Recording {
  std::string name;
  double focal_px, centre_x, centre_y;  ///< of KITTI's calibration files
};
const std::array kRecordings{Recording{"00", 718.856, 607.1928, 185.2157}, Recording{"02", 718.856, 607.1928, 185.2157},
                             Recording{"05", 707.0912, 601.8873, 183.1104},
                             Recording{"06", 707.0912, 601.8873, 183.1104},
                             Recording{"08", 707.0912, 601.8873, 183.1104}};

Vector to_world(const Pose3x4& world_from_camera, const Vector& v, double with_origin) {
  Vector out{};
  for (std::size_t r = 0; r < 3; ++r) {
    out[r] = world_from_camera[4 * r + 3] * with_origin;
    for (std::size_t c = 0; c < 3; ++c) out[r] += world_from_camera[4 * r + c] * v[c];
  }
  return out;
}

/// KITTI's x right, y down, z ahead become east, up, north.
View view_of(const Recording& recording, const Pose3x4& pose, const std::vector<double>& quad, double yaw_error_deg) {
  const double x = (quad[1] + quad[3] + quad[5] + quad[7]) / 4, y = (quad[2] + quad[4] + quad[6] + quad[8]) / 4;
  const auto ray = to_world(
      pose, {(x - recording.centre_x) / recording.focal_px, (y - recording.centre_y) / recording.focal_px, 1}, 0);
  const auto eye = to_world(pose, {0, 0, 0}, 1);
  const double width_px = std::abs(quad[3] - quad[1]);
  return {{eye[0], eye[2]},
          -eye[1],
          heading_within_circle(std::atan2(ray[0], ray[2]) * kDegrees + yaw_error_deg),
          std::atan2(-ray[1], std::hypot(ray[0], ray[2])) * kDegrees,
          (0.5 + 0.04 * width_px) / recording.focal_px * kDegrees,
          0.02};
}

std::filesystem::path file_of(const std::string& name) { return testing::shared_path("fusion/kitti_signs/" + name).value(); }

std::vector<std::vector<SeenBox>> boxes_of(const Recording& recording, const std::vector<Pose3x4>& poses,
                                           double yaw_error_deg) {
  std::vector<std::vector<SeenBox>> frames(poses.size());
  for (const auto& quad :
       table_of(file_of("sign_quads_" + recording.name + ".csv"), true)) {
    const auto frame = static_cast<std::size_t>(quad[0]);
    if (frame >= poses.size()) continue;
    SeenBox box;
    box.frame = frame;
    box.view = view_of(recording, poses[frame], quad, yaw_error_deg);
    box.width_deg = std::abs(quad[3] - quad[1]) / recording.focal_px * kDegrees;
    box.height_deg = std::abs(quad[8] - quad[2]) / recording.focal_px * kDegrees;
    box.most_miss_deg = FuseRules{}.most_residual_px / (recording.focal_px * 640 / 1226) * kDegrees;
    box.score = 1;
    frames[frame].push_back(box);
  }
  return frames;
}

std::vector<Pose3x4> poses_of(const Recording& recording) {
  std::vector<Pose3x4> poses;
  for (const auto& row : table_of(file_of("poses_" + recording.name + ".txt"), false)) {
    if (row.size() != 12) continue;
    std::ranges::copy(row, poses.emplace_back().begin());
  }
  return poses;
}

/// The mean of a sign's positions over the frames that have it.
std::vector<Point> surveyed_signs(const Recording& recording, const std::vector<Pose3x4>& poses) {
  std::map<int, std::vector<Vector>> places;
  for (const auto& row :
       table_of(file_of("sign_positions_" + recording.name + "_raw.csv"), true)) {
    places[static_cast<int>(row[4])].push_back(
        to_world(poses.at(static_cast<std::size_t>(row[0])), {row[1], row[2], row[3]}, 1));
  }
  std::vector<Point> signs;
  for (const auto& [id, seen] : places) {
    Point mean;
    for (const auto& v : seen) {
      mean.at.east_m += v[0] / static_cast<double>(seen.size());
      mean.at.north_m += v[2] / static_cast<double>(seen.size());
      mean.up_m -= v[1] / static_cast<double>(seen.size());
    }
    signs.push_back(mean);
  }
  return signs;
}

struct Result {
  std::vector<double> errors_m;  ///< of the signs that were placed
  int signs = 0, sightings = 0;
};

/// True when at least three boxes show the sign: some surveyed signs have none.
bool shown(const Point& sign, const std::vector<std::vector<SeenBox>>& frames) {
  int views = 0;
  for (const auto& boxes : frames) {
    views += std::ranges::any_of(boxes, [&](const SeenBox& box) {
      return ground_distance_of(box.view, sign) < 60 && miss_of(box.view, sign).total_deg() < 2;
    });
  }
  return views >= 3;
}

Result placed_against_survey(const Recording& recording, double yaw_error_deg, std::size_t most_frames) {
  auto poses = poses_of(recording);
  const auto signs = surveyed_signs(recording, poses);
  poses.resize(std::min(poses.size(), most_frames));
  const auto true_boxes = boxes_of(recording, poses, 0);
  const auto placed = placed_tracks(track_objects(boxes_of(recording, poses, yaw_error_deg)), FuseRules{});
  Result result{{}, 0, static_cast<int>(placed.tracks.size())};
  for (const auto& sign : signs) {
    if (!shown(sign, true_boxes)) continue;
    ++result.signs;
    double nearest = 4;
    for (const auto& track : placed.tracks) {
      const auto& point = track.placed.point;
      nearest = std::min(nearest, std::hypot(point.at.east_m - sign.at.east_m, point.at.north_m - sign.at.north_m));
    }
    if (nearest < 4) result.errors_m.push_back(nearest);
  }
  return result;
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

bool absent() { return !testing::shared_path("fusion/kitti_signs"); }

}  // namespace

TEST_CASE("signs of real drives with true poses are placed within half a metre", "[shared]") {
  if (absent()) return;
  for (const double yaw_deg : {0.0, 1.0}) {
    Result all;
    for (const auto& recording : kRecordings) {
      const auto result = placed_against_survey(recording, yaw_deg, 1'000'000);
      all.signs += result.signs;
      all.sightings += result.sightings;
      all.errors_m.insert(all.errors_m.end(), result.errors_m.begin(), result.errors_m.end());
    }
    std::printf("kitti_signs, yaw error %.1f deg: %zu of %d signs placed (%d sightings), median %.2f m, mean %.2f m\n",
                yaw_deg, all.errors_m.size(), all.signs, all.sightings, median_of(all.errors_m), mean_of(all.errors_m));
    REQUIRE(all.errors_m.size() * 10 >= static_cast<std::size_t>(all.signs) * 9);
    REQUIRE(median_of(all.errors_m) < 0.5);
  }
}

TEST_CASE("the signs of the first 51 frames of recording 06 are placed within half a metre", "[shared]") {
  if (absent()) return;
  const auto result = placed_against_survey(kRecordings[3], 0, 51);
  std::printf("kitti06, 51 frames: %zu of %d signs placed, median %.2f m\n", result.errors_m.size(), result.signs,
              median_of(result.errors_m));
  REQUIRE(!result.errors_m.empty());
  REQUIRE(median_of(result.errors_m) < 0.5);
}
