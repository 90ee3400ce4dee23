// Logs of NMEA sentences, as receivers and loggers write them, with anything between: comments, other sentences, a BlackVue's
// "[ms]" before each.
#include "ingest/telemetry/formats.hpp"
#include "ingest/telemetry/lines.hpp"
#include "ingest/telemetry/nmea.hpp"

#include <algorithm>

namespace cairn::ingest {
namespace {

constexpr std::size_t kSearchLength = 8192;   ///< comments and settings may stand before the first sentence

bool recognises(ByteView bytes) {
  LineReader lines{text_of(bytes.first(std::min(bytes.size(), kSearchLength)))};
  while (const auto line = lines.next()) {
    const auto start = line->find('$');
    if (start == std::string_view::npos || line->size() < start + 7) continue;
    const auto type = line->substr(start + 3, 4);
    if (type == "RMC," || type == "GGA,") return true;
  }
  return false;
}

std::variant<TrackFile, Refusal> read(ByteView bytes, UtcTime received_at) {
  const auto reader = read_sentences([&](NmeaReader& to) {
    LineReader lines{text_of(bytes)};
    for (auto line = lines.next(); line && !to.is_full(); line = lines.next()) to.add(*line);
  });
  if (reader.fixes().empty()) return Refusal{Reason::no_place, "no sentence of the log holds a fix with a date"};
  TrackBuilder points{received_at};
  for (const auto& [at_s, fix] : reader.fixes()) {
    if (!points.add(fix.taken_at, StatedPlace{fix.place.lat_deg(), fix.place.lon_deg()}, fix)) break;
  }
  return std::move(points).result();
}

}  // namespace

const TrackFormat kNmeaLog{"NMEA", recognises, read};

}  // namespace cairn::ingest
