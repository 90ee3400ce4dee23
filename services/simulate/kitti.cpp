// Real pictures and poses, a simulated receiver. KITTI odometry poses are world_from_camera, 3x4 row-major, with x
// right, y down and z along the first camera's view (Geiger et al., devkit readme).

#include "services/simulate/exif.hpp"
#include "services/simulate/files.hpp"
#include "services/simulate/simulate.hpp"

#include <opencv2/imgcodecs.hpp>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cairn::simulate {
namespace {

using Pose = std::array<double, 12>;

/// Lines of twelve numbers, with or without a name before them.
std::vector<Pose> poses_in(const std::filesystem::path& file) {
  std::ifstream in{file};
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<Pose> poses;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (const auto colon = line.find(':'); colon != std::string::npos) line.erase(0, colon + 1);
    std::istringstream numbers{line};
    Pose pose{};
    for (auto& number : pose)
      if (!(numbers >> number))
        throw std::runtime_error(file.string() + ": line " + std::to_string(poses.size() + 1) +
                                 " has no twelve numbers");
    poses.push_back(pose);
  }
  if (poses.empty()) throw std::runtime_error(file.string() + " is empty");
  return poses;
}

DriveFrame frame_of(const Pose& p, const KittiOptions& options, std::size_t index) {
  const Vec2 ahead = direction_of(options.heading_deg);
  const Vec2 ground = ahead * p[11] + right_of(ahead) * p[3];
  DriveFrame frame;
  frame.taken_at = options.start +
                   std::chrono::milliseconds{std::llround(1000.0 * static_cast<double>(index) / options.frames_per_s)};
  frame.camera.place = at_height(ground, -p[7]);
  // The third column is where the camera looks, the second its downward side.
  frame.camera.heading_deg = heading_within_circle(options.heading_deg + degrees(std::atan2(p[2], p[10])));
  frame.camera.pitch_deg = degrees(std::asin(-p[6]));
  frame.camera.roll_deg = degrees(std::atan2(p[4], p[5]));
  frame.place = moved(options.origin, {ground.x, ground.y});
  frame.altitude_m = options.altitude_m - p[7];
  return frame;
}

void measure_speeds(std::vector<DriveFrame>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto& a = frames[i == 0 ? 0 : i - 1];
    const auto& b = frames[std::min(i + 1, frames.size() - 1)];
    const double seconds = seconds_between(a.taken_at, b.taken_at);
    frames[i].speed_mps = seconds > 0 ? length(b.camera.place - a.camera.place) / seconds : 0;
  }
}

void report(std::vector<DriveFrame>& frames, const KittiOptions& options) {
  const auto& model = options.gnss;
  const Random random{options.seed};
  GnssErrors errors{model, random.fork(3)};
  Random other = random.fork(4);
  for (auto& frame : frames) {
    const Vec3 error = errors.at(seconds_between(options.start, frame.taken_at));
    const double heading_error = other.normal() * model.heading_deg, speed_error = other.normal() * model.speed_mps;
    frame.gnss = GnssReport{moved(frame.place, {error.x, error.y}), frame.altitude_m + error.z,
                            std::hypot(model.white_m, model.bias_m), std::max(0.0, frame.speed_mps + speed_error),
                            heading_within_circle(frame.camera.heading_deg + heading_error)};
  }
}

}  // namespace

DriveTruth write_kitti_drive(const std::filesystem::path& kitti_folder, const std::filesystem::path& out_folder,
                             const KittiOptions& options) {
  const auto poses = poses_in(kitti_folder / "poses.txt");
  const double focal_px = poses_in(kitti_folder / "calib.txt").front()[0];
  DriveTruth truth{kitti_folder.filename().string(),
                   options.contributor,
                   Light::day,
                   0,
                   0,
                   focal_px,
                   1.65,
                   options.seed,
                   {},
                   {},
                   {}};
  for (std::size_t i = 0; i < poses.size(); ++i) truth.frames.push_back(frame_of(poses[i], options, i));
  measure_speeds(truth.frames);
  report(truth.frames, options);
  for (std::size_t i = 0; i < poses.size(); ++i) {
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "%06zu.png", i);
    const auto png = kitti_folder / name.data();
    const cv::Mat picture = cv::imread(png.string(), cv::IMREAD_COLOR);
    if (picture.empty()) throw std::runtime_error("cannot read the picture " + png.string());
    truth.width_px = picture.cols, truth.height_px = picture.rows;
    std::vector<uchar> jpeg;
    cv::imencode(".jpg", picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, options.jpeg_quality});
    const auto& frame = truth.frames[i];
    write_file(
        out_folder / frame_name(static_cast<int>(i)),
        with_exif(std::as_bytes(std::span{jpeg}), {frame.taken_at, frame.gnss, focal_px, picture.cols, picture.rows}));
    truth.files.push_back(frame_name(static_cast<int>(i)).string());
    truth.boxes.emplace_back();
  }
  return truth;
}

}  // namespace cairn::simulate
