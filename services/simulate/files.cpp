#include "services/simulate/files.hpp"

#include "services/simulate/simulate.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace cairn::simulate {
namespace {

std::string imu_csv(const std::vector<ImuSample>& samples) {
  std::string text = "taken_at,ax_mps2,ay_mps2,az_mps2,gx_dps,gy_dps,gz_dps\n";
  std::array<char, 160> line{};
  for (const auto& s : samples) {
    std::snprintf(line.data(), line.size(), "%s,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f\n", to_iso8601(s.taken_at).c_str(),
                  s.acceleration.x, s.acceleration.y, s.acceleration.z, s.rotation.x, s.rotation.y, s.rotation.z);
    text += line.data();
  }
  return text;
}

DriveTruth write_frames(const Town& town, const DrivePlan& plan, const std::filesystem::path& folder) {
  const auto& options = plan.options;
  const DriveRenderer renderer{town, plan};
  DriveTruth truth{options.name,
                   options.contributor,
                   plan.light,
                   options.width_px,
                   options.height_px,
                   plan.focal_px,
                   options.camera_height_m,
                   options.seed,
                   plan.frames,
                   {},
                   {}};
  for (int i = 0; i < options.frames; ++i) {
    auto picture = renderer.render(i);
    write_file(folder / frame_name(i), picture.jpeg);
    truth.files.push_back(frame_name(i).string());
    truth.boxes.push_back(std::move(picture.boxes));
  }
  return truth;
}

}  // namespace

void write_file(const std::filesystem::path& file, ByteView bytes) {
  std::error_code ignored;  // the open below says it better
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::ofstream out{file, std::ios::binary};
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string() + ": check the folder and the free space");
}

std::filesystem::path frame_name(int index) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%03d.jpg", index);
  return name.data();
}

DriveTruth write_drive(const Town& town, const DriveOptions& options, const std::filesystem::path& folder) {
  return write_frames(town, plan_drive(town, options), folder);
}

void write_town(const Town& town, const std::vector<DriveOptions>& drives, const std::filesystem::path& folder) {
  std::vector<DriveTruth> truths;
  for (const auto& options : drives) {
    const auto plan = plan_drive(town, options);
    truths.push_back(write_frames(town, plan, folder / options.name));
    write_file(folder / "imu" / (options.name + ".csv"), bytes_of(imu_csv(plan.imu)));
  }
  write_truth(&town, truths, folder / "truth.json");
}

}  // namespace cairn::simulate
