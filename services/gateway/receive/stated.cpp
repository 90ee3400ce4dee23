#include "services/gateway/receive/stated.hpp"

namespace cairn::gateway {
namespace {

void refuse(Stated& stated, const char* field, std::string_view input, const char* error) {
  stated.problem = std::string{field} + " " + error;
  stated.details = nlohmann::json::array({{{"fields", {field}}, {"error", error}, {"input", as_utf8(input)}}});
}

void refuse_override(Stated& stated, const char* sentence) {
  stated.problem = sentence;
  stated.details = {{"error", sentence}};
}

}  // namespace

Stated stated_in(const Pairs& fields) {
  Stated stated;
  const auto blurred = value_of(fields, "isBlurred");
  if (blurred && lower_case(*blurred) != "true" && lower_case(*blurred) != "false") refuse(stated, "isBlurred", *blurred, "must be true or false");
  if (const auto text = value_of(fields, "override_capture_time")) {
    stated.overrides.taken_at = time_from_iso8601(*text);
    if (!stated.overrides.taken_at) refuse_override(stated, "override_capture_time must be an ISO 8601 time");
  }
  const auto lat = value_of(fields, "override_latitude");
  const auto lon = value_of(fields, "override_longitude");
  if (lat.has_value() != lon.has_value()) {
    refuse_override(stated, "override_latitude and override_longitude go together: send both or none");
  } else if (lat) {
    const auto lat_deg = number_from(*lat);
    const auto lon_deg = number_from(*lon);
    if (lat_deg && lon_deg) stated.overrides.place = LatLon::from_degrees(*lat_deg, *lon_deg);
    if (!stated.overrides.place) refuse_override(stated, "override_latitude and override_longitude must be degrees on the globe");
  }
  if (blurred) stated.is_blurred = lower_case(*blurred) == "true";
  if (const auto id = value_of(fields, "picture_id")) {
    stated.frame = FrameId::parse(*id);
    if (!stated.frame) refuse(stated, "picture_id", *id, "must be a UUID");
  }
  return stated;
}

std::string last_component(std::string_view path) { return std::string{path.substr(path.find_last_of("/\\") + 1)}; }

std::string name_problem(const std::string& name) {
  const bool fits = !name.empty() && name.size() <= 255 && is_plain_text(name);
  return fits ? "" : "The file needs a name of at most 255 bytes of plain text";
}

}  // namespace cairn::gateway
