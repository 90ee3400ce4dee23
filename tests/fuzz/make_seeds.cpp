// Writes the inputs that fuzzing begins with, made by the unit tests' makers: fuzz_seeds FOLDER. A file each, FOLDER/ENTRY/NAME.
#include "ingest/jpeg_outline.hpp"
#include "tests/ingest/gpmf_writer.hpp"
#include "tests/ingest/make_heif.hpp"
#include "tests/ingest/make_movie.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/ingest/signing_receiver.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/services/gateway/make_zip.hpp"
#include "tests/shared_data.hpp"

#include "tiler/archive/archive.hpp"
#include "tiler/gzip.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

using namespace cairn;
using namespace cairn::testing;

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_{std::move(folder)} {}

  void add(const std::string& entry, const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(folder_ / entry);
    std::ofstream{folder_ / entry / name, std::ios::binary} << bytes;
  }
  void add(const std::string& entry, const std::string& name, const Bytes& bytes) const { add(entry, name, std::string{text_of(bytes)}); }

 private:
  std::filesystem::path folder_;
};

std::string gps5() { return gps5_packet({{557'000'000, 131'900'000, 0, 0}, {557'000'900, 131'900'000, 0, 0}}, "260430102030.000"); }

std::string camm() {
  std::string packet(60, '\0');
  put(packet, 2, std::uint16_t{6});
  put(packet, 4, 1777544430.0);
  put(packet, 12, std::int32_t{3});
  put(packet, 16, 55.7);
  put(packet, 24, 13.19);
  return packet;
}

void add_telemetry(const Seeds& seeds) {
  seeds.add("gpmf", "gps5", gps5());
  seeds.add("gpmf", "gps9", gps9_packet({{557'000'000, 131'900'000, 0, 0}}, 9616, 0, 100));
  seeds.add("gpmf", "camm", camm());
  seeds.add("movie_boxes", "blackvue", blackvue_movie({{0, drive_point(0)}, {1000, drive_point(1)}}));
  seeds.add("movie_boxes", "novatek", free_gps_movie({novatek_block(drive_point(0)), vantrue_block(drive_point(1))}));
  seeds.add("movie_boxes", "novatek_table", free_gps_movie_with_table({viofo_block(drive_point(0)), novatek_block(drive_point(1))}));
  seeds.add("movie_boxes", "seventy_mai", free_gps_movie({seventy_mai_block(drive_point(0))}));
  seeds.add("text_stream", "garmin", garmin_record(drive_point(0), true) + garmin_record(drive_point(1), true));
  seeds.add("text_stream", "thinkware", "gsensori,1;" + rmc(drive_point(0)) + ";" + gga(drive_point(0)));
}

void add_tracks(const Seeds& seeds) {
  seeds.add("nmea", "log", rmc(drive_point(0)) + "\n" + gga(drive_point(0)) + "\n" + rmc(drive_point(1)) + "\n");
  seeds.add("ubx", "pvt", ubx_pvt(drive_point(0)) + ubx_pvt(drive_point(1)));
  const SigningReceiver receiver;
  seeds.add("ublox_sign", "log", std::string{text_of(receiver.public_x())} + receiver.signed_block(ubx_pvt(drive_point(0)), 1) + receiver.signed_block(ubx_pvt(drive_point(1)), 2));
  seeds.add("csv", "table", "time,lat,lon,speed_kmh,course\n2026-04-30T10:20:30Z,55.7,13.19,36,90\n1777544431,55.7001,13.19,36,90\n");
  seeds.add("seventy_mai", "log",
            "$V02\n1777544430,A,55.7,13.19,9000,1000,0,1,2,NO1F.MP4,0,0,0\n1777544431,A,55.7,13.19,0,0,0,1,2,NO2F.MP4,0,0,0\n");
  seeds.add("framekm", "index", framekm_index("km_1", framekm_frame(1000, drive_point(0)) + "," + framekm_frame(1000, drive_point(1))));
  seeds.add("gpx", "track",
            "<?xml version=\"1.0\"?><gpx><trk><trkseg><trkpt lat=\"1\" lon=\"2\"><time>2026-04-30T10:00:00Z</time>"
            "<ele>3</ele></trkpt><trkpt lat=\"1\" lon=\"2\"><time>2026-04-30T10:00:01Z</time></trkpt></trkseg></trk></gpx>");
}

