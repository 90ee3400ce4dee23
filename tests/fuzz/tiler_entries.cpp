#include "tests/fuzz/tiler_entries.hpp"

#include "tiler/archive/reader.hpp"
#include "tiler/archive/tilejson.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace cairn::fuzz {
namespace {

void read_tile(tiler::OpenArchive& archive, TileId tile) {
  try {
    archive.tile(tile);
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

void pmtiles(ByteView bytes) {
  const auto path = std::filesystem::temp_directory_path() / ("cairn-fuzz-" + std::to_string(::getpid()) + ".pmtiles");
  std::ofstream{path, std::ios::binary} << text_of(bytes);
  try {
    const auto archive = tiler::open_archive(path);
    tiler::tilejson(archive->facts(), "/{z}/{x}/{y}");
    for (int zoom = 0; zoom <= 3; ++zoom) {
      for (int at = 0; at < 1 << 2 * zoom; ++at) read_tile(*archive, *TileId::from_zxy(zoom, at >> zoom, at & ((1 << zoom) - 1)));
    }
    archive->tiles();
  } catch (const std::runtime_error&) {
  }
  std::filesystem::remove(path);
}

}  // namespace cairn::fuzz
