// NMEA sentences in a subtitle or text stream. Thinkware writes "gsensori,…;GPRMC,…*54\n;CAR,…" without the '$'; other cameras
// write plain sentences. Packets begin with their length in two bytes. Learned from files of Thinkware's F series.
#include "ingest/telemetry/formats.hpp"
#include "ingest/telemetry/lines.hpp"
#include "ingest/telemetry/nmea.hpp"

namespace cairn::ingest {
namespace {

const StreamTags kTags{"text", "tx3g"};

/// Calls `use` with each sentence from its two letters of system on.
template <class User>
void for_each_sentence(std::string_view text, const User& use) {
  while (!text.empty()) {
    const auto length = text.find_first_of("$;\r\n");
    const auto part = text.substr(0, length);
    if (part.size() > 6 && (part.substr(2, 4) == "RMC," || part.substr(2, 4) == "GGA,")) use(part);
    text.remove_prefix(length == std::string_view::npos ? text.size() : length + 1);
  }
}

bool is_thinkware(std::string_view text) { return text.substr(0, 16).find("gsensor") != std::string_view::npos; }

/// A text stream of another kind (subtitles, chapters) has none in its first packet. Thinkware's says so before the first fix.
bool recognises(const MovieParts& parts) {
  const auto packet = parts.first_packet(kTags);
  bool found = is_thinkware(text_of(packet));
  for_each_sentence(text_of(packet), [&](std::string_view) { found = true; });
  return found;
}

Telemetry read(const MovieParts& parts) {
  std::string make;
  auto telemetry = telemetry_of(read_sentences([&](NmeaReader& reader) {
    parts.read_packets(kTags, [&](ByteView packet, double at_s, double) {
      if (is_thinkware(text_of(packet))) make = "Thinkware";
      for_each_sentence(text_of(packet), [&](std::string_view sentence) { reader.add_sentence(sentence, at_s); });
      return !reader.is_full();
    });
  }));
  telemetry.make = make;
  return telemetry;
}

}  // namespace

const MovieFormat kNmeaStream{"NMEA stream", recognises, read};

}  // namespace cairn::ingest
