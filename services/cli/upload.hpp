#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::cli {

struct UploadOptions {
  std::vector<std::filesystem::path> paths;   ///< files and folders
  std::string url = "http://127.0.0.1:8080";
  std::string token;
  std::string title;                          ///< empty: the folder's name
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

/// Sends, waits, reports. Gives the exit code: 0 when every file was taken, 3 when some were refused, 1 when it broke off.
int run_upload(const UploadOptions& options);

}  // namespace cairn::cli
