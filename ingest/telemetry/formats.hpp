#pragma once
// The one interface for what cameras and receivers write about their way. Each format is one file of this folder and one line
// in formats.cpp; docs/formats.md says how to add one.

#include "core/reason.hpp"
#include "ingest/telemetry/movie_parts.hpp"
#include "ingest/telemetry/telemetry.hpp"
#include "ingest/telemetry/track_file.hpp"

#include <span>
#include <string_view>
#include <variant>

namespace cairn::ingest {

/// Telemetry inside a movie.
struct MovieFormat {
  std::string_view name;                      ///< "GoPro GPMF": shown to people
  /// Whether the movie offers what this format is kept in. Cheap: looks at boxes, stream tags or a first packet.
  bool (*recognises)(const MovieParts&);
  /// What it says; without fixes where it says nothing usable. Never throws for what the bytes are.
  Telemetry (*read)(const MovieParts&);
};

/// A file that is a track and nothing else.
struct TrackFormat {
  std::string_view name;
  /// Whether these bytes begin such a file. Looks at the first few kB.
  bool (*recognises)(ByteView);
  /// Its track, or why there is none. `received_at` is the judge of "in the future".
  std::variant<TrackFile, Refusal> (*read)(ByteView, UtcTime received_at);
};

extern const MovieFormat kBlackVue, kCamm, kGarmin, kGpmf, kNmeaStream, kNovatek, kSeventyMai;
extern const TrackFormat kBlackVue3gf, kCsv, kFrameKm, kGpx, kNmeaLog, kSeventyMaiLog, kUbx;

/// In the order in which they are asked.
std::span<const MovieFormat* const> movie_formats();
std::span<const TrackFormat* const> track_formats();

struct FoundTelemetry {
  std::string_view format;   ///< empty where no format recognised the movie
  Telemetry telemetry;
};

/// The first format that gives a fix; else the first that recognised the movie, with what it gave.
FoundTelemetry telemetry_of(const MovieParts&);

/// The first format that recognises the bytes; null when none does.
const TrackFormat* track_format_of(ByteView);

}  // namespace cairn::ingest