void add_pictures(const Seeds& seeds) {
  const auto jpeg = make_jpeg(16, 16);
  const auto description = R"({"MAPLatitude":"55.7","MAPLongitude":13.19,"MAPCaptureTime":"2018_06_08_20_24_11_000","MAPCompassHeading":{"TrueHeading":1e2}})";
  seeds.add("picture", "exif", with_tags(jpeg, place_tags() + time_tags() + Tags{{"Exif.Photo.FocalLength", "4/1"}, {"Exif.Image.Make", "Maker"}}));
  seeds.add("picture", "mapillary", with_tags(jpeg, {{"Exif.Image.ImageDescription", description}, {"Xmp.GPano.ProjectionType", "equirectangular"}}));
  const auto progressive = with_tags(make_jpeg(16, 16, true), place_tags() + time_tags());
  seeds.add("outline", "progressive", progressive);
  const auto outline = ingest::outline_of(progressive);
  const Bytes exif{outline.exif.begin(), outline.exif.end()};
  if (const auto heif = make_heif(64, 64, exif)) seeds.add("picture", "heic", *heif);
  auto blocks = std::string{text_of(exif)};
  blocks.resize(1000);
  seeds.add("exif", "blocks",
            blocks + "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                     "<rdf:Description xmlns:GPano='http://ns.google.com/photos/1.0/panorama/' GPano:PosePitchDegrees='1'/></rdf:RDF></x:xmpmeta>");
  seeds.add("mapillary", "description", description);
  seeds.add("movie", "gpmf", make_movie({.width_px = 64, .height_px = 48, .seconds = 1, .telemetry = {gps5()}}));
}

void add_uploads(const Seeds& seeds) {
  seeds.add("multipart", "form",
            "\x03--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n--XX--\r\n");
  seeds.add("target", "items", "/api/collections/0a7e804e-086e-49b0-ad8b-47977f16273b/items?limit=%31&bbox=1,2,3,4");
  seeds.add("tus_headers", "creation",
            "Tus-Resumable: 1.0.0\nUpload-Length: 12\nUpload-Metadata: filename YS5qcGc=,session cmlkZQ==\n"
            "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\nContent-Type: application/offset+octet-stream\nContent-Length: 5\nUpload-Offset: 5\n");
  seeds.add("tus_headers", "joined",
            "Upload-Concat: final;/files/0a7e804e-086e-49b0-ad8b-47977f16273b /files/47b7cd50-b7ff-4b0c-a48b-4d5ad0b3bcb7\nUpload-Metadata: a\n");
  seeds.add("archive", "zip", make_zip({{"a/1.jpg", std::string(500, 'x')}, {"2.jpg", "some bytes that are hard to pack"}}));
}

void add_json(const Seeds& seeds) {
  seeds.add("mapillary_json", "manifest", R"({"image_handles":["0a7e804e-086e-49b0-ad8b-47977f16273b"],"upload_type":"images","version":"1"})");
  seeds.add("mapillary_json", "finish", R"({"file_handle":"0a7e804e-086e-49b0-ad8b-47977f16273b","file_type":"zip"})");
  seeds.add("json_body", "upload_set", R"({"title":"ride","estimated_nb_files":3,"split_distance":20,"visibility":"anyone","relative_heading":-90})");
  seeds.add("json_body", "filter", R"({"op":"and","args":[{"op":"in","args":[{"property":"semantics.a"},["b"]]},{"op":"isNull","args":[{"property":"semantics"}]}]})");
  seeds.add("json_body", "area", R"({"type":"Polygon","coordinates":[[[13,55],[14,55],[14,56],[13,55]]]})");
  seeds.add("json_body", "tags", R"([{"key":"osm|highway","value":"bump","action":"add"}])");
  seeds.add("cql2", "text", "NOT (updated >= TIMESTAMP('2026-05-01T12:00:00Z') OR \"semantics.a\" = 'it''s') AND semantics IS NOT NULL");
  seeds.add("signed_text", "token", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJnZW92aXNpbyIsInN1YiI6ImEifQ.AAAA");
}

void add_tiles(const Seeds& seeds) {
  seeds.add("quick_request", "tile",
            "GET /tiles/map/14/8805/5373.mvt?v=1f HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\nIf-None-Match: \"a\", W/\"b\"\r\nOrigin: https://x\r\n\r\nGET");
  seeds.add("quick_request", "head", "HEAD / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: keep-alive\r\n\r\n");
  const auto path = std::filesystem::temp_directory_path() / "cairn-fuzz-seed.pmtiles";
  tiler::write_pmtiles(path, {"a", "b", "c", R"([{"id":"signs","fields":{"class":"String"}}])"}, [at = 0]() mutable -> std::optional<tiler::ArchiveTile> {
    if (at == 16) return std::nullopt;
    return tiler::ArchiveTile{*TileId::from_zxy(2, at / 4, at % 4), tiler::gzipped(bytes_of(std::to_string(at++ % 5)), 1)};
  });
  seeds.add("pmtiles", "small", bytes_from_file(path));
  std::filesystem::remove(path);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: fuzz_seeds FOLDER\n";
    return 2;
  }
  const Seeds seeds{arguments[1]};
  add_telemetry(seeds);
  add_tracks(seeds);
  add_pictures(seeds);
  add_uploads(seeds);
  add_json(seeds);
  add_tiles(seeds);
}
