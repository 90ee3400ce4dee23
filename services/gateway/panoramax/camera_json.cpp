#include "services/gateway/panoramax/camera_json.hpp"

#include "services/gateway/http/http.hpp"

#include <cmath>
#include <numbers>

namespace cairn::gateway {

using nlohmann::json;

std::optional<int> field_of_view_deg(const Camera& camera) {
  if (camera.projection == Projection::equirectangular) return 360;
  if (!camera.focal_px || *camera.focal_px <= 0 || camera.width_px <= 0) return std::nullopt;
  const double half = std::atan(camera.width_px / (2 * *camera.focal_px));
  return static_cast<int>(std::lround(2 * half * 180 / std::numbers::pi));
}

std::optional<int> pixel_density(const Camera& camera) {
  const auto fov = field_of_view_deg(camera);
  if (!fov || *fov == 0 || camera.width_px == 0) return std::nullopt;
  return static_cast<int>(std::lround(static_cast<double>(camera.width_px) / *fov));
}

json interior_orientation(const Camera& camera) {
  json orientation = json::object();
  if (!camera.make.empty()) orientation["camera_manufacturer"] = as_utf8(camera.make);
  if (!camera.model.empty()) orientation["camera_model"] = as_utf8(camera.model);
  if (camera.focal_mm) orientation["focal_length"] = *camera.focal_mm;
  if (const auto fov = field_of_view_deg(camera)) orientation["field_of_view"] = *fov;
  if (camera.width_px > 0) orientation["sensor_array_dimensions"] = {camera.width_px, camera.height_px};
  return orientation;
}

json summary_of(const Camera& camera) {
  json texts = json::object();
  if (!camera.make.empty()) texts["make"] = as_utf8(camera.make);
  if (!camera.model.empty()) texts["model"] = as_utf8(camera.model);
  if (camera.focal_mm) texts["focal_length"] = json(*camera.focal_mm).dump();
  if (const auto fov = field_of_view_deg(camera)) texts["field_of_view"] = std::to_string(*fov);
  return texts;
}

}  // namespace cairn::gateway
