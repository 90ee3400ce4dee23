#pragma once
// Writes GoPro's telemetry, for tests only: what the reader must give back.

#include "core/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::testing {

inline void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

inline std::string item(std::string_view key, char type, std::size_t size, std::size_t repeat, std::string value) {
  std::string out{key};
  out += type;
  append_big_endian(out, size, 1);
  append_big_endian(out, repeat, 2);
  out += value;
  while (out.size() % 4 != 0) out += '\0';
  return out;
}
inline std::string text_item(std::string_view key, const std::string& text) { return item(key, 'c', 1, text.size(), text); }
inline std::string nest(std::string_view key, const std::string& items) { return item(key, '\0', 1, items.size(), items); }

struct RawFix {
  std::int32_t lat_e7 = 0, lon_e7 = 0, altitude_mm = 0, speed_mmps = 0;
};

inline std::string numbers(const std::vector<std::int64_t>& values, int bytes) {
  std::string out;
  for (const auto value : values) append_big_endian(out, static_cast<std::uint64_t>(value), bytes);
  return out;
}

/// A packet with one GPS5 stream. `utc` as in GPSU: "260430102030.000".
inline std::string gps5_packet(const std::vector<RawFix>& fixes, const std::string& utc, int lock = 3, int dop_e2 = 150) {
  std::string samples;
  for (const auto& fix : fixes) samples += numbers({fix.lat_e7, fix.lon_e7, fix.altitude_mm, fix.speed_mmps, 0}, 4);
  const auto stream = item("GPSF", 'L', 4, 1, numbers({lock}, 4)) + item("GPSU", 'U', 16, 1, utc) +
                      item("GPSP", 'S', 2, 1, numbers({dop_e2}, 2)) +
                      item("SCAL", 'l', 4, 5, numbers({10'000'000, 10'000'000, 1000, 1000, 100}, 4)) +
                      item("GPS5", 'l', 20, fixes.size(), samples);
  return nest("DEVC", text_item("DVNM", "Hero6 Black") + nest("STRM", stream));
}

/// A packet with one GPS9 stream; its fixes are `step_ms` apart from a second of a day (days since 2000).
inline std::string gps9_packet(const std::vector<RawFix>& fixes, int day, int first_ms, int step_ms, int lock = 3) {
  std::string samples;
  int at_ms = first_ms;
  for (const auto& fix : fixes) {
    samples += numbers({fix.lat_e7, fix.lon_e7, fix.altitude_mm, fix.speed_mmps, 0, day, at_ms}, 4) + numbers({150, lock}, 2);
    at_ms += step_ms;
  }
  const auto scale = numbers({10'000'000, 10'000'000, 1000, 1000, 100, 1, 1000, 100, 1}, 4);
  const auto stream = text_item("TYPE", "lllllllSS") + item("SCAL", 'l', 4, 9, scale) + item("GPS9", '?', 32, fixes.size(), samples);
  return nest("DEVC", text_item("DVNM", "Hero11 Black") + nest("STRM", stream));
}

}  // namespace cairn::testing
