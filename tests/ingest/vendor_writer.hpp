#pragma once
// Writes telemetry as cameras do, for tests only: what the readers must give back.

#include "core/bytes.hpp"
#include "core/capture.hpp"
#include "tests/ingest/gpmf_writer.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// A point of a drive north from 55.7, 13.19 at 10 m/s: the second `i` after 2026-04-30T10:20:30Z.
inline Fix drive_point(int i) {
  return {.taken_at = *time_from_iso8601("2026-04-30T10:20:30Z") + std::chrono::seconds{i},
          .place = *LatLon::from_e7(557'000'000 + i * 900, 131'900'000),
          .altitude_m = 20,
          .speed_mps = 10,
          .heading_deg = 2};
}

inline std::string box(const std::string& type, const std::string& content) {
  std::string out;
  append_big_endian(out, 8 + content.size(), 4);
  return out + type + content;
}

template <class Number>
void put(std::string& out, std::size_t at, Number number) {
  std::memcpy(out.data() + at, &number, sizeof(number));
}

inline double nmea_number(double deg) {
  const double whole = std::floor(std::abs(deg));
  return whole * 100 + (std::abs(deg) - whole) * 60;
}

inline std::string nmea_sentence(const std::string& body) {
  unsigned sum = 0;
  for (const char letter : body) sum ^= static_cast<unsigned char>(letter);
  char end[8];
  std::snprintf(end, sizeof(end), "*%02X", sum & 0xFFU);
  return "$" + body + end;
}

/// Date and time of day as NMEA writes them: "300426", "102030.00".
inline std::pair<std::string, std::string> nmea_time(UtcTime time) {
  const auto iso = to_iso8601(time);
  return {iso.substr(8, 2) + iso.substr(5, 2) + iso.substr(2, 2), iso.substr(11, 2) + iso.substr(14, 2) + iso.substr(17, 5)};
}

inline std::string nmea_place(LatLon place) {
  char text[64];
  std::snprintf(text, sizeof(text), "%010.5f,%c,%011.5f,%c", nmea_number(place.lat_deg()), place.lat_deg() < 0 ? 'S' : 'N',
                nmea_number(place.lon_deg()), place.lon_deg() < 0 ? 'W' : 'E');
  return text;
}

inline std::string rmc(const Fix& fix) {
  const auto [date, time] = nmea_time(fix.taken_at);
  char end[64];
  std::snprintf(end, sizeof(end), "%.3f,%.2f", fix.speed_mps.value_or(0) * 3600 / 1852, fix.heading_deg.value_or(0));
  return nmea_sentence("GNRMC," + time + ",A," + nmea_place(fix.place) + "," + end + "," + date + ",,,A");
}

inline std::string gga(const Fix& fix) {
  char end[64];
  std::snprintf(end, sizeof(end), "%.1f,M,40.0,M,,", fix.altitude_m.value_or(0));
  return nmea_sentence("GNGGA," + nmea_time(fix.taken_at).second + "," + nmea_place(fix.place) + ",1,12,1.5," + end);
}

/// Lines of a BlackVue's `.gps` file; the first numbers are milliseconds of the video.
inline std::string blackvue_lines(const std::vector<std::pair<int, Fix>>& fixes) {
  std::string lines;
  for (const auto& [ms, fix] : fixes) {
    const auto clock = "[" + std::to_string(1'777'551'630'000 + ms) + "]";
    lines += clock + rmc(fix) + "\n" + clock + gga(fix) + "\n\n";
  }
  return lines;
}

inline std::string blackvue_movie(const std::vector<std::pair<int, Fix>>& fixes) {
  return box("ftyp", "isom0000") +
         box("free", box("cprt", R"({"model":"DR900X Plus","ver":1.000})") + box("gps ", blackvue_lines(fixes)));
}

inline std::string free_gps_block(std::size_t size) {
  std::string block(size, '\0');
  std::memcpy(block.data(), "freeGPS ", 8);
  return block;
}

/// The numbers of a Novatek block from `base` on.
inline std::string numbers_block(std::size_t base, const Fix& fix, bool locked = true) {
  auto block = free_gps_block(128);
  const auto iso = to_iso8601(fix.taken_at);
  const auto number = [&](std::size_t at, std::size_t count) { return static_cast<std::uint32_t>(std::stoul(iso.substr(at, count))); };
  put(block, base, number(11, 2));
  put(block, base + 4, number(14, 2));
  put(block, base + 8, number(17, 2));
  put(block, base + 12, number(0, 4) - 2000);
  put(block, base + 16, number(5, 2));
  put(block, base + 20, number(8, 2));
  block[base + 24] = locked ? 'A' : 'V';
  block[base + 25] = fix.place.lat_deg() < 0 ? 'S' : 'N';
  block[base + 26] = fix.place.lon_deg() < 0 ? 'W' : 'E';
  put(block, base + 28, static_cast<float>(nmea_number(fix.place.lat_deg())));
  put(block, base + 32, static_cast<float>(nmea_number(fix.place.lon_deg())));
  put(block, base + 36, static_cast<float>(*fix.speed_mps * 3600 / 1852));
  put(block, base + 40, static_cast<float>(*fix.heading_deg));
  return block;
}
inline std::string novatek_block(const Fix& fix, bool locked = true) { return numbers_block(44, fix, locked); }
inline std::string viofo_block(const Fix& fix, bool locked = true) { return numbers_block(12, fix, locked); }

