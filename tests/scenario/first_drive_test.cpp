// The whole path with real processes and real recordings.

#include "core/lat_lon.hpp"
#include "tests/catch.hpp"
#include "tests/scenario/instance.hpp"
#include "tests/shared_data.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

using namespace cairn;
using testing::Instance;
using testing::json;
namespace fs = std::filesystem;

namespace {

int count_in_state(const json& upload, const std::string& state) {
  return static_cast<int>(std::ranges::count_if(upload.at("files"), [&](const json& file) { return file.at("state") == state; }));
}

int frames_in_state(const json& upload, const std::string& state) {
  return static_cast<int>(std::ranges::count_if(upload.at("frames"), [&](const json& frame) { return frame.at("state") == state; }));
}

/// Closes the epoch, and verifies its bundle twice.
json closed_epoch(const Instance& cairn) {
  const auto closed = cairn.close_epoch();
  const auto bundle = closed.at("bundle").get<std::string>();
  for (int i = 0; i < 2; ++i) {
    const auto check = testing::run_command({testing::program("cairn").string(), "rewards", "verify", bundle, "--json"});
    REQUIRE(check.code == 0);
    REQUIRE(check.as_json().at("root") == closed.at("root"));
  }
  return closed;
}

}  // namespace

TEST_CASE("29 street photos become one sequence on the map, redacted pictures and a statement that adds up") {
  const auto lund = testing::shared_path("drives/lund");
  if (!lund) return;
  Instance cairn;
  const auto upload = cairn.upload({*lund});
  REQUIRE(upload.at("files").size() == 29);
  REQUIRE(count_in_state(upload, "received") == 0);
  const int accepted = frames_in_state(upload, "published");
  std::cout << "lund: " << accepted << " of 29 accepted\n";
  REQUIRE(accepted >= 25);
  REQUIRE(upload.at("sequences").size() == 1);
  cairn.wait_idle();

  const auto tile = cairn.get_raw("/tiles/map/14/8792/5126.mvt");
  REQUIRE(tile.status == 200);
  REQUIRE(tile.body.find("frames") != std::string::npos);

  const auto items = cairn.get("/api/collections/" + upload.at("sequences")[0].at("id").get<std::string>() + "/items?limit=100");
  REQUIRE(static_cast<int>(items.at("features").size()) == accepted);
  const auto picture = cairn.get_raw("/api/pictures/" + items.at("features")[0].at("id").get<std::string>() + "/sd.jpg");
  REQUIRE(picture.status == 200);
  REQUIRE(picture.body.starts_with("\xff\xd8"));
  REQUIRE(picture.body.find("Exif") == std::string::npos);

  const auto closed = closed_epoch(cairn);
  REQUIRE(closed.at("frames") == accepted);
  REQUIRE(closed.at("paid") == 1'000'000'000);
}

TEST_CASE("a GoPro video becomes frames every three metres") {
  const auto video = testing::shared_path("formats/gopro/max-heromode.mp4");
  if (!video) return;
  Instance cairn;
  const auto upload = cairn.upload({*video});
  REQUIRE(upload.at("files").size() == 1);
  std::cout << "gopro: " << upload.at("files")[0].dump() << " frames: " << frames_in_state(upload, "published") << "\n";
  REQUIRE(count_in_state(upload, "decoded") == 1);
  REQUIRE(frames_in_state(upload, "published") + frames_in_state(upload, "refused") ==
          upload.at("files")[0].at("frames").get<int>());
}

TEST_CASE("a drive with exact poses and simulated GNSS is accepted") {
  const auto kitti = testing::shared_path("drives/kitti06");
  if (!kitti) return;
  Instance cairn;
  const auto folder = cairn.scratch() / "kitti06";
  const auto made = testing::run_command({testing::program("cairn").string(), "simulate", "kitti", "--from", kitti->string(), "--out", folder.string()});
  REQUIRE(made.code == 0);
  const auto upload = cairn.upload({folder});
  std::cout << "kitti06: " << frames_in_state(upload, "published") << "\n";
  REQUIRE(upload.at("files").size() == 51);
  REQUIRE(frames_in_state(upload, "published") >= 40);
}

TEST_CASE("bad files are each refused with their reason, and harm no other") {
  Instance cairn{{"--worker-abort-on-file", "killer.jpg"}};
  const auto folder = cairn.scratch() / "bad";
  fs::create_directories(folder);
  std::vector<fs::path> good;
  for (const auto& drive : testing::sample_drives()) {
    for (const auto& entry : fs::directory_iterator{drive}) good.push_back(entry.path());
  }
  std::ranges::sort(good);
  REQUIRE(good.size() > 12);
  for (int i = 0; i < 10; ++i) fs::copy(good[static_cast<std::size_t>(i)], folder / ("good" + std::to_string(i) + ".jpg"));
  fs::copy(good[10], folder / "killer.jpg");
  fs::copy(good[11], folder / "truncated.jpg");
  fs::resize_file(folder / "truncated.jpg", fs::file_size(folder / "truncated.jpg") / 2);
  std::ofstream{folder / "empty.jpg"};
  std::ofstream{folder / "text.jpg"} << "this is no picture";
  fs::copy(good[0], folder / "twice.jpg");

  const auto upload = cairn.upload({folder});
  std::map<std::string, std::string> fate;
  for (const auto& file : upload.at("files")) {
    fate[file.at("name").get<std::string>()] = file.at("state").get<std::string>() + " " + file.value("reason", "");
  }
  for (const auto& [name, what] : fate) std::cout << name << ": " << what << "\n";
  REQUIRE(fate["empty.jpg"].find("empty_file") != std::string::npos);
  REQUIRE(fate["text.jpg"].find("not_supported") != std::string::npos);
  REQUIRE(fate["killer.jpg"] == "refused processing_failed");
  for (int i = 1; i < 10; ++i) REQUIRE(fate["good" + std::to_string(i) + ".jpg"].starts_with("decoded"));
  REQUIRE(frames_in_state(upload, "published") >= 9);
  REQUIRE(cairn.cairn({"jobs", "list", "--json"}).as_json().size() == 1);
}

namespace {

/// Signs of the truth that some drive could see in three frames or more.
std::map<std::string, LatLon> visible_signs(const json& truth) {
  std::map<std::string, int> most_views;
  for (const auto& drive : truth.at("drives")) {
    std::map<std::string, int> views;
    for (const auto& frame : drive.at("frames")) {
      for (const auto& box : frame.at("boxes")) {
        if (box.at("object") == "sign") ++views[box.at("id").get<std::string>()];
      }
    }
    for (const auto& [id, count] : views) most_views[id] = std::max(most_views[id], count);
  }
  std::map<std::string, LatLon> signs;
  for (const auto& thing : truth.at("town").at("things")) {
    const auto id = thing.at("id").get<std::string>();
    if (most_views[id] >= 3) signs[id] = *LatLon::from_degrees(thing.at("lat").get<double>(), thing.at("lon").get<double>());
  }
  return signs;
}

LatLon place_of_feature(const json& feature) {
  const auto& lon_lat = feature.at("geometry").at("coordinates");
  return *LatLon::from_degrees(lon_lat[1].get<double>(), lon_lat[0].get<double>());
}

}  // namespace

TEST_CASE("signs of the simulated town are found within three metres of where they stand") {
  constexpr double kNear_m = 3;
  Instance cairn;
  for (const auto& drive : testing::sample_drives()) cairn.upload({drive});
  cairn.wait_idle();
  std::ifstream stream{fs::path{CAIRN_SOURCE} / "data-samples" / "truth.json"};
  const auto truth = json::parse(stream);
  std::map<std::string, LatLon> all;
  for (const auto& thing : truth.at("town").at("things")) {
    all[thing.at("id").get<std::string>()] = *LatLon::from_degrees(thing.at("lat").get<double>(), thing.at("lon").get<double>());
  }
  const auto visible = visible_signs(truth);

  std::set<std::string> found;
  int right = 0;
  int features = 0;
  const auto answer = cairn.get("/api/features?limit=1000");
  for (const auto& feature : answer.at("features")) {
    ++features;
    const auto place = place_of_feature(feature);
    const auto nearest = std::ranges::min_element(all, {}, [&](const auto& entry) { return ground_distance_m(place, entry.second); });
    if (ground_distance_m(place, nearest->second) > kNear_m) continue;
    ++right;
    found.insert(nearest->first);
  }
  int recalled = 0;
  for (const auto& [id, place] : visible) recalled += found.contains(id) ? 1 : 0;
  const double recall = static_cast<double>(recalled) / static_cast<double>(visible.size());
  const double precision = features == 0 ? 0 : static_cast<double>(right) / features;
  std::cout << "features within " << kNear_m << " m: recall " << recall << " (" << recalled << " of " << visible.size() << " signs seen in 3 frames), precision "
            << precision << " (" << right << " of " << features << ")\n";
  REQUIRE(recall >= 0.5);
  REQUIRE(precision >= 0.7);
}
