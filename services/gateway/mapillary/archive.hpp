#pragma once
// Zip archives of strangers, read in one go from their beginning (docs/decisions/archives.md).

#include "core/bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace cairn::gateway::mapillary {

struct ArchiveLimits {
  std::size_t files = 20'000;
  std::uint64_t largest_file = std::uint64_t{4} << 30;
  /// Of all files together: pictures and videos are packed already, so four times the archive is never honest.
  std::uint64_t all_files = std::uint64_t{4} << 30;
};

/// Who gets the files: begin, data…, end for each.
struct ArchiveSink {
  std::function<void(const std::string& name)> begin;   ///< the last component of its path
  std::function<void(ByteView)> data;
  std::function<void()> end;
};

/// Reads every file of an archive. Gives why it can't be read, in a sentence; empty when all went well. Folders are passed over; links
/// come as what they are in the archive, small texts. A name that would climb out, a locked file or a broken limit ends the reading:
/// read with an empty sink first to know beforehand. Memory: a few hundred kB whatever is in it.
std::string read_archive(const std::filesystem::path& path, const ArchiveLimits& limits, const ArchiveSink& sink);

}  // namespace cairn::gateway::mapillary
