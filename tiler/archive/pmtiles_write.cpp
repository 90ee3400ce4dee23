#include "tiler/archive/archive.hpp"
#include "tiler/archive/pmtiles_directory.hpp"
#include "tiler/archive/tile_spool.hpp"
#include "tiler/gzip.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <unordered_map>

namespace cairn::tiler {
namespace {

constexpr int kLevel = 9;                      // directories are small and written once
constexpr std::size_t kSmallestLeaf = 4096;    // entries; grows until the root fits

/// Where each spooled content goes: contents in the order in which the curve first meets them, without a gap.
struct Layout {
  std::vector<PmEntry> entries;
  std::vector<SpooledTile> contents;
  std::uint64_t bytes = 0;
};

Layout layout_of(const std::vector<SpooledTile>& tiles) {
  Layout layout;
  std::unordered_map<std::uint64_t, std::uint64_t> offset_of;  // spool -> archive
  for (const auto& tile : tiles) {
    const auto [found, is_new] = offset_of.try_emplace(tile.offset, layout.bytes);
    if (is_new) {
      layout.contents.push_back(tile);
      layout.bytes += tile.length;
    }
    const bool continues = !layout.entries.empty() && layout.entries.back().offset == found->second &&
                           layout.entries.back().id + layout.entries.back().run == tile.id;
    if (continues) {
      ++layout.entries.back().run;
    } else {
      layout.entries.push_back({tile.id, found->second, tile.length, 1});
    }
  }
  return layout;
}

struct Directories {
  Bytes root;
  Bytes leaves;
};

Directories with_leaves(const std::vector<PmEntry>& entries, std::size_t leaf_size) {
  Directories result;
  std::vector<PmEntry> root;
  for (std::size_t first = 0; first < entries.size(); first += leaf_size) {
    const auto end = std::min(first + leaf_size, entries.size());
    const std::vector<PmEntry> leaf(entries.begin() + static_cast<std::ptrdiff_t>(first), entries.begin() + static_cast<std::ptrdiff_t>(end));
    const auto packed = gzipped(pm_directory_bytes(leaf), kLevel);
    root.push_back({entries[first].id, result.leaves.size(), static_cast<std::uint32_t>(packed.size()), 0});
    result.leaves.insert(result.leaves.end(), packed.begin(), packed.end());
  }
  result.root = gzipped(pm_directory_bytes(root), kLevel);
  return result;
}

Directories directories_of(const std::vector<PmEntry>& entries) {
  Directories result{gzipped(pm_directory_bytes(entries), kLevel), {}};
  for (auto leaf_size = kSmallestLeaf; result.root.size() > kPmMostRootBytes; leaf_size += leaf_size / 2) {
    result = with_leaves(entries, leaf_size);
  }
  return result;
}

std::string metadata_of(const ArchiveInfo& info) {
  nlohmann::json metadata{{"name", info.name},
                          {"description", info.description},
                          {"attribution", info.attribution},
                          {"type", "overlay"}};
  if (info.format == TileFormat::mvt) metadata["vector_layers"] = nlohmann::json::parse(info.vector_layers_json);
  if (!info.legend_json.empty()) metadata["cairn_legend"] = nlohmann::json::parse(info.legend_json);
  if (info.sequence) metadata["cairn_sequence"] = *info.sequence;
  return metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::int32_t e7(double deg) { return static_cast<std::int32_t>(std::floor(deg * 1e7 + 0.5)); }

void describe(PmHeader& header, const TileExtent& extent, TileFormat format) {
  header.clustered = true;
  header.internal_compression = PmCompression::gzip;
  header.tile_compression = format == TileFormat::mvt ? PmCompression::gzip : PmCompression::none;
  header.tile_type = static_cast<std::uint8_t>(pm_tile_type_of(format));
  header.min_zoom = extent.min_zoom;
  header.max_zoom = extent.max_zoom;
  header.west_e7 = e7(extent.bounds.west_deg);
  header.south_e7 = e7(extent.bounds.south_deg);
  header.east_e7 = e7(extent.bounds.east_deg);
  header.north_e7 = e7(extent.bounds.north_deg);
  header.centre_zoom = extent.centre_zoom;
  header.centre_lon_e7 = e7(extent.centre_lon_deg);
  header.centre_lat_e7 = e7(extent.centre_lat_deg);
}

}  // namespace

ArchiveSummary write_pmtiles(const std::filesystem::path& target, const ArchiveInfo& info, const TileSource& source) {
  const auto metadata = gzipped(bytes_of(metadata_of(info)), kLevel);
  TileSpool spool{target, source};
  const auto layout = layout_of(spool.tiles());
  const auto directories = directories_of(layout.entries);

  PmHeader header;
  header.root = {kPmHeaderBytes, directories.root.size()};
  header.metadata = {header.root.end(), metadata.size()};
  header.leaves = {header.metadata.end(), directories.leaves.size()};
  header.tiles = {header.leaves.end(), layout.bytes};
  header.addressed = spool.tiles().size();
  header.entries = layout.entries.size();
  header.contents = layout.contents.size();
  describe(header, extent_of(spool.tiles()), info.format);

  TemporaryPath unfinished{target, "part"};
  AppendFile file{unfinished.path()};
  for (const auto& part : {pm_header_bytes(header), directories.root, metadata, directories.leaves}) file.append(part);
  for (const auto& content : layout.contents) file.append(spool.content_of(content));
  file.flush();
  unfinished.publish_as(target);
  return {header.addressed, header.contents, file.size()};
}

}  // namespace cairn::tiler
