// GoPro's telemetry: KLV items (four-letter key, type, size, repeat), big-endian, padded to four bytes, nested DEVC > STRM.
// Format: github.com/gopro/gpmf-parser, docs/README.md. Only the receiver's streams are read: GPS5 (Hero5-10, Fusion, Max)
// and GPS9 (Hero11 and later). Fixes without lock (GPSF < 2), off the globe or at 0, 0 are left out. Broken items end the
// reading of their parent.
#include "ingest/claim_check.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/text_clean.hpp"
#include "ingest/track_lookup.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cairn::ingest {
namespace {

constexpr double kWorstDop = 20;  ///< a vaguer fix says nothing about the street; 99.99 stands for "unknown" and is kept as 300 m

std::uint64_t big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}
std::int32_t int32_at(ByteView bytes, std::size_t at) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(bytes.subspan(at, 4))));
}

struct Item {
  std::string_view key;
  char type = 0;       ///< 0: holds items
  std::size_t size = 0;
  std::size_t repeat = 0;
  ByteView value;
};

/// Takes items off the front of their parent's value.
class ItemReader {
 public:
  explicit ItemReader(ByteView bytes) : rest_{bytes} {}

  std::optional<Item> next() {
    if (rest_.size() < 8) return std::nullopt;
    Item item{.key = text_of(rest_.first(4)),
              .type = static_cast<char>(rest_[4]),
              .size = std::to_integer<std::size_t>(rest_[5]),
              .repeat = static_cast<std::size_t>(big_endian(rest_.subspan(6, 2)))};
    const auto length = item.size * item.repeat;
    if (item.key[0] == '\0' || length > rest_.size() - 8) return std::nullopt;
    item.value = rest_.subspan(8, length);
    rest_ = rest_.subspan(std::min(rest_.size(), 8 + (length + 3) / 4 * 4));
    return item;
  }

 private:
  ByteView rest_;
};

/// One number of a type that scales and counts come in.
std::optional<double> number_of(char type, ByteView bytes) {
  const auto raw = big_endian(bytes);
  switch (type) {
    case 'b': return static_cast<std::int8_t>(raw);
    case 'B': return static_cast<double>(raw);
    case 's': return static_cast<std::int16_t>(raw);
    case 'l': return static_cast<std::int32_t>(raw);
    case 'S':
    case 'L': return static_cast<double>(raw);
    case 'f': return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    default: return std::nullopt;
  }
}

