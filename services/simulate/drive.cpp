#include "services/simulate/exif.hpp"
#include "services/simulate/simulate.hpp"
#include "services/simulate/sun.hpp"

#include <algorithm>
#include <stdexcept>

namespace cairn::simulate {
namespace {

constexpr double kImuHz = 50;
constexpr double kGravity = 9.80665;

void check(const DriveOptions& o) {
  if (o.frames < 1 || o.frames > 100'000)
    throw std::invalid_argument("a drive has 1 to 100000 frames, not " + std::to_string(o.frames));
  if (!(o.spacing_m >= 0.1 && o.spacing_m <= 100)) throw std::invalid_argument("frames lie 0.1 to 100 m apart");
  if (!(o.speed_mps >= 0.5 && o.speed_mps <= 40)) throw std::invalid_argument("a drive goes 0.5 to 40 m/s");
  if (o.width_px < 64 || o.height_px < 64 || o.width_px > 8192 || o.height_px > 8192)
    throw std::invalid_argument("a picture is 64 to 8192 pixels wide and high");
  if (o.focal_35mm < 8 || o.focal_35mm > 200) throw std::invalid_argument("an equivalent focal length is 8 to 200 mm");
  if (o.jpeg_quality < 1 || o.jpeg_quality > 100) throw std::invalid_argument("a JPEG's quality is 1 to 100");
}

bool in_outage(const GnssModel& model, double seconds) {
  return model.outage_from_s && seconds >= *model.outage_from_s &&
         seconds < *model.outage_from_s + model.outage_seconds;
}

double within_circle(double deg) { return heading_within_circle(deg); }

/// True motion as an ideal IMU would feel it.
ImuSample felt(const Route& route, const SpeedProfile& speed, double seconds, UtcTime taken_at) {
  const double metres = speed.metres_at(seconds);
  const double v = speed.speed_at(metres), curvature = route.at(metres).curvature;
  const double step = 0.25;
  const double before = speed.speed_at(metres - step), after = speed.speed_at(metres + step);
  const double along = (after * after - before * before) / (4 * step);
  return {taken_at, {along, -v * v * curvature, kGravity}, {0, 0, -degrees(v * curvature)}};
}

}  // namespace

Light light_at(UtcTime time, LatLon place) {
  return sun_at(time, place).elevation_deg < -6 ? Light::night : Light::day;
}

std::vector<Crossing> route_of(const Town& town, const DriveOptions& options) {
  if (!options.route.empty()) return options.route;
  const double wanted = options.start_m + options.frames * options.spacing_m + 60;
  return wandering(town.layout, Random{options.seed}.fork(1), wanted);
}

DrivePlan plan_drive(const Town& town, const DriveOptions& options) {
  check(options);
  const Random random{options.seed};
  const Route route{town.layout, route_of(town, options)};
  const double last_m = options.start_m + (options.frames - 1) * options.spacing_m;
  if (last_m > route.length_m())
    throw std::invalid_argument("the route is " + std::to_string(static_cast<int>(route.length_m())) + " m long, but " +
                                std::to_string(options.frames) + " frames need " +
                                std::to_string(static_cast<int>(last_m)) + " m");
  const SpeedProfile speed{route, options.speed_mps, random.fork(2)};
  GnssErrors place_errors{options.gnss, random.fork(3)};
  Random other_errors = random.fork(4), shake = random.fork(5);
  ImuErrors imu_errors{random.fork(6)};

  DrivePlan plan{options,
                 options.light.value_or(light_at(options.start, town.options.origin)),
                 options.focal_35mm * std::hypot(options.width_px, options.height_px) / kDiagonal35mm_mm,
                 {},
                 {}};
  const double begin_s = speed.seconds_at(options.start_m);
  for (int i = 0; i < options.frames; ++i) {
    const double metres = options.start_m + i * options.spacing_m;
    const double seconds = speed.seconds_at(metres) - begin_s;
    const auto point = route.at(metres);
    DriveFrame frame;
    frame.taken_at = options.start + std::chrono::milliseconds{std::llround(seconds * 1000)};
    const double pitch = shake.normal(), roll = shake.normal();
    frame.camera = {at_height(point.place, options.camera_height_m), point.heading_deg, pitch * options.shake_deg,
                    roll * options.shake_deg};
    frame.speed_mps = speed.speed_at(metres);
    frame.place = place_of(town, point.place);
    frame.altitude_m = town.options.altitude_m + options.camera_height_m;
    const Vec3 error = place_errors.at(seconds);
    const double heading_error = other_errors.normal() * options.gnss.heading_deg,
                 speed_error = other_errors.normal() * options.gnss.speed_mps;
    if (!in_outage(options.gnss, seconds))
      frame.gnss =
          GnssReport{place_of(town, point.place + Vec2{error.x, error.y}), frame.altitude_m + error.z,
                     std::hypot(options.gnss.white_m, options.gnss.bias_m),
                     std::max(0.0, frame.speed_mps + speed_error), within_circle(point.heading_deg + heading_error)};
    plan.frames.push_back(frame);
  }
  const double end_s = speed.seconds_at(last_m) - begin_s;
  for (int i = 0; i <= static_cast<int>(end_s * kImuHz); ++i) {
    const double seconds = i / kImuHz;
    const auto taken_at = options.start + std::chrono::microseconds{std::llround(seconds * 1e6)};
    plan.imu.push_back(imu_errors.of(felt(route, speed, begin_s + seconds, taken_at)));
  }
  return plan;
}

std::vector<DriveOptions> drives_of(const Town& town, int count, const DriveOptions& like) {
  using namespace std::chrono_literals;
  const int east_end = town.layout.blocks_east(), main = town.layout.blocks_north() / 2;
  std::vector<Crossing> eastwards, westwards;
  for (int e = 0; e <= east_end; ++e) eastwards.push_back({e, main});
  westwards.assign(eastwards.rbegin(), eastwards.rend());
  std::vector<Crossing> around{{0, main}, {1, main}, {1, main + 1}, {0, main + 1}, {0, main}};
  if (main + 1 > town.layout.blocks_north()) around = {{0, main}, {1, main}, {1, main - 1}, {0, main - 1}, {0, main}};

  std::vector<DriveOptions> drives;
  const double last_m = like.start_m + like.frames * like.spacing_m;
  const double street_m = east_end * town.options.block_m;
  const auto add = [&](std::string name, int contributor, std::vector<Crossing> route, std::chrono::minutes later) {
    DriveOptions drive = like;
    drive.name = std::move(name);
    drive.contributor = "driver-" + std::to_string(contributor);
    drive.seed = Random{like.seed}.fork(drives.size()).next();
    drive.start += later;
    drive.route = std::move(route);
    if (last_m > (static_cast<double>(drive.route.size()) - 1) * town.options.block_m * 0.97) drive.route.clear();
    if (drive.route == westwards)
      drive.start_m = std::max(like.start_m, street_m - last_m);  // what the first drive saw
    const double before_turn_m = town.options.block_m - like.frames * like.spacing_m * 0.6;
    if (drive.route == around) drive.start_m = std::max(like.start_m, before_turn_m);
    drives.push_back(std::move(drive));
  };
  for (int i = 0; i < count; ++i) {
    if (i == 0) add("main-street-east", 1, eastwards, 0min);
    if (i == 1) add("main-street-west", 2, westwards, 155min);
    if (i == 2) add("main-street-night", 3, eastwards, 13h + 50min);
    if (i == 3) add("round-the-block", 4, around, 24h + 47min);
    if (i > 3) add("wander-" + std::to_string(i + 1), 1 + i % 4, {}, 24h * i + std::chrono::minutes{13 * i % 300});
  }
  return drives;
}

}  // namespace cairn::simulate
