#pragma once
// What survives a power cut. A file is there for good once its bytes are synced, and then the folder that holds its name.

#include <filesystem>

namespace cairn {

/// Waits until a file's bytes, or a folder's names, are on the disk. Throws std::system_error with the path.
void sync_file(const std::filesystem::path& file);
void sync_folder(const std::filesystem::path& folder);

}  // namespace cairn