std::vector<double> numbers_of(const Item& item) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < item.repeat && item.size > 0 && item.size <= 4; ++i) {
    const auto number = number_of(item.type, item.value.subspan(i * item.size, item.size));
    if (!number || !std::isfinite(*number)) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

/// "191118234514.000": year of the century, month, day, hour, minute, second, milliseconds.
std::optional<UtcTime> time_of(ByteView value) {
  const auto text = text_of(value);
  if (text.size() < 16) return std::nullopt;
  std::string iso = "20";
  iso.append(text, 0, 2).append("-").append(text, 2, 2).append("-").append(text, 4, 2).append("T");
  iso.append(text, 6, 2).append(":").append(text, 8, 2).append(":").append(text, 10, 6);
  return time_from_iso8601(iso);
}

/// What stands in a stream before its samples and holds for them.
struct StreamState {
  std::vector<double> scale;
  std::string type;                 ///< TYPE: the members of a compound sample
  int lock = 0;                     ///< GPSF: 0 none, 2 two-dimensional, 3 three-dimensional
  std::optional<double> dop;        ///< GPSP / 100
  std::optional<UtcTime> utc;       ///< GPSU: when the samples of this packet begin

  double scaled(std::int64_t raw, std::size_t member) const {
    return static_cast<double>(raw) / scale[scale.size() == 1 ? 0 : member];
  }
  bool has_scale(std::size_t members) const {
    if (scale.size() != 1 && scale.size() < members) return false;
    return std::ranges::find(scale, 0.0) == scale.end();
  }
};

struct Packet {
  double at_s;
  double duration_s;
  double time_of(std::size_t sample, std::size_t samples) const {
    return at_s + duration_s * static_cast<double>(sample) / static_cast<double>(samples);
  }
};

/// The first five members are the same in both kinds of sample: latitude, longitude, altitude, speed 2D, speed 3D.
std::optional<Fix> fix_of(const StreamState& state, ByteView sample, std::optional<double> dop) {
  const auto value = [&](std::size_t member) { return state.scaled(int32_at(sample, member * 4), member); };
  const StatedPlace stated{value(0), value(1)};
  if (check_place(stated)) return std::nullopt;
  Fix fix{.place = *LatLon::from_degrees(stated.lat_deg, stated.lon_deg), .altitude_m = value(2), .speed_mps = value(3)};
  if (!(*fix.speed_mps >= 0 && *fix.speed_mps < 1000)) fix.speed_mps.reset();
  if (!(std::abs(*fix.altitude_m) < 20'000)) fix.altitude_m.reset();
  if (dop && *dop > 0) fix.accuracy_m = *dop * kMetresPerDop;
  return fix;
}

bool is_vague(std::optional<double> dop) { return dop && *dop > kWorstDop && *dop < 99.99; }

void add_gps5(const Item& item, const StreamState& state, const Packet& packet, Telemetry& telemetry) {
  if (item.type != 'l' || item.size != 20 || state.lock < 2 || is_vague(state.dop) || !state.has_scale(5)) return;
  if (state.utc) telemetry.clock.push_back({packet.at_s, *state.utc});
  for (std::size_t i = 0; i < item.repeat; ++i) {
    const auto fix = fix_of(state, item.value.subspan(i * 20, 20), state.dop);
    if (fix) telemetry.fixes.push_back({packet.time_of(i, item.repeat), *fix});
  }
}

/// Members 5-8: days since 2000, seconds since midnight, dilution of precision, lock.
void add_gps9(const Item& item, const StreamState& state, const Packet& packet, Telemetry& telemetry) {
  if (item.type != '?' || item.size != 32 || state.type != "lllllllSS" || !state.has_scale(9)) return;
  constexpr UtcTime k2000 = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
  for (std::size_t i = 0; i < item.repeat; ++i) {
    const auto sample = item.value.subspan(i * 32, 32);
    const double dop = state.scaled(static_cast<std::int64_t>(big_endian(sample.subspan(28, 2))), 7);
    const double lock = state.scaled(static_cast<std::int64_t>(big_endian(sample.subspan(30, 2))), 8);
    if (!(lock >= 2) || is_vague(dop)) continue;
    const double days = state.scaled(int32_at(sample, 20), 5), seconds = state.scaled(int32_at(sample, 24), 6);
    const auto at_s = packet.time_of(i, item.repeat);
    if (days >= 0 && days < 40'000 && seconds >= 0 && seconds < 86'401) {
      telemetry.clock.push_back({at_s, time_at(k2000, days * 86'400 + seconds)});
    }
    if (const auto fix = fix_of(state, sample, dop)) telemetry.fixes.push_back({at_s, *fix});
  }
}

void read_setting(const Item& item, StreamState& state) {
  if (item.key == "SCAL") state.scale = numbers_of(item);
  if (item.key == "TYPE") state.type = clean_text(text_of(item.value), 64);
  if (item.key == "GPSU") state.utc = time_of(item.value);
  if (item.key == "GPSF" || item.key == "GPSP") {
    const auto numbers = numbers_of(item);
    if (numbers.empty()) return;
    if (item.key == "GPSF") state.lock = numbers[0] >= 2 && numbers[0] <= 3 ? static_cast<int>(numbers[0]) : 0;
    if (item.key == "GPSP") state.dop = numbers[0] / 100;
  }
}

void read_stream(ByteView stream, const Packet& packet, Telemetry& telemetry) {
  StreamState state;
  ItemReader items{stream};
  while (const auto item = telemetry.is_full() ? std::nullopt : items.next()) {
    if (item->key == "GPS5") {
      add_gps5(*item, state, packet, telemetry);
    } else if (item->key == "GPS9") {
      add_gps9(*item, state, packet, telemetry);
    } else {
      read_setting(*item, state);
    }
  }
}

/// One packet of the stream. Its fixes are spread evenly over its time.
void add_packet(ByteView bytes, const Packet& packet, Telemetry& telemetry) {
  ItemReader devices{bytes};
  while (const auto device = devices.next()) {
    if (device->key != "DEVC" || device->type != 0) continue;
    ItemReader items{device->value};
    while (const auto item = items.next()) {
      if (item->key == "DVNM" && telemetry.model.empty()) {
        telemetry.make = "GoPro";
        telemetry.model = clean_text(text_of(item->value), 64);
      }
      if (item->key == "STRM" && item->type == 0) read_stream(item->value, packet, telemetry);
    }
  }
}

bool recognises(const MovieParts& parts) { return parts.has_stream({"gpmd"}); }

Telemetry read(const MovieParts& parts) {
  Telemetry telemetry;
  parts.read_packets({"gpmd"}, [&](ByteView bytes, double at_s, double duration_s) {
    add_packet(bytes, {at_s, duration_s}, telemetry);
    return !telemetry.is_full();
  });
  return telemetry;
}

}  // namespace

const MovieFormat kGpmf{"GoPro GPMF", recognises, read};

}  // namespace cairn::ingest
