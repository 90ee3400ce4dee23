// Real receivers: what smoothing does to their fixes, and whether turns tell whose track it is. A gyroscope stands for
// the camera: it measures the turns that optical flow would.

#include "core/angle.hpp"
#include "fusion/agreement.hpp"
#include "tests/catch.hpp"
#include "tests/fusion/tables.hpp"
#include "tests/shared_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace cairn;
using namespace cairn::fusion;
using testing::array_of;

namespace {

/// WGS84 from earth-centred coordinates, by Bowring's formula (1976): exact to a millimetre near the ground.
LatLon place_of_ecef(double x, double y, double z) {
  constexpr double a = 6'378'137, f = 1 / 298.257223563, b = a * (1 - f);
  constexpr double e2 = f * (2 - f), ep2 = e2 / (1 - e2);
  const double p = std::hypot(x, y);
  const double theta = std::atan2(z * a, p * b);
  const double lat = std::atan2(z + ep2 * b * std::pow(std::sin(theta), 3), p - e2 * a * std::pow(std::cos(theta), 3));
  return *LatLon::from_degrees(lat * kDegrees, std::atan2(y, x) * kDegrees);
}

UtcTime at_seconds(double seconds) { return time_from_micros(std::llround(seconds * 1e6)); }

struct TruthAt {
  double time_s;
  LatLon place;
};

/// How far a place at a time lies from the truth, interpolated.
double error_m(const std::vector<TruthAt>& truth, double time_s, LatLon place) {
  const auto after = std::ranges::lower_bound(truth, time_s, {}, &TruthAt::time_s);
  if (after == truth.begin() || after == truth.end()) return std::nan("");
  const auto& before = *(after - 1);
  const double share = (time_s - before.time_s) / (after->time_s - before.time_s);
  const auto step = step_between(before.place, after->place);
  const auto off = step_between(before.place, place);
  return std::hypot(off.east_m - share * step.east_m, off.north_m - share * step.north_m);
}

struct MeanErrors {
  double raw_m = 0, smoothed_m = 0;
};
MeanErrors mean_errors(const SequenceToFuse& sequence, const std::vector<TruthAt>& truth, double lag_s) {
  const auto trajectory = smoothed_trajectory(sequence, {});
  MeanErrors sum;
  int count = 0;
  for (const auto& point : trajectory.points) {
    const auto& fix = sequence.frames[point.frame].capture.fix;
    const double time_s = static_cast<double>(micros_of(fix.taken_at)) * 1e-6 - lag_s;
    const double raw = error_m(truth, time_s, fix.place);
    if (!std::isfinite(raw)) continue;
    sum.raw_m += raw;
    sum.smoothed_m += error_m(truth, time_s, moved(trajectory.origin, point.at));
    ++count;
  }
  return {sum.raw_m / count, sum.smoothed_m / count};
}

/// Frames every half second from 50 Hz of motion sensor and 10 Hz of receiver.
SequenceToFuse town_drive(const std::filesystem::path& table) {
  const auto rows = testing::table_of(table, true);
  SequenceToFuse sequence;
  double yaw_deg = 0, next_s = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double time_s = rows[i][2] / 1000;
    yaw_deg -= rows[i][8] * (time_s - rows[i - 1][2] / 1000);  // the sensor counts left turns as positive
    if (time_s < next_s) continue;
    next_s = time_s + 0.5;
    ObservedFrame frame;
    frame.capture.fix.taken_at = at_seconds(time_s);
    frame.capture.fix.place = *LatLon::from_degrees(rows[i][14], rows[i][15]);
    frame.capture.fix.accuracy_m = rows[i][19];
    frame.observation.motion = Motion{200, 0.9, 5, yaw_deg, 0.9};
    sequence.frames.push_back(frame);
    yaw_deg = 0;
  }
  return sequence;
}

SequenceToFuse part_of(const SequenceToFuse& drive, std::size_t first, std::size_t frames) {
  SequenceToFuse part;
  for (std::size_t i = 0; i < frames; ++i) part.frames.push_back(drive.frames[first + i]);
  return part;
}

/// Gives a part the pictures from elsewhere on the drive.
void paste_pictures(SequenceToFuse& part, const SequenceToFuse& drive, std::size_t first) {
  for (std::size_t i = 0; i < part.frames.size(); ++i) part.frames[i].observation = drive.frames[first + i].observation;
}

}  // namespace

TEST_CASE("smoothing leaves good fixes of a motorway as they are", "[shared]") {
  const auto found = testing::shared_path("fusion/comma2k19");
  if (!found) return;
  const auto& folder = *found;
  std::vector<TruthAt> truth;
  const auto times = array_of(folder / "global_pose/frame_times.npy");
  const auto places = array_of(folder / "global_pose/frame_positions.npy");
  for (std::size_t i = 0; i < times.size(); ++i)
    truth.push_back({times[i][0], place_of_ecef(places[i][0], places[i][1], places[i][2])});

  SequenceToFuse sequence;
  const auto fix_times = array_of(folder / "processed_log/gnss/live_gnss_ublox/t.npy");
  const auto fixes = array_of(folder / "processed_log/gnss/live_gnss_ublox/value.npy");
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    ObservedFrame frame;
    frame.capture.fix.taken_at = at_seconds(fix_times[i][0]);
    frame.capture.fix.place = *LatLon::from_degrees(fixes[i][0], fixes[i][1]);
    sequence.frames.push_back(frame);
  }
  for (const double lag_s : {0.0, 0.08}) {
    const auto errors = mean_errors(sequence, truth, lag_s);
    std::printf("comma2k19, clock shifted by %.2f s: mean error raw %.2f m, smoothed %.2f m\n", lag_s, errors.raw_m,
                errors.smoothed_m);
    REQUIRE(errors.smoothed_m < errors.raw_m + 0.05);
  }
}

TEST_CASE("in a town no stretch of a real drive is refused, and few on another's track pass", "[shared]") {
  const auto table = testing::shared_path("fusion/dresden_imu_gnss/2014-03-26-000-Data.csv");
  if (!table) return;
  const auto drive = town_drive(*table);
  for (const std::size_t frames : {60UL, 120UL}) {
    int real = 0, real_refused = 0, pasted = 0, pasted_refused = 0, pasted_believed = 0;
    for (std::size_t first = 0; first + frames <= drive.frames.size(); first += 10) {
      auto part = part_of(drive, first, frames);
      const auto trajectory = smoothed_trajectory(part, {});
      for (std::size_t pictures = 0; pictures + frames <= drive.frames.size(); pictures += 10) {
        const std::size_t apart = first > pictures ? first - pictures : pictures - first;
        if (apart > 0 && apart < 40) continue;
        paste_pictures(part, drive, pictures);
        const double trust = agreement_of(part, trajectory).trust;
        (apart == 0 ? real : pasted) += 1;
        real_refused += apart == 0 && trust < FuseRules{}.least_trust ? 1 : 0;
        pasted_refused += apart > 0 && trust < FuseRules{}.least_trust ? 1 : 0;
        pasted_believed += apart > 0 && trust > 0.95 ? 1 : 0;
      }
    }
    std::printf(
        "town drive in stretches of %zu s: %d of %d real ones refused; of %d pasted ones %d refused, %d believed\n",
        frames / 2, real_refused, real, pasted, pasted_refused, pasted_believed);
    REQUIRE(real_refused == 0);
  }
}
