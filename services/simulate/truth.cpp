#include "services/simulate/files.hpp"
#include "services/simulate/simulate.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace cairn::simulate {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale + 0.0;  // no "-0.0"
}

Json degrees_of(LatLon place) { return {{"lat", rounded(place.lat_deg(), 7)}, {"lon", rounded(place.lon_deg(), 7)}}; }

Json thing(const Town& town, std::string id, std::string_view object, Vec3 centre, double facing_deg) {
  Json json{{"id", std::move(id)}, {"object", object}};
  json.update(degrees_of(place_of(town, {centre.x, centre.y})));
  json["height_m"] = rounded(centre.z, 3);
  json["facing_deg"] = rounded(heading_within_circle(facing_deg), 2);
  return json;
}

Json town_json(const Town& town) {
  Json things = Json::array();
  for (std::size_t i = 0; i < town.signs.size(); ++i) {
    const auto& sign = town.signs[i];
    Json json = thing(town, "sign-" + std::to_string(i), "sign", sign.centre, sign.facing_deg);
    json["class"] = code_of(sign.kind);
    json["gtsrb"] = gtsrb_class_of(sign.kind);
    json["size_m"] = sign.size_m;
    things.push_back(std::move(json));
  }
  for (std::size_t i = 0; i < town.lights.size(); ++i)
    things.push_back(
        thing(town, "light-" + std::to_string(i), "traffic_light", town.lights[i].centre, town.lights[i].facing_deg));
  return {{"seed", town.options.seed},
          {"origin", degrees_of(town.options.origin)},
          {"altitude_m", town.options.altitude_m},
          {"things", std::move(things)}};
}

Json box_json(const TruthBox& truth) {
  return {{"object", code_of(truth.object)},      {"id", truth.id},
          {"left", rounded(truth.box.left, 1)},   {"top", rounded(truth.box.top, 1)},
          {"right", rounded(truth.box.right, 1)}, {"bottom", rounded(truth.box.bottom, 1)},
          {"visible", rounded(truth.visible, 2)}};
}

Json gnss_json(const GnssReport& report) {
  Json json = degrees_of(report.place);
  json["altitude_m"] = rounded(report.altitude_m, 2);
  json["accuracy_m"] = rounded(report.accuracy_m, 2);
  json["speed_mps"] = rounded(report.speed_mps, 3);
  json["heading_deg"] = rounded(report.heading_deg, 2);
  return json;
}

Json frame_json(const DriveTruth& drive, std::size_t i) {
  const auto& frame = drive.frames[i];
  Json json{{"file", drive.files[i]}, {"taken_at", to_iso8601(frame.taken_at)}};
  json.update(degrees_of(frame.place));
  json["altitude_m"] = rounded(frame.altitude_m, 3);
  json["heading_deg"] = rounded(frame.camera.heading_deg, 3);
  json["pitch_deg"] = rounded(frame.camera.pitch_deg, 3);
  json["roll_deg"] = rounded(frame.camera.roll_deg, 3);
  json["speed_mps"] = rounded(frame.speed_mps, 3);
  json["gnss"] = frame.gnss ? gnss_json(*frame.gnss) : Json{};
  Json boxes = Json::array();
  for (const auto& box : drive.boxes[i]) boxes.push_back(box_json(box));
  json["boxes"] = std::move(boxes);
  return json;
}

Json drive_json(const DriveTruth& drive) {
  Json json{{"name", drive.name},
            {"contributor", drive.contributor},
            {"light", drive.light == Light::night ? "night" : "day"},
            {"width_px", drive.width_px},
            {"height_px", drive.height_px},
            {"focal_px", rounded(drive.focal_px, 3)},
            {"camera_height_m", drive.camera_height_m}};
  Json frames = Json::array();
  for (std::size_t i = 0; i < drive.frames.size(); ++i) frames.push_back(frame_json(drive, i));
  json["frames"] = std::move(frames);
  return json;
}

/// One line per thing and per frame: small, and readable all the same.
std::string lines_of(const Json& list) {
  std::string text = "[";
  for (std::size_t i = 0; i < list.size(); ++i) text += (i == 0 ? "\n" : ",\n") + list[i].dump();
  return text + "\n]";
}

std::string text_of(Json json, const char* list_name) {
  const Json list = std::move(json[list_name]);
  json.erase(list_name);
  std::string text = json.dump();
  text.back() = ',';
  return text + "\"" + list_name + "\":" + lines_of(list) + "}";
}

}  // namespace

void write_truth(const Town* town, const std::vector<DriveTruth>& drives, const std::filesystem::path& file) {
  std::string text =
      "{\"town\":" + (town ? text_of(town_json(*town), "things") : std::string{"null"}) + ",\n\"drives\":[";
  for (std::size_t i = 0; i < drives.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + text_of(drive_json(drives[i]), "frames");
  write_file(file, bytes_of(text + "\n]}\n"));
}

}  // namespace cairn::simulate
