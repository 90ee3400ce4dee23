#pragma once
// The bytes of a PMTiles v3 archive, read and not mapped: a file that is cut short while it is open is an error and no signal.

#include "tiler/archive/pmtiles_directory.hpp"

#include <filesystem>

namespace cairn::tiler {

/// Every fault throws std::runtime_error with a sentence that doesn't name the file.
class PmFile {
 public:
  /// Reads the header; of what it says nothing is checked.
  explicit PmFile(const std::filesystem::path& path);

  const PmHeader& header() const { return header_; }
  std::uint64_t size() const { return open_.size; }
  int descriptor() const { return open_.descriptor; }

  Bytes read(PmSection section) const;
  /// Metadata or a directory; refused when they have more than `most` bytes.
  Bytes unpacked(PmSection section, std::size_t most) const;
  std::vector<PmEntry> directory(PmSection section) const;

 private:
  struct OpenFile {
    explicit OpenFile(const std::filesystem::path& path);
    ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    int descriptor;
    std::uint64_t size = 0;
  };
  OpenFile open_;
  PmHeader header_;
};

}  // namespace cairn::tiler
