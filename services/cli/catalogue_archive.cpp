#include "services/cli/catalogue_archive.hpp"

#include "services/cli/subcommands.hpp"
#include "services/tiling/catalogue_tiles.hpp"
#include "tiler/gzip.hpp"

#include <stdexcept>

namespace cairn::cli {
namespace {

constexpr int kArchiveLevel = 6;
constexpr std::size_t kMostTileBytes = 16 << 20;

}  // namespace

CatalogueArchive::CatalogueArchive(const services::Settings& settings, const std::string& set)
    : set_{tiler::tile_set_named(set)}, terms_{settings.map}, session_{open_catalogue(settings)}, blobs_{settings.blob_folder()} {}

tiler::ArchiveInfo CatalogueArchive::info(std::int64_t sequence) const { return tiling::archive_info_of(set_, terms_, sequence); }

Bytes CatalogueArchive::packed(const store::TileRow& row) const {
  auto packed = blobs_.get(store::Namespace::public_, row.blob.value());
  if (!packed) throw std::runtime_error{"the tile " + row.tile.text() + " has lost its blob: run `cairn tiles rebuild`"};
  if (!tiler::is_gzipped(tiler::format_of(set_))) return *std::move(packed);
  return tiler::gzipped(tiler::gunzipped(*packed, kMostTileBytes), kArchiveLevel);
}

}  // namespace cairn::cli
