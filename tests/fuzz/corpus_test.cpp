// The fuzzers' entries over their corpora, as they are and changed: exercised on every run, with sanitizers in the asan preset.
#include "tests/catch.hpp"
#include "tests/fuzz/gateway_entries.hpp"
#include "tests/fuzz/ingest_entries.hpp"
#include "tests/fuzz/tiler_entries.hpp"
#include "tests/random.hpp"
#include "tests/shared_data.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

/// A few bytes changed, a part cut out, doubled or moved, or the end cut off.
Bytes mutated(Bytes bytes, Random& random) {
  const auto position = [&] { return random.whole(0, std::ssize(bytes) - 1); };
  for (auto i = random.whole(1, 8); i > 0 && !bytes.empty(); --i) {
    const auto at = bytes.begin() + position();
    const auto length = std::min<std::ptrdiff_t>(random.whole(1, 64), bytes.end() - at);
    switch (random.whole(0, 6)) {
      case 0: *at ^= std::byte(1 << random.whole(0, 7)); break;
      case 1: *at = std::byte(random.whole(0, 255)); break;
      case 2: std::fill(at, at + length, std::byte(random.whole(0, 1) * 255)); break;
      case 3: bytes.erase(at, at + length); break;
      case 4: {
        const Bytes part{at, at + length};
        bytes.insert(bytes.begin() + position(), part.begin(), part.end());
        break;
      }
      case 5: if (random.whole(0, 3) == 0) bytes.erase(at, bytes.end()); break;
      default: *at = std::byte{0x7F}; break;
    }
  }
  return bytes;
}

Bytes random_bytes(Random& random) {
  Bytes bytes(static_cast<std::size_t>(random.whole(0, 400)));
  for (auto& byte : bytes) byte = std::byte(random.whole(0, 255));
  return bytes;
}

void run(const std::string& name, void (*entry)(ByteView), int rounds) {
  const auto seed = seed_of_run();
  CAPTURE(name, seed);
  Random random{seed};
  std::vector<Bytes> corpus;
  for (const auto& path : files_in(std::filesystem::path{CAIRN_SOURCE_DIR} / "tests/fuzz/corpus" / name)) corpus.push_back(bytes_from_file(path));
  REQUIRE_FALSE(corpus.empty());
  entry({});
  for (const auto& bytes : corpus) entry(bytes);
  for (int i = 0; i < rounds; ++i) {
    entry(mutated(corpus[static_cast<std::size_t>(random.whole(0, std::ssize(corpus) - 1))], random));
    entry(random_bytes(random));
  }
}

}  // namespace

TEST_CASE("telemetry of any bytes reads without harm") {
  run("gpmf", fuzz::gpmf, 20'000);
  run("movie_boxes", fuzz::movie_boxes, 20'000);
  run("text_stream", fuzz::text_stream, 20'000);
}

TEST_CASE("a track of any bytes reads without harm") {
  run("csv", fuzz::csv, 20'000);
  run("framekm", fuzz::framekm, 10'000);
  run("gpx", fuzz::gpx, 5'000);
  run("nmea", fuzz::nmea, 20'000);
  run("seventy_mai", fuzz::seventy_mai, 20'000);
  run("ubx", fuzz::ubx, 20'000);
  run("ublox_sign", fuzz::ublox_sign, 2'000);
}

TEST_CASE("a picture or movie of any bytes reads without harm") {
  run("exif", fuzz::exif, 2'000);
  run("mapillary", fuzz::mapillary, 20'000);
  run("movie", fuzz::movie, 300);
  run("outline", fuzz::outline, 5'000);
  run("picture", fuzz::picture, 1'500);
}

TEST_CASE("requests of any bytes do no harm") {
  run("cql2", fuzz::cql2, 5'000);
  run("json_body", fuzz::json_body, 5'000);
  run("mapillary_json", fuzz::mapillary_json, 4'000);
  run("multipart", fuzz::multipart, 3'000);
  run("quick_request", fuzz::quick_request, 20'000);
  run("signed_text", fuzz::signed_text, 3'000);
  run("target", fuzz::target, 3'000);
  run("tus_headers", fuzz::tus_headers, 4'000);
}

TEST_CASE("an archive of any bytes unpacks twice to the same, without harm") { run("archive", fuzz::archive, 200); }

TEST_CASE("an archive of tiles of any bytes opens and reads without harm") { run("pmtiles", fuzz::pmtiles, 500); }
