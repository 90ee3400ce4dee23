// The fuzzers' entries over mutated seeds: exercised on every run, with sanitizers in the asan preset.
#include "ingest/jpeg_outline.hpp"
#include "tests/catch.hpp"
#include "tests/fuzz/ingest_entries.hpp"
#include "tests/ingest/gpmf_writer.hpp"
#include "tests/ingest/make_movie.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/random.hpp"

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

Bytes bytes_from(const std::string& text) {
  const auto view = bytes_of(text);
  return {view.begin(), view.end()};
}

void run(void (*entry)(ByteView), const std::vector<Bytes>& seeds, int rounds) {
  const auto seed = seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  entry({});
  for (const auto& bytes : seeds) entry(bytes);
  for (int i = 0; i < rounds; ++i) {
    entry(mutated(seeds[static_cast<std::size_t>(random.whole(0, std::ssize(seeds) - 1))], random));
    entry(random_bytes(random));
  }
  SUCCEED();
}

std::string packet() { return gps5_packet({{557'000'000, 131'900'000, 0, 0}, {557'000'900, 131'900'000, 0, 0}}, "260430102030.000"); }

}  // namespace

TEST_CASE("telemetry of any bytes reads without harm") {
  run(fuzz::gpmf, {bytes_from(packet()), bytes_from(gps9_packet({{557'000'000, 131'900'000, 0, 0}}, 9616, 0, 100))}, 20'000);
}

TEST_CASE("telemetry in boxes of any bytes reads without harm") {
  run(fuzz::movie_boxes,
      {bytes_from(blackvue_movie({{0, drive_point(0)}, {1000, drive_point(1)}})), bytes_from(free_gps_movie({novatek_block(drive_point(0)), vantrue_block(drive_point(1))})),
       bytes_from(free_gps_movie({seventy_mai_block(drive_point(0))})),
       bytes_from(free_gps_movie_with_table({viofo_block(drive_point(0)), novatek_block(drive_point(1))}))},
      20'000);
}

TEST_CASE("a track of any bytes reads without harm") {
  run(fuzz::gpx, {bytes_from("<?xml version=\"1.0\"?><gpx><trk><trkseg><trkpt lat=\"1\" lon=\"2\"><time>2026-04-30T10:00:00Z</time>"
                             "<ele>3</ele></trkpt><trkpt lat=\"1\" lon=\"2\"><time>2026-04-30T10:00:01Z</time></trkpt></trkseg></trk></gpx>")},
      5'000);
}

TEST_CASE("a text stream of any bytes reads without harm") {
  run(fuzz::text_stream, {bytes_from(garmin_record(drive_point(0), true) + garmin_record(drive_point(1), true)), bytes_from("gsensori,1;" + rmc(drive_point(0)) + ";" + gga(drive_point(0)))}, 20'000);
}

TEST_CASE("logs and tables of any bytes read without harm") {
  run(fuzz::nmea, {bytes_from(rmc(drive_point(0)) + "\n" + gga(drive_point(0)) + "\n" + rmc(drive_point(1)) + "\n")}, 20'000);
  run(fuzz::ubx, {bytes_from(ubx_pvt(drive_point(0)) + ubx_pvt(drive_point(1)))}, 20'000);
  run(fuzz::csv, {bytes_from("time,lat,lon,speed_kmh,course\n2026-04-30T10:20:30Z,55.7,13.19,36,90\n1777544431,55.7001,13.19,36,90\n")}, 20'000);
  run(fuzz::seventy_mai, {bytes_from("$V02\n1777544430,A,55.7,13.19,9000,1000,0,1,2,NO1F.MP4,0,0,0\n1777544431,A,55.7,13.19,0,0,0,1,2,NO2F.MP4,0,0,0\n")}, 20'000);
  run(fuzz::framekm, {bytes_from(framekm_index("km_1", framekm_frame(1000, drive_point(0)) + "," + framekm_frame(1000, drive_point(1))))}, 10'000);
}

TEST_CASE("a picture of any bytes reads without harm") {
  const auto jpeg = make_jpeg(16, 16);
  run(fuzz::picture,
      {with_tags(jpeg, place_tags() + time_tags() + Tags{{"Exif.Photo.FocalLength", "4/1"}, {"Exif.Image.Make", "Maker"}}),
       with_tags(jpeg, {{"Exif.Image.ImageDescription", R"({"MAPLatitude":1,"MAPLongitude":2,"MAPCaptureTime":"2018_06_08_20_24_11_000"})"},
                        {"Xmp.GPano.ProjectionType", "equirectangular"}})},
      1'500);
}

TEST_CASE("segments, metadata blocks and descriptions of any bytes read without harm") {
  const auto jpeg = with_tags(make_jpeg(16, 16, true), place_tags() + time_tags());
  const auto outline = ingest::outline_of(jpeg);
  Bytes blocks{outline.exif.begin(), outline.exif.end()};
  blocks.resize(1000);
  const auto packet_360 = bytes_from("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                                     "<rdf:Description xmlns:GPano='http://ns.google.com/photos/1.0/panorama/' GPano:PosePitchDegrees='1'/>"
                                     "</rdf:RDF></x:xmpmeta>");
  blocks.insert(blocks.end(), packet_360.begin(), packet_360.end());
  run(fuzz::outline, {jpeg}, 5'000);
  run(fuzz::exif, {blocks}, 2'000);
  run(fuzz::mapillary, {bytes_from(R"({"MAPLatitude":"55.7","MAPLongitude":13.19,"MAPCompassHeading":{"TrueHeading":1e2},"MAPAltitude":-1})")}, 20'000);
}

TEST_CASE("a movie of any bytes reads without harm") {
  run(fuzz::movie, {make_movie({.width_px = 64, .height_px = 48, .seconds = 1, .telemetry = {packet()}})}, 300);
}
