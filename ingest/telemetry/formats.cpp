#include "ingest/telemetry/formats.hpp"

#include <algorithm>
#include <array>

namespace cairn::ingest {

std::span<const MovieFormat* const> movie_formats() {
  static constexpr std::array kFormats{&kGpmf, &kCamm, &kBlackVue, &kSeventyMai, &kNovatek, &kGarmin, &kNmeaStream};
  return kFormats;
}

std::span<const TrackFormat* const> track_formats() {
  static constexpr std::array kFormats{&kGpx, &kFrameKm, &kSeventyMaiLog, &kNmeaLog, &kUbx, &kCsv, &kBlackVue3gf};
  return kFormats;
}

FoundTelemetry telemetry_of(const MovieParts& parts) {
  FoundTelemetry found;
  for (const auto* format : movie_formats()) {
    if (!format->recognises(parts)) continue;
    auto telemetry = format->read(parts);
    const bool holds_fix = !telemetry.fixes.empty();
    if (holds_fix || found.format.empty()) found = {format->name, std::move(telemetry)};
    if (holds_fix) break;
  }
  return found;
}

const TrackFormat* track_format_of(ByteView bytes) {
  const auto formats = track_formats();
  const auto found = std::ranges::find_if(formats, [&](const auto* format) { return format->recognises(bytes); });
  return found == formats.end() ? nullptr : *found;
}

}  // namespace cairn::ingest
