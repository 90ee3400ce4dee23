#include "tiler/archive/pmtiles_file.hpp"

#include "tiler/gzip.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace cairn::tiler {

PmFile::OpenFile::OpenFile(const std::filesystem::path& path) : descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
  if (descriptor < 0) throw std::runtime_error{"the file can't be opened"};
  struct stat status{};
  const bool is_file = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  size = is_file ? static_cast<std::uint64_t>(status.st_size) : 0;
  if (size > 0) return;
  ::close(descriptor);
  throw std::runtime_error{is_file ? "the file is empty" : "this is no file"};
}

PmFile::OpenFile::~OpenFile() { ::close(descriptor); }

PmFile::PmFile(const std::filesystem::path& path) : open_{path} { header_ = pm_header_from(read({0, std::min<std::uint64_t>(kPmHeaderBytes, size())})); }

Bytes PmFile::read(PmSection section) const {
  if (!lies_inside(section, size())) throw std::runtime_error{"the file was cut short"};
  Bytes bytes(section.length);
  for (std::size_t done = 0; done < bytes.size();) {
    const auto got = ::pread(descriptor(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(section.offset + done));
    if (got <= 0) throw std::runtime_error{"the file can't be read: it was cut short"};
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Bytes PmFile::unpacked(PmSection section, std::size_t most) const {
  if (section.length > most) throw std::runtime_error{"a directory or the metadata are larger than " + std::to_string(most) + " bytes"};
  auto packed = read(section);
  if (header_.internal_compression == PmCompression::none || packed.empty()) return packed;
  if (header_.internal_compression != PmCompression::gzip) throw std::runtime_error{"its directories are packed in a way that is not known here: only gzip is"};
  return gunzipped(packed, most);
}

std::vector<PmEntry> PmFile::directory(PmSection section) const { return pm_directory_from(unpacked(section, kPmMostDirectoryBytes)); }

}  // namespace cairn::tiler
