#include "services/gateway/receive/partial_file.hpp"

#include "core/durable.hpp"
#include "services/store/file_view.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
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

/// What holds a file. Whoever takes it over takes the handle, and with it the lock, while nobody is writing.
struct PartialFile::State {
  std::mutex mutex;
  int handle = -1;          ///< -1: somebody else has it now
  std::uint64_t size = 0;
  bool yields = false;

  /// All that this process holds, by their paths.
  struct Table {
    std::mutex mutex;
    std::map<fs::path, std::weak_ptr<State>> files;
  };
  static Table& table() {
    static Table of_process;
    return of_process;
  }
};

std::optional<PartialFile> PartialFile::open(const fs::path& path) {
  const int handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (handle < 0) fail("can't open", path);
  if (::flock(handle, LOCK_EX | LOCK_NB) == 0) return PartialFile{path, handle};
  const bool taken = errno == EWOULDBLOCK;
  ::close(handle);
  if (!taken) fail("can't lock", path);
  return std::nullopt;
}

std::optional<PartialFile> PartialFile::take(const fs::path& path) {
  if (auto file = open(path)) return file;
  int handle = -1;
  {
    auto& table = State::table();
    const std::lock_guard table_lock{table.mutex};
    const auto found = table.files.find(path);
    const auto holder = found != table.files.end() ? found->second.lock() : nullptr;
    if (!holder) return std::nullopt;
    const std::lock_guard lock{holder->mutex};
    if (!holder->yields) return std::nullopt;
    handle = std::exchange(holder->handle, -1);
    holder->yields = false;
  }
  return PartialFile{path, handle};
}

PartialFile::PartialFile(fs::path path, int handle) : path_{std::move(path)}, state_{std::make_shared<State>()} {
  state_->handle = handle;
  state_->size = size_of_file(handle, path_);
  auto& table = State::table();
  const std::lock_guard lock{table.mutex};
  table.files[path_] = state_;
}

PartialFile::~PartialFile() {
  if (!state_) return;
  auto& table = State::table();
  const std::lock_guard table_lock{table.mutex};
  const std::lock_guard lock{state_->mutex};
  if (state_->handle < 0) return;
  const auto found = table.files.find(path_);
  if (found != table.files.end() && found->second.lock() == state_) table.files.erase(found);
  ::close(state_->handle);
}

std::uint64_t PartialFile::size() const {
  const std::lock_guard lock{state_->mutex};
  return state_->size;
}

void PartialFile::yield() {
  const std::lock_guard lock{state_->mutex};
  state_->yields = state_->handle >= 0;
}

bool PartialFile::hold() {
  const std::lock_guard lock{state_->mutex};
  state_->yields = false;
  return state_->handle >= 0;
}

bool PartialFile::add(ByteView bytes) {
  const std::lock_guard lock{state_->mutex};
  if (state_->handle < 0) return false;
  while (!bytes.empty()) {
    const auto written = ::write(state_->handle, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("can't write", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    state_->size += static_cast<std::uint64_t>(written);
  }
  return true;
}

void PartialFile::sync() {
  const std::lock_guard lock{state_->mutex};
  if (state_->handle >= 0) sync_handle(state_->handle, path_);
}

void PartialFile::sync_name() {
  sync_folder(path_.parent_path());
}

bool PartialFile::add_file(const fs::path& other) { return fs::file_size(other) == 0 ? hold() : add(store::FileView{other}.bytes()); }

void PartialFile::remove() {
  const std::lock_guard lock{state_->mutex};
  std::error_code ignored;
  if (state_->handle >= 0) fs::remove(path_, ignored);
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
