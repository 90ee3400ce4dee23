#pragma once
// A made-up town and drives through it: pictures, tracks and the truth about both. The same options give the same
// bytes.

#include "core/bytes.hpp"
#include "core/lat_lon.hpp"
#include "core/observation.hpp"
#include "core/time.hpp"
#include "services/simulate/gnss.hpp"
#include "services/simulate/route.hpp"
#include "services/simulate/town.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::simulate {

enum class Light { day, night };

/// The light at a place and time: night when the sun stands lower than 6 degrees below the horizon.
Light light_at(UtcTime time, LatLon place);

struct DriveOptions {
  std::string name = "drive";  ///< of the drive and its folder
  std::string contributor = "driver-1";
  std::uint64_t seed = 1;  ///< other cars and people, receiver errors, sensor noise
  int frames = 24;
  double spacing_m = 4;  ///< between frames, along the way
  double speed_mps = 9;  ///< on a straight street; less in bends
  UtcTime start = *time_from_iso8601("2026-05-16T07:40:00Z");
  std::optional<Light> light;   ///< absent: as the sun stands
  std::vector<Crossing> route;  ///< absent: wanders, as far as the frames need
  double start_m = 3;           ///< the first frame, from the route's beginning
  int width_px = 1280, height_px = 720;
  int focal_35mm = 30;  ///< equivalent focal length, by the diagonal: some 64 degrees across at 16:9
  int jpeg_quality = 85;
  bool smooth = true;  ///< drawn twice as large and shrunk; without: four times faster, jagged
  double camera_height_m = 1.4;
  double shake_deg = 0.1;  ///< standard deviation of pitch and roll
  GnssModel gnss;
  int least_box_px = 8;  ///< truth boxes lower than this are left out
};

/// Where the camera was and where it looked, in the town's metres. Pitch up, roll clockwise.
struct CameraPose {
  Vec3 place;
  double heading_deg = 0, pitch_deg = 0, roll_deg = 0;
};

/// A moment of a drive: the truth, and what the receiver said.
struct DriveFrame {
  UtcTime taken_at{};
  CameraPose camera;
  double speed_mps = 0;
  LatLon place;                    ///< true
  double altitude_m = 0;           ///< true
  std::optional<GnssReport> gnss;  ///< absent in an outage
};

/// Something whose place in the picture is known.
struct TruthBox {
  ObjectClass object = ObjectClass::sign;
  std::string id;  ///< "sign-17", "plate-3": the same thing has the same id in all frames of a drive
  Box box;
  double visible = 1;  ///< share of its pixels that nothing hides
};

struct DrivePlan {
  DriveOptions options;
  Light light = Light::day;
  double focal_px = 0;
  std::vector<DriveFrame> frames;
  std::vector<ImuSample> imu;
};

/// Camera poses, receiver reports and IMU samples. Throws std::invalid_argument when the options can't be met, with the
/// reason.
DrivePlan plan_drive(const Town&, const DriveOptions&);

struct Picture {
  Bytes jpeg;                   ///< with EXIF
  std::vector<TruthBox> boxes;  ///< sorted by class and id
};

/// Draws the frames of one drive. Builds the textures once; frames may be asked for in any order, with equal results.
class DriveRenderer {
 public:
  DriveRenderer(const Town&, const DrivePlan&);
  ~DriveRenderer();
  DriveRenderer(DriveRenderer&&) noexcept;
  Picture render(int frame) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What is known about a written drive.
struct DriveTruth {
  std::string name, contributor;
  Light light = Light::day;
  int width_px = 0, height_px = 0;
  double focal_px = 0, camera_height_m = 0;
  std::uint64_t seed = 0;
  std::vector<DriveFrame> frames;
  std::vector<std::string> files;            ///< one per frame
  std::vector<std::vector<TruthBox>> boxes;  ///< one list per frame
};

/// Writes 000.jpg, 001.jpg, … into a folder (made if missing) and nothing else, so that it can be uploaded as it is.
/// Throws std::runtime_error naming the file that can't be written.
DriveTruth write_drive(const Town&, const DriveOptions&, const std::filesystem::path& folder);

/// Drives of several contributors through the same streets, in both directions, by day and night: one folder per drive,
/// truth.json (the town's signs and every frame) and imu/<drive>.csv.
void write_town(const Town&, const std::vector<DriveOptions>&, const std::filesystem::path& folder);

/// `count` drives that make a good map: the first two along the main street in opposite directions, the third there at
/// night, the fourth round two blocks, the rest wandering. `like` gives size, frames, spacing and receiver.
std::vector<DriveOptions> drives_of(const Town&, int count, const DriveOptions& like);

/// Real poses with a simulated receiver.
struct KittiOptions {
  LatLon origin = kDefaultOrigin;  ///< of the first frame
  double heading_deg = 90;         ///< of the first frame
  double altitude_m = 115;
  UtcTime start = *time_from_iso8601("2026-05-16T10:00:00Z");
  double frames_per_s = 10;
  std::string contributor = "driver-kitti";
  std::uint64_t seed = 1;
  int jpeg_quality = 90;
  GnssModel gnss;
};

/// KITTI odometry (poses.txt, calib.txt, 000000.png …) to a folder of JPEGs with EXIF. Throws std::runtime_error naming
/// what is missing or broken.
DriveTruth write_kitti_drive(const std::filesystem::path& kitti_folder, const std::filesystem::path& out_folder,
                             const KittiOptions& = {});

/// truth.json: the town's things (none without a town) and the drives.
void write_truth(const Town*, const std::vector<DriveTruth>&, const std::filesystem::path& file);

}  // namespace cairn::simulate
