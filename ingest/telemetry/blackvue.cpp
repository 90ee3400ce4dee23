// BlackVue: a `gps ` box in a top-level `free` box holds lines "[1633961700000]$GNRMC,…": the camera's clock in milliseconds
// and what the receiver said then. The box `cprt` beside it names the model. The loose file `….gps` holds the same lines
// and is read as a log of NMEA; the loose `….3gf` holds accelerations, ten bytes each: milliseconds and three numbers, big-endian.
// Learned from files of the cameras DR750 and DR900X.
#include "ingest/number_text.hpp"
#include "ingest/telemetry/byte_order.hpp"
#include "ingest/telemetry/formats.hpp"
#include "ingest/telemetry/lines.hpp"
#include "ingest/telemetry/nmea.hpp"
#include "ingest/text_clean.hpp"

namespace cairn::ingest {
namespace {

/// The camera's clock of a line "[…]$…" in milliseconds.
std::optional<double> clock_ms_of(std::string_view line) {
  const auto end = line.find(']');
  if (!line.starts_with('[') || end == std::string_view::npos) return std::nullopt;
  return number_from_text(line.substr(1, end - 1));
}

/// The first line says when the video began: the camera starts both together.
Telemetry telemetry_in(std::string_view text) {
  return telemetry_of(read_sentences([&](NmeaReader& reader) {
    std::optional<double> first_ms;
    LineReader lines{text};
    while (const auto line = lines.next()) {
      const auto ms = clock_ms_of(*line);
      if (!ms) continue;
      if (!first_ms) first_ms = ms;
      reader.add(*line, (*ms - *first_ms) / 1000);
    }
  }));
}

/// The model in `cprt`: {"model":"DR900X Plus",…}.
std::string model_of(ByteView movie) {
  constexpr std::string_view kKey = "\"model\":\"";
  const auto cprt = box_at(movie, "free/cprt");
  const auto text = cprt ? text_of(*cprt) : std::string_view{};
  const auto start = text.find(kKey);
  if (start == std::string_view::npos) return {};
  const auto value = text.substr(start + kKey.size());
  return clean_text(value.substr(0, value.find('"')), 64);
}

bool recognises(const MovieParts& parts) { return box_at(parts.bytes, "free/gps ").has_value(); }

Telemetry read(const MovieParts& parts) {
  const auto box = box_at(parts.bytes, "free/gps ");
  auto telemetry = telemetry_in(text_of(*box));
  telemetry.make = "BlackVue";
  telemetry.model = model_of(parts.bytes);
  return telemetry;
}

/// Every record is later than the one before.
bool recognises_3gf(ByteView bytes) {
  constexpr std::size_t kRecord = 10, kFewest = 8;
  if (bytes.size() % kRecord != 0 || bytes.size() < kFewest * kRecord) return false;
  for (std::size_t at = kRecord; at < bytes.size(); at += kRecord) {
    if (big_endian_at<std::uint32_t>(bytes, at) <= big_endian_at<std::uint32_t>(bytes, at - kRecord)) return false;
  }
  return big_endian_at<std::uint32_t>(bytes, 0) < 60'000;
}

std::variant<TrackFile, Refusal> read_3gf(ByteView, UtcTime) {
  return Refusal{Reason::no_place, "a .3gf file holds accelerations only: send the .gps file that lies beside it"};
}

}  // namespace

const TrackFormat kBlackVue3gf{"BlackVue 3gf", recognises_3gf, read_3gf};
const MovieFormat kBlackVue{"BlackVue", recognises, read};

}  // namespace cairn::ingest
