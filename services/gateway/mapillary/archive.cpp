#include "services/gateway/mapillary/archive.hpp"

#include "services/gateway/receive/stated.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <memory>
#include <string_view>

namespace cairn::gateway::mapillary {
namespace {

struct Closer {
  void operator()(::archive* reader) const { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<::archive, Closer>;

/// Reads local headers one after another; the directory at the end, whose size the sender chooses, is never loaded.
Reader opened(const std::filesystem::path& path) {
  Reader reader{::archive_read_new()};
  ::archive_read_support_format_zip_streamable(reader.get());
  return ::archive_read_open_filename(reader.get(), path.c_str(), 1 << 16) == ARCHIVE_OK ? std::move(reader) : nullptr;
}

bool climbs(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.front() == '\\' || name.find(':') != std::string_view::npos || name.find('\0') != std::string_view::npos) return true;
  while (!name.empty()) {
    const auto end = std::min(name.find_first_of("/\\"), name.size());
    if (name.substr(0, end) == "..") return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

/// Why a file may not be read, by its header.
std::string entry_problem(::archive_entry* entry, std::string_view name) {
  if (climbs(name)) return "The archive has a file whose name leaves it: use plain relative names";
  if (::archive_entry_is_encrypted(entry)) return "The archive is locked by a password: send it without";
  return {};
}

/// Hands a file's bytes on, and counts them against both limits.
std::string read_file(::archive* reader, std::uint64_t most, std::uint64_t& left, const ArchiveSink& sink) {
  std::array<std::byte, 1 << 16> buffer;
  for (std::uint64_t size = 0;;) {
    const auto got = ::archive_read_data(reader, buffer.data(), buffer.size());
    if (got < 0) return "The archive is broken: a file in it can't be unpacked";
    if (got == 0) return {};
    const auto bytes = static_cast<std::uint64_t>(got);
    size += bytes;
    if (size > most) return "The archive has a file that is larger than this server takes";
    if (bytes > left) return "The archive unpacks to far more than its own size: send the files as they are";
    left -= bytes;
    if (sink.data) sink.data(ByteView{buffer.data(), static_cast<std::size_t>(got)});
  }
}

}  // namespace

std::string read_archive(const std::filesystem::path& path, const ArchiveLimits& limits, const ArchiveSink& sink) {
  const auto reader = opened(path);
  if (!reader) return "The file is no zip archive";
  auto left = limits.all_files;
  ::archive_entry* entry = nullptr;
  for (std::size_t files = 0;;) {
    const int found = ::archive_read_next_header(reader.get(), &entry);
    if (found == ARCHIVE_EOF) return files > 0 ? "" : "The archive holds no file";
    if (found != ARCHIVE_OK && found != ARCHIVE_WARN) return files > 0 ? "The archive is broken off or damaged" : "The file is no zip archive";
    const char* const name = ::archive_entry_pathname(entry);
    if (auto problem = entry_problem(entry, name ? name : ""); !problem.empty()) return problem;
    if (std::string_view{name}.ends_with('/')) continue;
    if (++files > limits.files) return "The archive holds more than " + std::to_string(limits.files) + " files";
    if (sink.begin) sink.begin(last_component(name));
    if (auto problem = read_file(reader.get(), limits.largest_file, left, sink); !problem.empty()) return problem;
    if (sink.end) sink.end();
  }
}

}  // namespace cairn::gateway::mapillary
