#include "services/cli/upload.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <stdexcept>

namespace cairn::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kTrackEndings{".gpx", ".nmea", ".gps", ".ubx", ".csv"};
constexpr std::array kOtherEndings{".jpg", ".jpeg", ".heic", ".heif", ".mp4", ".mov", ".360"};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string ending_of(const fs::path& file) { return lower(file.extension().string()); }

/// "km_20240510_021044_3_0": bundles of pictures whose index is JSON.
bool is_frame_km(const fs::path& file) { return file.filename().string().starts_with("km_"); }

/// "GPSData000001.txt": the log of a 70mai, beside its videos.
bool is_seventy_mai_log(const fs::path& file) { return ending_of(file) == ".txt" && lower(file.filename().string()).starts_with("gpsdata"); }

bool is_ours(const fs::path& file) {
  const bool is_hidden = file.filename().string().starts_with(".");
  return !is_hidden && (is_frame_km(file) || is_track_name(file) || std::ranges::find(kOtherEndings, ending_of(file)) != kOtherEndings.end());
}

std::string flat_name(const fs::path& way) {
  auto name = way.string();
  std::ranges::replace(name, '/', '_');
  return name;
}

void make_names_unique(std::vector<FileToSend>& files) {
  std::map<std::string, int> uses;
  for (const auto& file : files) ++uses[file.name];
  for (auto& file : files) {
    if (uses[file.name] > 1) file.name = fs::weakly_canonical(file.path).parent_path().filename().string() + "_" + file.name;
  }
}

}  // namespace

bool is_track_name(const fs::path& file) {
  const auto ending = ending_of(file);
  return (ending == ".json" && is_frame_km(file)) || is_seventy_mai_log(file) || std::ranges::find(kTrackEndings, ending) != kTrackEndings.end();
}

std::vector<FileToSend> files_to_send(const std::vector<fs::path>& paths) {
  std::vector<FileToSend> files;
  for (const auto& path : paths) {
    if (fs::is_directory(path)) {
      for (const auto& entry : fs::recursive_directory_iterator{path, fs::directory_options::skip_permission_denied}) {
        if (entry.is_regular_file() && is_ours(entry.path())) files.push_back({entry.path(), flat_name(fs::relative(entry.path(), path))});
      }
    } else if (fs::exists(path)) {
      files.push_back({path, path.filename().string()});  // named by hand: sent whatever its ending, and judged by the server
    } else {
      throw std::runtime_error{"there is no file or folder " + path.string()};
    }
  }
  make_names_unique(files);
  std::ranges::sort(files, {}, [](const FileToSend& file) { return std::pair{!is_track_name(file.path), file.path.string()}; });
  return files;
}

}  // namespace cairn::cli
