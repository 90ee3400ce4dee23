// What some devices send: a bundle of pictures with its index, by real processes.

#include "core/tile_id.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/vendor_writer.hpp"
#include "tests/scenario/instance.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

namespace {

/// A folder of simulated drives with their truth.
struct Town {
  fs::path folder;
  json drives;
};
Town town_in(const fs::path& folder) {
  std::ifstream stream{folder / "truth.json"};
  return {folder, json::parse(stream).at("drives")};
}

std::string bytes_of_file(const fs::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

Fix fix_from(const json& frame) {
  const auto& gnss = frame.at("gnss");
  return {.taken_at = *time_from_iso8601(frame.at("taken_at").get<std::string>()), .place = *LatLon::from_degrees(gnss.at("lat"), gnss.at("lon")),
          .altitude_m = gnss.at("altitude_m").get<double>(), .speed_mps = gnss.at("speed_mps").get<double>()};
}

/// Writes a town's first drive as a dash cam of Hivemapper's does, its index an hour later than its pictures' own clocks; gives the
/// fixes of the index.
std::vector<Fix> write_bundle(const fs::path& folder, const std::string& name, const Town& town, bool mirrored = false) {
  const auto& drive = town.drives.at(0);
  fs::create_directories(folder);
  std::ofstream pictures{folder / (name + ".bin"), std::ios::binary};
  std::string frames;
  std::vector<Fix> fixes;
  for (const auto& frame : drive.at("frames")) {
    const auto jpeg = bytes_of_file(town.folder / drive.at("name").get<std::string>() / frame.at("file").get<std::string>());
    fixes.push_back(fix_from(frame));
    auto& fix = fixes.back();
    fix.taken_at += std::chrono::hours{1};
    if (mirrored) fix.place = *LatLon::from_e7(fix.place.lat_e7(), 2 * fixes[0].place.lon_e7() - fix.place.lon_e7());
    pictures << jpeg;
    frames += (frames.empty() ? "" : ",") + framekm_frame(jpeg.size(), fix);
  }
  std::ofstream{folder / (name + ".json")} << framekm_index(name, frames);
  return fixes;
}

}  // namespace

TEST_CASE("a FrameKM bundle becomes frames on the map, each where and when its index says") {
  Instance cairn;
  const auto fixes = write_bundle(cairn.scratch() / "card", "km_20260516_074000_1_0", town_in(fs::path{CAIRN_SOURCE} / "data-samples"));
  const auto upload = cairn.upload({cairn.scratch() / "card"});
  REQUIRE(upload.at("files").size() == 2);
  REQUIRE(upload.at("frames").size() == fixes.size());
  REQUIRE(upload.at("sequences").size() == 1);
  cairn.wait_idle();

  const auto items = cairn.get("/api/collections/" + upload.at("sequences")[0].at("id").get<std::string>() + "/items?limit=100").at("features");
  std::cout << items.size() << " of the " << fixes.size() << " pictures of the bundle are on the map\n";
  REQUIRE(items.size() >= fixes.size() * 3 / 4);
  for (const auto& item : items) {
    const auto taken_at = *time_from_iso8601(item.at("properties").at("datetime").get<std::string>());
    const auto fix = std::ranges::find(fixes, taken_at, &Fix::taken_at);
    REQUIRE(fix != fixes.end());
    const auto& lon_lat = item.at("geometry").at("coordinates");
    REQUIRE(ground_distance_m(fix->place, *LatLon::from_degrees(lon_lat[1], lon_lat[0])) < 10);
  }
  const auto tile = cairn.get_raw("/tiles/map/" + tile_of(fixes[fixes.size() / 2].place, 14).text() + ".mvt");
  REQUIRE(tile.status == 200);
  REQUIRE(tile.body.find("frames") != std::string::npos);
}

TEST_CASE("a drive with the track of its mirror image is refused, the same drive with its own is on the map") {
  Instance cairn;
  const auto drawn = cairn.scratch() / "town";
  REQUIRE(run_command({program("cairn").string(), "simulate", "town", "--seed", "7", "--drives", "1", "--frames", "100", "--size", "640x360", "--fast", "--out", drawn.string()}).code == 0);
  const auto town = town_in(drawn);
  const auto fate = [&](const std::string& who, bool mirrored) {
    const auto folder = cairn.scratch() / who;
    write_bundle(folder, "km_20260516_080000_1_0", town, mirrored);
    auto token = cairn.cairn({"token", "create", "--account", who}).output;
    token.erase(token.find_last_not_of('\n') + 1);
    std::map<std::string, int> frames;
    const auto upload = cairn.upload({folder}, {"--token", token});
    for (const auto& frame : upload.at("frames")) ++frames[frame.at("state") == "published" ? "published" : frame.value("reason", "")];
    for (const auto& [what, count] : frames) std::cout << who << ": " << count << " " << what << "\n";
    return frames;
  };
  auto honest = fate("honest", false), forger = fate("forger", true);
  REQUIRE(honest["published"] >= 80);
  REQUIRE(forger["published"] == 0);
  REQUIRE(forger["motion_contradicts"] >= 80);
}
