#include "services/simulate/sun.hpp"

#include <algorithm>

namespace cairn::simulate {

Sun sun_at(UtcTime time, LatLon place) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::sys_days new_year{date.year() / std::chrono::January / 1};
  const double day_of_year = static_cast<double>((day - new_year).count()) + 1;
  const double utc_hours = std::chrono::duration<double, std::ratio<3600>>(time - day).count();
  const double declination = radians(23.45 * std::sin(radians(360.0 / 365 * (284 + day_of_year))));
  const double hour_angle = radians((utc_hours - 12) * 15 + place.lon_deg());
  const double lat = radians(place.lat_deg());
  const double up =
      std::sin(lat) * std::sin(declination) + std::cos(lat) * std::cos(declination) * std::cos(hour_angle);
  const double east = -std::cos(declination) * std::sin(hour_angle);
  const double north =
      std::cos(lat) * std::sin(declination) - std::sin(lat) * std::cos(declination) * std::cos(hour_angle);
  return {degrees(std::asin(std::clamp(up, -1.0, 1.0))), heading_of({east, north})};
}

Vec3 direction_to(const Sun& sun) {
  const Vec2 flat = direction_of(sun.azimuth_deg) * std::cos(radians(sun.elevation_deg));
  return {flat.x, flat.y, std::sin(radians(sun.elevation_deg))};
}

}  // namespace cairn::simulate
