#include "services/gateway/receive/partial_file.hpp"

#include "core/durable.hpp"
#include "services/store/file_view.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace cairn::gateway {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* what, const fs::path& path) {
  throw std::system_error{errno, std::generic_category(), std::string{what} + " " + path.string()};
}

std::uint64_t size_of_file(int handle, const fs::path& path) {
  struct stat info {};
  if (::fstat(handle, &info) != 0) fail("can't stat", path);
  return static_cast<std::uint64_t>(info.st_size);
}

void sync_handle(int handle, const fs::path& path) {
  if (::fdatasync(handle) != 0) fail("can't sync", path);
}

struct Handle {
  int value;
  ~Handle() { ::close(value); }
};

}  // namespace

std::optional<PartialFile> PartialFile::open(const fs::path& path) {
  const int handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (handle < 0) fail("can't open", path);
  if (::flock(handle, LOCK_EX | LOCK_NB) == 0) {
    PartialFile file{path, handle, 0};
    file.size_ = size_of_file(handle, path);
    return file;
  }
  const bool taken = errno == EWOULDBLOCK;
  ::close(handle);
  if (!taken) fail("can't lock", path);
  return std::nullopt;
}

PartialFile::PartialFile(fs::path path, int handle, std::uint64_t size) : path_{std::move(path)}, handle_{handle}, size_{size} {}
PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_{std::move(other.path_)}, handle_{std::exchange(other.handle_, -1)}, size_{other.size_} {}
PartialFile::~PartialFile() {
  if (handle_ >= 0) ::close(handle_);
}

void PartialFile::add(ByteView bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(handle_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("can't write", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
}

void PartialFile::sync() { sync_handle(handle_, path_); }

void PartialFile::sync_name() {
  sync_folder(path_.parent_path());
}

void PartialFile::add_file(const fs::path& other) {
  if (fs::file_size(other) > 0) add(store::FileView{other}.bytes());
}

void PartialFile::remove() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

std::uint64_t durable_size(const fs::path& path) {
  const Handle file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.value < 0 && errno == ENOENT) return 0;
  if (file.value < 0) fail("can't open", path);
  const auto size = size_of_file(file.value, path);
  sync_handle(file.value, path);
  return size;
}

}  // namespace cairn::gateway
