// How fast telemetry is read: bench_telemetry. bytes_per_second is of the file or stream that the reader is given (MiB/s);
// the aim is 200 MB/s for each. Inputs are drives of our own making, about 8 MB each.
#include "tests/ingest/movie_with.hpp"
#include "tests/ingest/vendor_writer.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace cairn;
using namespace cairn::testing;

constexpr std::size_t kBytes = 8 << 20;

/// Parts made for points 0, 1, 2, … until there are 8 MB of them.
template <class Maker>
std::vector<std::string> parts_with(const Maker& make) {
  std::vector<std::string> parts;
  for (std::size_t bytes = 0; bytes < kBytes; bytes += parts.back().size()) parts.push_back(make(static_cast<int>(parts.size())));
  return parts;
}
template <class Maker>
std::string text_with(const Maker& make) {
  std::string text;
  for (const auto& part : parts_with(make)) text += part;
  return text;
}

/// A drive that stays near its start however long it is.
Fix point(int i) {
  auto fix = drive_point(i % 10'000);
  fix.taken_at = drive_point(i).taken_at - std::chrono::hours{24 * 365};
  return fix;
}

void read_track(benchmark::State& state, const ingest::TrackFormat& format, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(format.read(bytes_of(text), utc("2026-05-01T12:00:00Z")));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void read_movie(benchmark::State& state, const ingest::MovieFormat& format, const ingest::MovieParts& parts, std::size_t bytes) {
  for (auto _ : state) benchmark::DoNotOptimize(format.read(parts));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

void add_track(const char* name, const ingest::TrackFormat& format, std::string text) {
  benchmark::RegisterBenchmark(name, [&format, text = std::move(text)](benchmark::State& state) { read_track(state, format, text); });
}
void add_boxes(const char* name, const ingest::MovieFormat& format, std::string movie) {
  const auto bytes = movie.size();
  benchmark::RegisterBenchmark(name, [&format, bytes, parts = movie_of(std::move(movie))](benchmark::State& state) { read_movie(state, format, parts, bytes); });
}
void add_stream(const char* name, const ingest::MovieFormat& format, std::string tag, const std::vector<std::string>& packets) {
  std::size_t bytes = 0;
  std::vector<PacketToOffer> offered;
  for (const auto& packet : packets) {
    bytes += packet.size();
    offered.push_back({packet, static_cast<double>(offered.size()), 1});
  }
  benchmark::RegisterBenchmark(name, [&format, bytes, parts = movie_with(std::move(tag), std::move(offered))](benchmark::State& state) { read_movie(state, format, parts, bytes); });
}

std::string gpmf_packet(int i) {
  std::vector<RawFix> fixes;
  for (int k = 0; k < 18; ++k) fixes.push_back({557'000'000 + i * 90 + k * 5, 131'900'000, 20'000, 9000});
  return gps5_packet(fixes, "250430102030.000");
}

std::string gpx_point(int i) {
  const auto fix = point(i);
  return "<trkpt lat=\"" + std::to_string(fix.place.lat_deg()) + "\" lon=\"" + std::to_string(fix.place.lon_deg()) + "\"><ele>20.1</ele><time>" +
         to_iso8601(fix.taken_at) + "</time></trkpt>\n";
}

std::string camm_packet(int i) {
  std::string packet(60, '\0');
  put(packet, 2, std::uint16_t{6});
  put(packet, 4, static_cast<double>(micros_of(point(i).taken_at)) / 1e6);
  put(packet, 12, std::int32_t{3});
  put(packet, 16, point(i).place.lat_deg());
  put(packet, 24, point(i).place.lon_deg());
  return packet;
}

std::string table_line(int i) {
  const auto fix = point(i);
  return to_iso8601(fix.taken_at) + "," + std::to_string(fix.place.lat_deg()) + "," + std::to_string(fix.place.lon_deg()) + ",20.5,36.0,90.0\n";
}
std::string log_line(int i) {
  const auto fix = point(i);
  return std::to_string(micros_of(fix.taken_at) / 1'000'000) + ",A," + std::to_string(fix.place.lat_deg()) + "," + std::to_string(fix.place.lon_deg()) +
         ",9000,1000,0,100,0,NO20260101-120000-000001F.MP4,0,0,0\n";
}
std::string framekm_item(int i) { return (i == 0 ? "" : ",") + framekm_frame(120'000, point(i)); }

}  // namespace

int main(int count, char** arguments) {
  using namespace cairn::ingest;
  add_stream("gpmf", kGpmf, "gpmd", parts_with(gpmf_packet));
  add_stream("camm", kCamm, "camm", parts_with(camm_packet));
  add_boxes("blackvue", kBlackVue, box("free", box("gps ", text_with([](int i) { return blackvue_lines({{i * 1000, point(i)}}); }))));
  add_boxes("novatek", kNovatek, free_gps_movie(parts_with([](int i) { return novatek_block(point(i)); })));
  add_boxes("seventy_mai", kSeventyMai, free_gps_movie(parts_with([](int i) { return seventy_mai_block(point(i)); })));
  add_stream("garmin", kGarmin, "text", parts_with([](int i) { return garmin_record(point(i), true); }));
  add_stream("nmea_stream", kNmeaStream, "text", parts_with([](int i) { return "gsensori,4,512,-123,028,-06;" + rmc(point(i)).substr(1) + "\n;CAR,0,0,0,0.0"; }));
  add_track("nmea", kNmeaLog, text_with([](int i) { return rmc(point(i)) + "\r\n" + gga(point(i)) + "\r\n"; }));
  add_track("ubx", kUbx, text_with([](int i) { return ubx_pvt(point(i)); }));
  add_track("csv", kCsv, "time,latitude,longitude,altitude,speed (km/h),course\n" + text_with(table_line));
  add_track("seventy_mai_log", kSeventyMaiLog, "$V02\n" + text_with(log_line));
  add_track("gpx", kGpx, "<?xml version=\"1.0\"?><gpx><trk><trkseg>" + text_with(gpx_point) + "</trkseg></trk></gpx>");
  add_track("framekm", kFrameKm, framekm_index("km_1", text_with(framekm_item)));
  benchmark::Initialize(&count, arguments);
  benchmark::RunSpecifiedBenchmarks();
}
