#pragma once
// What a movie would offer, without the movie: for tests of telemetry readers.

#include "ingest/telemetry/formats.hpp"
#include "tests/ingest/file_to_decode.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cairn::testing {

struct PacketToOffer {
  std::string bytes;
  double at_s = 0;
  double duration_s = 1;
};

/// A movie with one stream of data.
inline ingest::MovieParts movie_with(std::string tag, std::vector<PacketToOffer> packets) {
  ingest::MovieParts parts{.bytes = {}, .about = utc("2026-05-01T12:00:00Z"), .duration_s = 0, .stream_tags = {tag}, .read_packets = nullptr};
  parts.read_packets = [packets = std::move(packets)](ingest::StreamTags, const ingest::PacketUser& use) {
    for (const auto& packet : packets) {
      if (!use(bytes_of(packet.bytes), packet.at_s, packet.duration_s)) return;
    }
  };
  return parts;
}

/// A movie of these bytes, without streams. The bytes live as long as the program.
inline ingest::MovieParts movie_of(std::string bytes) {
  static std::vector<std::unique_ptr<std::string>> kept;
  kept.push_back(std::make_unique<std::string>(std::move(bytes)));
  return {.bytes = bytes_of(*kept.back()), .about = utc("2026-05-01T12:00:00Z"), .duration_s = 0, .stream_tags = {}, .read_packets = nullptr};
}

}  // namespace cairn::testing
