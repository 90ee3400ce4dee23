#include "tiler/archive/archive.hpp"

#include <stdexcept>

namespace cairn::tiler {

void check_archive_name(const std::filesystem::path& target) {
  if (target.extension() == ".pmtiles" || target.extension() == ".mbtiles") return;
  throw std::runtime_error{target.string() + ": name a file that ends in .pmtiles or .mbtiles"};
}

ArchiveSummary write_archive(const std::filesystem::path& target, const ArchiveInfo& info, const TileSource& source) {
  check_archive_name(target);
  return target.extension() == ".mbtiles" ? write_mbtiles(target, info, source) : write_pmtiles(target, info, source);
}

}  // namespace cairn::tiler
