#pragma once

#include "core/lat_lon.hpp"
#include "core/time.hpp"
#include "services/simulate/geometry.hpp"

namespace cairn::simulate {

struct Sun {
  double elevation_deg = 45;
  double azimuth_deg = 180;
};

/// Where the sun stands, to about a degree (mean sun; declination by Cooper 1969).
Sun sun_at(UtcTime time, LatLon place);

/// From the ground to the sun.
Vec3 direction_to(const Sun& sun);

}  // namespace cairn::simulate
