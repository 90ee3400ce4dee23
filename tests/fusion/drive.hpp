#pragma once
// Simulated drives for the tests of this room: a car on a winding or straight road, a receiver with noise and a camera.

#include "fusion/fuse.hpp"
#include "tests/random.hpp"

#include <vector>

namespace cairn::testing {

struct SignOnRoad {
  double east_m = 0, north_m = 0;
  double up_m = 1;  ///< above the camera
};

struct DriveOptions {
  int frames = 120;
  double step_s = 0.3;
  double speed_mps = 12;
  double winding_dps = 0;    ///< turning rates of this size follow each other, some 4 s each
  double jitter_m = 0.15;    ///< changes from fix to fix
  EastNorth bias;            ///< the same for all fixes
  double mount_yaw_deg = 0;  ///< of the camera against the course
  double visual_noise_deg = 0.1;
  double box_noise_px = 0.5;
  bool device_headings = false;
  double device_noise_deg = 4;
  double accuracy_m = 3;
  std::vector<SignOnRoad> signs;
};

struct Drive {
  fusion::SequenceToFuse sequence;
  std::vector<EastNorth> truth;     ///< from `origin`
  std::vector<double> heading_deg;  ///< of the car
};

LatLon drive_origin();
FrameId frame_numbered(int number);
AccountId account_numbered(int number);

/// Starts at the origin, north-bound. `signs` and the boxes' noise don't change the road.
Drive simulated_drive(Random&, const DriveOptions&);

}  // namespace cairn::testing
