#include "services/simulate/command.hpp"

#include "services/simulate/simulate.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <memory>

namespace cairn::simulate {
namespace {

struct TownArguments {
  TownOptions town;
  DriveOptions drive;
  int drives = 3;
  std::string out, size = "1280x720", origin, start, light = "sun";
  double outage_from_s = -1;
};

struct KittiArguments {
  KittiOptions kitti;
  std::string from, out, origin, start;
};

[[noreturn]] void wrong(const std::string& name, const std::string& value, const std::string& wanted) {
  throw CLI::ValidationError(name, "'" + value + "' is not " + wanted);
}

LatLon origin_from(const std::string& text) {
  double lat = 0, lon = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%lf,%lf%c", &lat, &lon, &rest) == 2)
    if (const auto place = LatLon::from_degrees(lat, lon)) return *place;
  wrong("--origin", text, "a place: write LAT,LON in degrees, such as 47.58,21.08");
}

UtcTime start_from(const std::string& text) {
  if (const auto time = time_from_iso8601(text)) return *time;
  wrong("--start", text, "a time: write it like 2026-05-16T09:30:00Z");
}

void run_town(TownArguments& a) {
  char rest = 0;
  if (std::sscanf(a.size.c_str(), "%dx%d%c", &a.drive.width_px, &a.drive.height_px, &rest) != 2)
    wrong("--size", a.size, "a size: write WIDTHxHEIGHT in pixels, such as 1280x720");
  if (!a.origin.empty()) a.town.origin = origin_from(a.origin);
  if (!a.start.empty()) a.drive.start = start_from(a.start);
  if (a.light != "sun") a.drive.light = a.light == "night" ? Light::night : Light::day;
  if (a.outage_from_s >= 0) a.drive.gnss.outage_from_s = a.outage_from_s;
  a.drive.seed = a.town.seed;
  const Town town = make_town(a.town);
  const auto drives = drives_of(town, a.drives, a.drive);
  write_town(town, drives, a.out);
  std::cout << "wrote " << drives.size() << " drives of " << a.drive.frames << " frames to " << a.out << "\n";
}

void run_kitti(KittiArguments& a) {
  if (!a.origin.empty()) a.kitti.origin = origin_from(a.origin);
  if (!a.start.empty()) a.kitti.start = start_from(a.start);
  const std::filesystem::path out{a.out};
  auto name = std::filesystem::path{a.from}.lexically_normal();
  if (!name.has_filename()) name = name.parent_path();
  auto truth = write_kitti_drive(name, out / name.filename(), a.kitti);
  write_truth(nullptr, {truth}, out / "truth.json");
  std::cout << "wrote " << truth.files.size() << " frames to " << (out / name.filename()).string() << "\n";
}

void add_gnss(CLI::App& command, GnssModel& gnss) {
  command.add_option("--gnss-white", gnss.white_m, "white noise of places per axis, in metres")->capture_default_str();
  command.add_option("--gnss-bias", gnss.bias_m, "wandering bias of places per axis, in metres")->capture_default_str();
  command.add_option("--heading-noise", gnss.heading_deg, "noise of the direction of view, in degrees")
      ->capture_default_str();
}

void add_town(CLI::App& app) {
  auto a = std::make_shared<TownArguments>();  // lives as long as the callback below
  auto* command = app.add_subcommand("town", "make a town and drives through it: pictures, truth.json, imu/");
  command->add_option("--out", a->out, "folder to write to")->required();
  command->add_option("--seed", a->town.seed, "another number, another town")->capture_default_str();
  command->add_option("--drives", a->drives, "how many drives")->capture_default_str()->check(CLI::Range(1, 1000));
  command->add_option("--frames", a->drive.frames, "frames per drive")->capture_default_str();
  command->add_option("--size", a->size, "of the pictures, in pixels")->capture_default_str();
  command->add_option("--spacing", a->drive.spacing_m, "metres between frames")->capture_default_str();
  command->add_option("--speed", a->drive.speed_mps, "metres per second")->capture_default_str();
  command->add_option("--start", a->start, "when the first drive begins [2026-05-16T07:40:00Z]");
  command->add_option("--light", a->light, "day, night, or as the sun stands")
      ->capture_default_str()
      ->check(CLI::IsMember({"day", "night", "sun"}));
  command->add_option("--origin", a->origin, "LAT,LON of the town's middle [47.58,21.08]");
  command->add_option("--blocks-east", a->town.blocks_east, "size of the town")->capture_default_str();
  command->add_option("--blocks-north", a->town.blocks_north, "size of the town")->capture_default_str();
  command->add_option("--quality", a->drive.jpeg_quality, "of the JPEGs, 1-100")->capture_default_str();
  command->add_flag(
      "--fast,!--smooth", [a](std::int64_t fast) { a->drive.smooth = fast <= 0; },
      "draw jagged edges, four times faster");
  command->add_option("--outage-from", a->outage_from_s, "seconds after the start when the receiver falls silent");
  command->add_option("--outage-seconds", a->drive.gnss.outage_seconds, "for so long")->capture_default_str();
  add_gnss(*command, a->drive.gnss);
  command->footer("Example: cairn simulate town --seed 7 --drives 3 --frames 24 --out drives");
  command->callback([a] { run_town(*a); });
}

void add_kitti(CLI::App& app) {
  auto a = std::make_shared<KittiArguments>();  // lives as long as the callback below
  auto* command = app.add_subcommand(
      "kitti", "give a KITTI odometry drive (poses.txt, calib.txt, 000000.png …) a simulated receiver");
  command->add_option("--from", a->from, "the KITTI folder")->required()->check(CLI::ExistingDirectory);
  command->add_option("--out", a->out, "folder to write to")->required();
  command->add_option("--origin", a->origin, "LAT,LON of the first frame [47.58,21.08]");
  command->add_option("--heading", a->kitti.heading_deg, "of the first frame, in degrees")->capture_default_str();
  command->add_option("--start", a->start, "time of the first frame [2026-05-16T10:00:00Z]");
  command->add_option("--seed", a->kitti.seed, "of the receiver's errors")->capture_default_str();
  add_gnss(*command, a->kitti.gnss);
  command->footer("Example: cairn simulate kitti --from kitti/06 --out drives --origin 49.01,8.44");
  command->callback([a] { run_kitti(*a); });
}

}  // namespace

void add_simulate_command(CLI::App& app) {
  app.require_subcommand(1);
  add_town(app);
  add_kitti(app);
}

}  // namespace cairn::simulate
