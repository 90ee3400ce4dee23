#include "core/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace cairn {
namespace {

void sync(const std::filesystem::path& path, int flags) {
  const int handle = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool synced = handle >= 0 && ::fsync(handle) == 0;
  const int error = errno;
  if (handle >= 0) ::close(handle);
  if (!synced) throw std::system_error{error, std::generic_category(), "can't sync " + path.string()};
}

}  // namespace

void sync_file(const std::filesystem::path& file) { sync(file, O_RDONLY); }
void sync_folder(const std::filesystem::path& folder) { sync(folder, O_RDONLY | O_DIRECTORY); }

}  // namespace cairn
