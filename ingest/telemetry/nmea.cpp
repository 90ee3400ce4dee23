#include "ingest/telemetry/nmea.hpp"

#include "ingest/number_text.hpp"
#include "ingest/telemetry/lines.hpp"
#include "ingest/track_lookup.hpp"

#include <cmath>

namespace cairn::ingest {
namespace {

using namespace std::chrono;

constexpr double kMpsPerKnot = 1852.0 / 3600;
constexpr std::size_t kMostFields = 16;   ///< RMC has 13, GGA 15

int hex_value(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::optional<int> two_digits(std::string_view text, std::size_t at) {
  if (text.size() < at + 2 || text[at] < '0' || text[at] > '9' || text[at + 1] < '0' || text[at + 1] > '9') return std::nullopt;
  return (text[at] - '0') * 10 + text[at + 1] - '0';
}

/// "171926.50": since midnight.
std::optional<microseconds> time_of_day(std::string_view text) {
  const auto hour = two_digits(text, 0), minute = two_digits(text, 2), second = two_digits(text, 4);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  microseconds time = hours{*hour} + minutes{*minute} + seconds{*second};
  int unit = 100'000;
  for (std::size_t i = 7; text.size() > 6 && text[6] == '.' && i < text.size() && unit > 0; ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    time += microseconds{(text[i] - '0') * unit};
  }
  return time;
}

/// "180315": day, month, year of the century. Receivers of the 1990s are of no use here, so that it is always this century.
std::optional<sys_days> date_of(std::string_view text) {
  const auto d = two_digits(text, 0), m = two_digits(text, 2), y = two_digits(text, 4);
  if (text.size() != 6 || !d || !m || !y) return std::nullopt;
  const auto date = year{2000 + *y} / month{static_cast<unsigned>(*m)} / day{static_cast<unsigned>(*d)};
  return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

std::optional<LatLon> place_of(std::string_view lat, std::string_view north, std::string_view lon, std::string_view east) {
  const auto lat_number = number_from_text(lat), lon_number = number_from_text(lon);
  if (!lat_number || !lon_number || north.size() != 1 || east.size() != 1) return std::nullopt;
  if (north[0] != 'N' && north[0] != 'S') return std::nullopt;
  if (east[0] != 'E' && east[0] != 'W') return std::nullopt;
  const auto lat_deg = degrees_from_nmea(*lat_number, north[0]), lon_deg = degrees_from_nmea(*lon_number, east[0]);
  if (!lat_deg || !lon_deg || check_place(StatedPlace{*lat_deg, *lon_deg})) return std::nullopt;
  return LatLon::from_degrees(*lat_deg, *lon_deg);
}

std::optional<double> number_within(std::string_view text, double least, double most) {
  const auto number = number_from_text(text);
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

/// The day that makes a time of day follow the last time most closely: a GGA says no date.
UtcTime next_after(UtcTime last, microseconds time) {
  const auto midnight = floor<days>(last);
  const auto same_day = midnight + time;
  if (same_day < last - hours{12}) return same_day + days{1};
  return same_day > last + hours{12} ? same_day - days{1} : same_day;
}

}  // namespace

std::optional<double> degrees_from_nmea(double degrees_and_minutes, char hemisphere) {
  if (!(degrees_and_minutes >= 0 && degrees_and_minutes < 18'100)) return std::nullopt;
  const double degrees = std::floor(degrees_and_minutes / 100);
  const double minutes = degrees_and_minutes - degrees * 100;
  if (minutes >= 60) return std::nullopt;
  switch (hemisphere) {
    case 'N':
    case 'E': return degrees + minutes / 60;
    case 'S':
    case 'W': return -(degrees + minutes / 60);
    default: return std::nullopt;
  }
}

/// The sentence without its checksum; empty when that is wrong. One without a checksum is taken as it is.
std::string_view NmeaReader::checked(std::string_view sentence) {
  const auto star = sentence.find('*');
  if (star == std::string_view::npos || checksums_ == Checksums::ignored) return sentence.substr(0, star);
  unsigned char sum = 0;
  for (const char letter : sentence.substr(0, star)) sum = static_cast<unsigned char>(sum ^ static_cast<unsigned char>(letter));
  const bool right = sentence.size() >= star + 3 && hex_value(sentence[star + 1]) * 16 + hex_value(sentence[star + 2]) == sum;
  ++(right ? right_sums_ : wrong_sums_);
  return right ? sentence.substr(0, star) : std::string_view{};
}

void NmeaReader::add(std::string_view text, double at_s) {
  const auto start = text.find('$');
  if (start != std::string_view::npos) add_sentence(text.substr(start + 1), at_s);
}

void NmeaReader::add_sentence(std::string_view sentence, double at_s) {
  if (sentence.size() < 7 || is_full()) return;
  const auto type = sentence.substr(2, 4);
  if (type == "RMC,") add_rmc(checked(sentence), at_s);
  if (type == "GGA,") add_gga(checked(sentence), at_s);
}

Fix* NmeaReader::fix_at(UtcTime time, LatLon place, double at_s) {
  last_ = time;
  if (fixes_.empty() || fixes_.back().fix.taken_at != time) fixes_.push_back({at_s, {.taken_at = time, .place = place}});
  return &fixes_.back().fix;
}

void NmeaReader::add_rmc(std::string_view sentence, double at_s) {
  const auto fields = fields_of<kMostFields>(sentence, ',');
  const auto time = time_of_day(fields[1]);
  const auto date = date_of(fields[9]);
  const auto place = place_of(fields[3], fields[4], fields[5], fields[6]);
  if (!time || !date || !place || fields[2] != "A") return;
  auto* fix = fix_at(*date + *time, *place, at_s);
  if (const auto knots = number_within(fields[7], 0, 2000)) fix->speed_mps = *knots * kMpsPerKnot;
  if (const auto course = number_within(fields[8], 0, 360)) fix->heading_deg = heading_within_circle(*course);
}

void NmeaReader::add_gga(std::string_view sentence, double at_s) {
  const auto fields = fields_of<kMostFields>(sentence, ',');
  const auto time = time_of_day(fields[1]);
  const auto place = place_of(fields[2], fields[3], fields[4], fields[5]);
  const bool has_fix = fields[6].size() == 1 && fields[6][0] >= '1' && fields[6][0] <= '6';
  if (!time || !place || !has_fix || !last_) return;
  auto* fix = fix_at(next_after(*last_, *time), *place, at_s);
  if (const auto dop = number_within(fields[8], 0.01, 100)) fix->accuracy_m = *dop * kMetresPerDop;
  fix->altitude_m = number_within(fields[9], -12'000, 20'000);
}

Telemetry telemetry_of(const NmeaReader& reader) {
  Telemetry telemetry;
  telemetry.fixes = reader.fixes();
  for (const auto& [at_s, fix] : telemetry.fixes) telemetry.clock.push_back({at_s, fix.taken_at});
  return telemetry;
}

}  // namespace cairn::ingest
