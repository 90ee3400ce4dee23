#pragma once
// Links and times as the Panoramax API writes them.

#include "core/lat_lon.hpp"
#include "core/time.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::gateway {

inline nlohmann::json link(std::string_view rel, std::string_view type, const std::string& href) {
  return {{"rel", rel}, {"type", type}, {"href", href}};
}
inline nlohmann::json link(std::string_view rel, std::string_view type, const std::string& href, std::string_view title) {
  return {{"rel", rel}, {"type", type}, {"href", href}, {"title", title}};
}
inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kGeoJson = "application/geo+json";
inline constexpr std::string_view kMvt = "application/vnd.mapbox-vector-tile";
inline constexpr std::string_view kQueryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables";  ///< a rel

/// 2026-05-01T12:30:00.250000+00:00, the form of STAC answers.
inline std::string stac_time(UtcTime time) {
  auto text = to_iso8601(time);
  text.pop_back();
  return text + "+00:00";
}

/// Longitude and latitude; divided, because 557000000 / 1e7 is printed as 55.7 and 557000000 * 1e-7 is not.
inline nlohmann::json coordinates(LatLon place) { return {place.lon_e7() / 1e7, place.lat_e7() / 1e7}; }
inline nlohmann::json point(LatLon place) { return {{"type", "Point"}, {"coordinates", coordinates(place)}}; }

/// To 1/steps, so that a computed number has no digits that mean nothing.
inline double rounded(double value, double steps) { return std::round(value * steps) / steps; }

/// Parses JSON that a client sent. Nothing when it is none, has doubled keys, or is nested deeper than 32 (ours needs 5).
std::optional<nlohmann::json> json_from_client(std::string_view text);

/// The parameter `limit`: `otherwise` without one, clamped to `most`; nothing when it is no whole number above 0.
std::optional<int> limit_from(std::optional<std::string_view> text, int otherwise, int most);

/// "w,s,e,n" or six numbers with heights; nothing when it is no box on the globe.
std::optional<std::vector<double>> box_from(std::string_view text);
/// The same, but west may lie beyond east: the box reaches across the date line.
std::optional<std::vector<double>> round_box_from(std::string_view text);

struct TimeSpan {
  std::optional<UtcTime> after, before;   ///< both ends belong to it
};
/// An instant, or "a/b" with an open end as ".." or nothing; nothing when it is neither (strict RFC 3339).
std::optional<TimeSpan> time_span_from(std::string_view text);

}  // namespace cairn::gateway
