#pragma once
// `cairn upload`: what is sent, how, and what came of it.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::cli {

struct UploadOptions {
  std::vector<std::filesystem::path> paths;   ///< files and folders
  std::string url = "http://127.0.0.1:8080";
  std::string token;
  std::string title;                          ///< empty: the folder's name
  int jobs = 4;                               ///< files under way at once
  std::uint64_t rate = 0;                     ///< most bytes a second, over all files; 0: no limit
  bool wait = true;                           ///< until every file has its verdict
  bool json = false;
  bool resume = true;
};

/// A file and the name it is sent under, which is unique in its upload.
struct FileToSend {
  std::filesystem::path path;
  std::string name;
};

/// The files that an upload of these paths sends, tracks first (pictures that need one come after it), then by path. Folders
/// are walked; hidden files and what has no ending of ours are left alone. A file is named by its way below the folder given,
/// "east_001.jpg"; where that is not unique, the folder's own name goes before it.
std::vector<FileToSend> files_to_send(const std::vector<std::filesystem::path>& paths);
/// Whether a name has the ending of a track, which pictures and videos beside it may need.
bool is_track_name(const std::filesystem::path& file);

/// Exit codes of the command (docs/man/cairn-upload.1).
enum UploadCode { all_taken = 0, broke_off = 1, some_refused = 3 };

/// Sends, waits, reports. Throws HttpTrouble or std::runtime_error when it breaks off: what is there already stays there.
UploadCode run_upload(const UploadOptions& options, std::vector<FileToSend> files);

/// Says for each file what a server would refuse it for, without one. some_refused when there is such a file.
UploadCode run_dry(const UploadOptions& options, const std::vector<FileToSend>& files);

/// Sends what appears in the folders and has stopped growing, looking every so many seconds, until `stop`.
UploadCode run_watch(const UploadOptions& options, double every_s, const std::atomic<bool>& stop);

}  // namespace cairn::cli
