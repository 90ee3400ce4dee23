#include "tiler/archive/file_writer.hpp"

#include "core/durable.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace cairn::tiler {
namespace {

constexpr std::size_t kBlock = 1 << 20;  // large enough that the calls don't matter, small enough to forget

std::runtime_error refused(const char* verb, const std::filesystem::path& path) {
  return std::runtime_error{std::string{"can't "} + verb + " " + path.string() + ": " + std::strerror(errno)};
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
}

}  // namespace

TemporaryPath::TemporaryPath(const std::filesystem::path& target, const std::string& purpose) {
  std::string name = ".";
  name.append(target.filename().string()).append(".").append(purpose).append(".XXXXXX");
  auto pattern = (folder_of(target) / name).string();
  const int descriptor = ::mkstemp(pattern.data());
  if (descriptor < 0) throw refused("write beside", target);
  ::fchmod(descriptor, 0644);
  ::close(descriptor);
  path_ = pattern;
}

TemporaryPath::~TemporaryPath() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void TemporaryPath::publish_as(const std::filesystem::path& target) {
  sync_file(path_);
  if (::rename(path_.c_str(), target.c_str()) != 0) throw refused("put in place", target);
  path_.clear();
  sync_folder(folder_of(target));
}

AppendFile::AppendFile(std::filesystem::path path)
    : path_{std::move(path)}, descriptor_{::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)} {
  if (descriptor_ < 0) fail("write");
  waiting_.reserve(kBlock);
}

AppendFile::~AppendFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void AppendFile::fail(const char* verb) const { throw refused(verb, path_); }

void AppendFile::append(ByteView bytes) {
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  if (waiting_.size() >= kBlock) flush();
}

void AppendFile::flush() {
  ByteView rest{waiting_};
  while (!rest.empty()) {
    const auto done = ::write(descriptor_, rest.data(), rest.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail("write");
    rest = rest.subspan(static_cast<std::size_t>(done));
    written_ += static_cast<std::uint64_t>(done);
  }
  waiting_.clear();
}

Bytes AppendFile::read(std::uint64_t offset, std::size_t size) {
  flush();
  Bytes bytes(size);
  std::size_t have = 0;
  while (have < size) {
    const auto done = ::pread(descriptor_, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("read back");
    have += static_cast<std::size_t>(done);
  }
  return bytes;
}

}  // namespace cairn::tiler
