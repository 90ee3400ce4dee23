// u-blox receivers: frames B5 62, class, identifier, length (little-endian), payload, two bytes of checksum. Read is NAV-PVT
// (01 07): u-blox M8 to F9 interface descriptions, "UBX-NAV-PVT". Comments, NMEA and other frames between are passed over.
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/formats.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::ingest {
namespace {

using namespace std::chrono;

constexpr std::string_view kSync = "\xB5\x62";
constexpr std::size_t kSearchLength = 8192;
constexpr std::size_t kFrameRest = 8;         ///< sync, class, identifier, length, checksum
constexpr std::size_t kPatience = 16 << 20;   ///< bytes beyond the file's own that may be summed up in vain
constexpr std::size_t kPvtLength = 84;        ///< 92 since protocol 15; the first 84 bytes are the same

struct Frame {
  unsigned kind = 0;   ///< class * 256 + identifier
  ByteView payload;
};

/// The frame at the front of some bytes, as long as it says it is; nothing when they end before.
std::optional<ByteView> whole_frame(ByteView bytes) {
  if (bytes.size() < kFrameRest) return std::nullopt;
  const std::size_t length = little_endian_at<std::uint16_t>(bytes, 4) + kFrameRest;
  return length <= bytes.size() ? std::optional{bytes.first(length)} : std::nullopt;
}

/// Whether its checksum (Fletcher's, 8 bits) is right.
bool is_right(ByteView frame) {
  unsigned a = 0, b = 0;
  for (const auto byte : frame.subspan(2, frame.size() - 4)) {
    a += std::to_integer<unsigned>(byte);
    b += a;
  }
  const auto stated = frame.last(2);
  return (a & 0xFF) == std::to_integer<unsigned>(stated[0]) && (b & 0xFF) == std::to_integer<unsigned>(stated[1]);
}

/// Takes frames off the front of some bytes.
class FrameReader {
 public:
  explicit FrameReader(ByteView bytes) : rest_{bytes}, patience_{bytes.size() + kPatience} {}

  /// Nothing at the end, and where too many bytes were summed up for frames that are none.
  std::optional<Frame> next() {
    while (true) {
      const auto at = text_of(rest_).find(kSync);
      if (at == std::string_view::npos) return std::nullopt;
      rest_ = rest_.subspan(at);
      const auto frame = whole_frame(rest_);
      if (frame && is_right(*frame)) {
        rest_ = rest_.subspan(frame->size());
        return Frame{std::to_integer<unsigned>((*frame)[2]) << 8 | std::to_integer<unsigned>((*frame)[3]), frame->subspan(6, frame->size() - kFrameRest)};
      }
      const auto in_vain = frame ? frame->size() : 0;
      if (in_vain > patience_) return std::nullopt;
      patience_ -= in_vain;
      rest_ = rest_.subspan(kSync.size());
    }
  }

 private:
  ByteView rest_;
  std::size_t patience_;   ///< else a file of false beginnings takes 64 kB of work for every two of its bytes
};

std::optional<UtcTime> time_of(ByteView pvt) {
  const auto byte = [&](std::size_t at) { return std::to_integer<unsigned>(pvt[at]); };
  const auto date = year{little_endian_at<std::uint16_t>(pvt, 4)} / month{byte(6)} / day{byte(7)};
  constexpr unsigned kDateAndTimeValid = 3;
  if ((byte(11) & kDateAndTimeValid) != kDateAndTimeValid || !date.ok() || byte(8) > 23 || byte(9) > 59 || byte(10) > 60) return std::nullopt;
  const auto nanos = std::clamp(little_endian_at<std::int32_t>(pvt, 16), -1'000'000'000, 1'000'000'000);
  return sys_days{date} + hours{byte(8)} + minutes{byte(9)} + seconds{byte(10)} + microseconds{nanos / 1000};
}

/// False once there are too many.
bool add_point(ByteView pvt, TrackBuilder& points) {
  const auto kind = std::to_integer<unsigned>(pvt[20]);
  const bool is_fix = (std::to_integer<unsigned>(pvt[21]) & 1) != 0 && kind >= 2 && kind <= 4;
  if (!is_fix) return true;
  const auto whole = [&](std::size_t at) { return static_cast<double>(little_endian_at<std::int32_t>(pvt, at)); };
  Fix fix{.altitude_m = whole(36) / 1000, .accuracy_m = little_endian_at<std::uint32_t>(pvt, 40) / 1000.0};
  if (whole(60) >= 0 && whole(60) < 1e6) fix.speed_mps = whole(60) / 1000;
  if (whole(64) >= 0 && whole(64) <= 360e5) fix.heading_deg = heading_within_circle(whole(64) / 1e5);
  return points.add(time_of(pvt), StatedPlace{whole(28) / 1e7, whole(24) / 1e7}, fix);
}

bool recognises(ByteView bytes) {
  return FrameReader{bytes.first(std::min(bytes.size(), kSearchLength))}.next().has_value();
}

std::variant<TrackFile, Refusal> read(ByteView bytes, UtcTime received_at) {
  constexpr unsigned kNavPvt = 0x0107;
  TrackBuilder points{received_at};
  bool any = false;
  FrameReader frames{bytes};
  while (const auto frame = frames.next()) {
    if (frame->kind != kNavPvt || frame->payload.size() < kPvtLength) continue;
    any = true;
    if (!add_point(frame->payload, points)) break;
  }
  if (!any) return Refusal{Reason::no_place, "the u-blox log holds no NAV-PVT message: switch it on in the receiver"};
  return std::move(points).result();
}

}  // namespace

const TrackFormat kUbx{"u-blox UBX", recognises, read};

}  // namespace cairn::ingest
