#include "ingest/mapillary_tags.hpp"

#include "ingest/number_text.hpp"

#include <nlohmann/json.hpp>

namespace cairn::ingest {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestDescription = 65'536;  ///< an EXIF segment holds no more

const json* member_of(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::optional<double> number_of(const json& object, const char* name) {
  const auto* member = member_of(object, name);
  if (!member) return std::nullopt;
  if (member->is_string()) return number_from_text(member->get_ref<const std::string&>());
  if (!member->is_number() || !std::isfinite(member->get<double>())) return std::nullopt;
  return member->get<double>();
}

std::string text_of_member(const json& object, const char* name) {
  const auto* member = member_of(object, name);
  return member && member->is_string() ? member->get<std::string>() : std::string{};
}

std::optional<StatedPlace> place_of(const json& tags) {
  const auto lat = number_of(tags, "MAPLatitude");
  const auto lon = number_of(tags, "MAPLongitude");
  if (!lat || !lon) return std::nullopt;
  return StatedPlace{*lat, *lon};
}

}  // namespace

std::optional<UtcTime> time_from_mapillary(std::string_view text) {
  if (text.size() < 19) return std::nullopt;
  std::string iso{text};
  for (const std::size_t at : {4, 7, 10, 13, 16}) {
    if (iso[at] != '_') return std::nullopt;
  }
  iso[4] = iso[7] = '-';
  iso[10] = 'T';
  iso[13] = iso[16] = ':';
  if (iso.size() > 19) {
    if (iso[19] != '_') return std::nullopt;
    iso[19] = '.';
  }
  return time_from_iso8601(iso);
}

MapillaryTags mapillary_tags_of(std::string_view description) {
  MapillaryTags tags;
  const auto start = description.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || description[start] != '{') return tags;
  if (description.size() > kLongestDescription) return tags;
  const auto parsed = json::parse(description, nullptr, false);
  if (!parsed.is_object()) return tags;
  tags.taken_at = time_from_mapillary(text_of_member(parsed, "MAPCaptureTime"));
  tags.place = place_of(parsed);
  tags.altitude_m = number_of(parsed, "MAPAltitude");
  tags.accuracy_m = number_of(parsed, "MAPGPSAccuracyMeters");
  if (const auto* compass = member_of(parsed, "MAPCompassHeading")) tags.heading_deg = number_of(*compass, "TrueHeading");
  tags.sequence = text_of_member(parsed, "MAPSequenceUUID");
  tags.make = text_of_member(parsed, "MAPDeviceMake");
  tags.model = text_of_member(parsed, "MAPDeviceModel");
  return tags;
}

}  // namespace cairn::ingest
