// Tables of points: a first line with names of columns, separated by comma, semicolon or tab. Columns are known by their names:
// latitude and longitude in degrees, a time in ISO 8601 or as seconds, milliseconds or microseconds since 1970, or date and time
// apart. Speeds are read only where the name says the unit.
#include "ingest/number_text.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/telemetry/lines.hpp"
#include "ingest/track_lookup.hpp"

#include <algorithm>
#include <array>

namespace cairn::ingest {
namespace {

constexpr std::size_t kMostColumns = 32;
constexpr std::size_t kLongestHeader = 4096;
using Row = std::array<std::string_view, kMostColumns>;

struct Columns {
  char separator = ',';
  std::optional<std::size_t> lat, lon, time, date, altitude, accuracy, dop, heading, speed;
  double mps_per_speed = 1;
};

std::string_view unquoted(std::string_view field) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '"')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '"')) field.remove_suffix(1);
  return field;
}

/// "Speed (km/h)" -> "speedkmh".
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    if (letter >= 'A' && letter <= 'Z') plain += static_cast<char>(letter - 'A' + 'a');
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) plain += letter;
  }
  return plain;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

void name_column(const std::string& name, std::size_t column, Columns& columns) {
  const auto set = [&](std::optional<std::size_t>& which) {
    if (!which) which = column;
  };
  if (is_one_of(name, {"lat", "latitude", "latitudedeg", "latdeg", "gpslatitude"})) set(columns.lat);
  if (is_one_of(name, {"lon", "lng", "long", "longitude", "longitudedeg", "londeg", "gpslongitude"})) set(columns.lon);
  if (is_one_of(name, {"time", "timestamp", "timestampms", "datetime", "utc", "utctime", "takenat", "capturetime", "gpstime",
                       "timeseconds", "timetext", "unixtime", "epoch", "epochs", "epochms", "isotime", "gpsdatetime"})) {
    set(columns.time);
  }
  if (is_one_of(name, {"date", "utcdate", "gpsdate"})) set(columns.date);
  if (is_one_of(name, {"alt", "altitude", "altitudem", "ele", "elevation", "elevationm", "altm", "height"})) set(columns.altitude);
  if (is_one_of(name, {"accuracy", "accuracym", "hacc", "haccm", "horizontalaccuracy"})) set(columns.accuracy);
  if (is_one_of(name, {"hdop"})) set(columns.dop);
  if (is_one_of(name, {"course", "coursedeg", "heading", "headingdeg", "bearing", "bearingdeg"})) set(columns.heading);
  if (columns.speed) return;
  if (is_one_of(name, {"speedms", "speedmps", "speedmetersps"})) set(columns.speed);
  if (is_one_of(name, {"speedkmh", "speedkph", "kmh", "kph"})) set(columns.speed), columns.mps_per_speed = 1 / 3.6;
  if (is_one_of(name, {"speedmph", "mph"})) set(columns.speed), columns.mps_per_speed = 0.44704;
  if (is_one_of(name, {"speedkn", "speedkt", "speedknots", "knots"})) set(columns.speed), columns.mps_per_speed = 1852.0 / 3600;
}

/// Nothing when the line doesn't name columns for a place.
std::optional<Columns> columns_of(std::string_view header) {
  if (header.size() > kLongestHeader) return std::nullopt;
  if (header.starts_with("\xEF\xBB\xBF")) header.remove_prefix(3);
  for (const char separator : {',', ';', '\t'}) {
    Columns columns{.separator = separator};
    const auto names = fields_of<kMostColumns>(header, separator);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!names[i].empty()) name_column(plain_name(names[i]), i, columns);
    }
    if (columns.lat && columns.lon) return columns;
  }
  return std::nullopt;
}

/// A number is seconds, milliseconds or microseconds since 1970, whichever lies after 1990; smaller ones count from elsewhere.
std::optional<UtcTime> time_from(double number) {
  constexpr double k1990 = 631'152'000;
  for (const double per_second : {1e6, 1e3, 1.0}) {
    if (number / per_second >= k1990 && number / per_second < 5e9) return time_at(UtcTime{}, number / per_second);
  }
  return std::nullopt;
}

std::optional<UtcTime> time_in(const Row& row, const Columns& columns) {
  if (!columns.time) return std::nullopt;
  const auto time = unquoted(row[*columns.time]);
  if (columns.date) return time_from_iso8601(std::string{unquoted(row[*columns.date])} + "T" + std::string{time});
  if (const auto number = number_from_text(time)) return time_from(*number);
  return time_from_iso8601(time);
}

std::optional<double> value_in(const Row& row, const std::optional<std::size_t>& column, double least, double most) {
  const auto number = column ? number_from_text(unquoted(row[*column])) : std::nullopt;
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

/// False once the file holds too many points.
bool add_line(std::string_view line, const Columns& columns, TrackBuilder& points) {
  const auto row = fields_of<kMostColumns>(line, columns.separator);
  const auto lat = number_from_text(unquoted(row[*columns.lat])), lon = number_from_text(unquoted(row[*columns.lon]));
  Fix fix{.altitude_m = value_in(row, columns.altitude, -12'000, 20'000), .accuracy_m = value_in(row, columns.accuracy, 0.001, 1e6)};
  if (const auto dop = value_in(row, columns.dop, 0.01, 100)) fix.accuracy_m = *dop * kMetresPerDop;
  if (const auto heading = value_in(row, columns.heading, 0, 360)) fix.heading_deg = heading_within_circle(*heading);
  if (const auto speed = value_in(row, columns.speed, 0, 4000)) fix.speed_mps = *speed * columns.mps_per_speed;
  return points.add(time_in(row, columns), lat && lon ? std::optional{StatedPlace{*lat, *lon}} : std::nullopt, fix);
}

bool recognises(ByteView bytes) {
  const auto first = LineReader{text_of(bytes.first(std::min(bytes.size(), kLongestHeader + 1)))}.next();
  return first && columns_of(*first).has_value();
}

std::variant<TrackFile, Refusal> read(ByteView bytes, UtcTime received_at) {
  LineReader lines{text_of(bytes)};
  const auto columns = columns_of(lines.next().value_or(""));
  if (!columns) return Refusal{Reason::broken_file, "the first line names no columns for latitude and longitude"};
  TrackBuilder points{received_at};
  while (const auto line = lines.next()) {
    if (!line->empty() && !add_line(*line, *columns, points)) break;
  }
  return std::move(points).result();
}

}  // namespace

const TrackFormat kCsv{"CSV", recognises, read};

}  // namespace cairn::ingest