inline std::string vantrue_block(const Fix& fix) {
  auto block = free_gps_block(256);
  const auto sentence = rmc(fix) + "\r\n";
  block.replace(120, sentence.size(), sentence);
  return block;
}

inline std::string seventy_mai_block(const Fix& fix, bool locked = true) {
  auto block = free_gps_block(64);
  put(block, 8, std::uint16_t{0x1ED});
  put(block, 14, std::uint16_t{0x1ED});
  const auto coordinate = [](double deg) { return static_cast<std::int32_t>(std::lround(nmea_number(deg) * 1e5)) * (deg < 0 ? -1 : 1); };
  block[26] = locked ? 'A' : 'V';
  put(block, 27, coordinate(fix.place.lat_deg()));
  put(block, 31, coordinate(fix.place.lon_deg()));
  put(block, 35, static_cast<std::int32_t>(*fix.heading_deg));
  put(block, 39, static_cast<std::int32_t>(*fix.speed_mps * 3.6));
  return block;
}

inline std::string garmin_record(const Fix& fix, bool big_endian) {
  const auto units = [](double deg) { return static_cast<std::int64_t>(std::lround(deg / 180 * 2147483648.0)); };
  const auto part = [&](std::int64_t value, int bytes) {
    auto text = numbers({value}, bytes);
    return big_endian ? text : std::string{text.rbegin(), text.rend()};
  };
  return "PNDM" + std::string(4, '\0') + part(36, 2) + std::string(2, '\0') + part(units(fix.place.lat_deg()), 4) + part(units(fix.place.lon_deg()), 4);
}

inline std::string ubx_frame(unsigned kind, const std::string& payload) {
  std::string body;
  append_big_endian(body, kind, 2);
  body += static_cast<char>(payload.size() & 0xFF);
  body += static_cast<char>(payload.size() >> 8);
  body += payload;
  unsigned a = 0, b = 0;
  for (const char letter : body) {
    a += static_cast<unsigned char>(letter);
    b += a;
  }
  return "\xB5\x62" + body + static_cast<char>(a & 0xFF) + static_cast<char>(b & 0xFF);
}

/// NAV-PVT of 92 bytes with 1.5 m of accuracy.
inline std::string ubx_pvt(const Fix& fix) {
  std::string pvt(92, '\0');
  const auto iso = to_iso8601(fix.taken_at);
  const auto number = [&](std::size_t at, std::size_t count) { return std::stoul(iso.substr(at, count)); };
  put(pvt, 4, static_cast<std::uint16_t>(number(0, 4)));
  const std::size_t places[] = {5, 8, 11, 14, 17};
  for (std::size_t i = 0; i < 5; ++i) pvt[6 + i] = static_cast<char>(number(places[i], 2));
  pvt[11] = 7;
  pvt[20] = 3;
  pvt[21] = 1;
  put(pvt, 24, fix.place.lon_e7());
  put(pvt, 28, fix.place.lat_e7());
  put(pvt, 36, static_cast<std::int32_t>(*fix.altitude_m * 1000));
  put(pvt, 40, std::uint32_t{1500});
  put(pvt, 60, static_cast<std::int32_t>(*fix.speed_mps * 1000));
  put(pvt, 64, static_cast<std::int32_t>(*fix.heading_deg * 1e5));
  return ubx_frame(0x0107, pvt);
}

inline std::string framekm_frame(std::size_t bytes, const Fix& fix) {
  char text[256];
  std::snprintf(text, sizeof(text), R"({"bytes":%zu,"lat":%.7f,"lon":%.7f,"alt":%.1f,"speed":%.2f,"t":%lld,"satellites":9,"eph":7.5})", bytes,
                fix.place.lat_deg(), fix.place.lon_deg(), *fix.altitude_m, *fix.speed_mps * 3.6, static_cast<long long>(micros_of(fix.taken_at) / 1000));
  return text;
}
inline std::string framekm_index(const std::string& name, const std::string& frames) {
  return R"({"bundle":{"name":")" + name + R"(","numFrames":3,"deviceType":"hdc","version":"1.9"},"frames":[)" + frames + "]}";
}

/// Blocks as boxes at the top.
inline std::string free_gps_movie(const std::vector<std::string>& blocks) {
  auto movie = box("ftyp", "isom0000");
  for (const auto& block : blocks) movie += box("free", block.substr(4));
  return movie + box("mdat", "");
}

/// Blocks inside the media data, found by the table in `moov/gps `.
inline std::string free_gps_movie_with_table(const std::vector<std::string>& blocks) {
  auto movie = box("ftyp", "isom0000");
  std::size_t offset = movie.size() + 8 + 8 + 8 + 8 * blocks.size() + 8;
  std::string table = numbers({0x101, static_cast<std::int64_t>(blocks.size())}, 4), media;
  for (const auto& block : blocks) {
    const auto whole = box("free", block.substr(4));
    table += numbers({static_cast<std::int64_t>(offset), static_cast<std::int64_t>(whole.size())}, 4);
    offset += whole.size();
    media += whole;
  }
  return movie + box("moov", box("gps ", table)) + box("mdat", media);
}

}  // namespace cairn::testing
