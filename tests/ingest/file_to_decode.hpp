#pragma once

#include "ingest/decode_file.hpp"

namespace cairn::testing {

inline UtcTime utc(const char* text) { return *time_from_iso8601(text); }

/// A file of some account that arrived in 2026.
inline ingest::FileToDecode file_of(ByteView bytes, std::string name = "file") {
  return {.name = std::move(name),
          .bytes = bytes,
          .account = AccountId::derived_from({"tester"}),
          .content = sha256_of(bytes),
          .received_at = utc("2026-05-01T12:00:00Z")};
}

struct Decoded {
  ingest::DecodeReport report;
  std::vector<Capture> captures;
  std::vector<Bytes> jpegs;
};

inline Decoded decoded(const ingest::FileToDecode& file, const ingest::DecodeRules& rules = {}) {
  Decoded result;
  result.report = ingest::decode_file(file, rules, [&](const Capture& capture, ByteView jpeg) {
    result.captures.push_back(capture);
    result.jpegs.emplace_back(jpeg.begin(), jpeg.end());
  });
  return result;
}

}  // namespace cairn::testing
