#include "tiler/bulk/build.hpp"

#include "tiler/bulk/feature_reader.hpp"
#include "tiler/bulk/tile_stream.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace cairn::tiler::bulk {
namespace {

constexpr double kBelowLimit = 0.9;  ///< packed size doesn't fall quite as the number of features does

HighestRanks highest_ranks_of(const BuildOptions& options) {
  HighestRanks ranks{};
  for (int zoom = options.min_zoom; zoom <= options.max_zoom; ++zoom) {
    const double share = std::min(1.0, std::pow(options.thin, zoom - options.max_zoom));
    ranks[static_cast<std::size_t>(zoom)] = static_cast<std::uint32_t>(share * 4'294'967'295.0);
  }
  return ranks;
}

std::string vector_layers_of(const std::vector<LayerWords>& layers, const BuildOptions& options) {
  auto described = nlohmann::json::array();
  for (const auto& layer : layers) {
    auto fields = nlohmann::json::object();
    for (const auto& [name, kind] : layer.words.fields()) fields[name] = kind;
    described.push_back({{"id", layer.name}, {"fields", std::move(fields)}, {"minzoom", options.min_zoom}, {"maxzoom", options.max_zoom}});
  }
  return described.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void check(const BuildOptions& options) {
  if (options.min_zoom < 0 || options.max_zoom > kDeepestZoom || options.min_zoom > options.max_zoom) {
    throw std::runtime_error{"zooms from " + std::to_string(options.min_zoom) + " to " + std::to_string(options.max_zoom) + ": take 0 to " +
                             std::to_string(kDeepestZoom)};
  }
  if (!(options.thin >= 1)) throw std::runtime_error{"each zoom out can't keep more than the zoom before it: take a ratio of 1 or more"};
}

/// Fewer features at a zoom and at those before it, which show no more than it does.
void keep_fewer(HighestRanks& ranks, int zoom, double share, const BuildOptions& options) {
  auto& highest = ranks[static_cast<std::size_t>(zoom)];
  highest = static_cast<std::uint32_t>(highest * share);
  for (int above = options.min_zoom; above < zoom; ++above) {
    ranks[static_cast<std::size_t>(above)] = std::min(ranks[static_cast<std::size_t>(above)], highest);
  }
}

}  // namespace

BuildSummary build_archive(const std::filesystem::path& target, std::vector<Input> inputs, const BuildOptions& options, const TellProgress& tell) {
  check_archive_name(target);
  check(options);
  const auto allowed = highest_ranks_of(options);
  BuildSummary summary;
  FeatureReader reader{target, options, allowed};
  for (auto& input : inputs) reader.read(input, summary, tell);
  inputs.clear();
  reader.sort();
  for (const auto& layer : reader.layers()) summary.attributes_left_out += layer.words.left_out();

  const ArchiveInfo info{target.stem().string(), "", "", vector_layers_of(reader.layers(), options)};
  auto ranks = allowed;
  std::map<int, std::string> too_large;
  for (;;) {
    try {
      TileStream tiles{reader.piles(), reader.layers(), options, ranks};
      std::uint64_t written = 0;
      summary.archive = write_archive(target, info, [&] {
        auto tile = tiles.next();
        if (tell && tile && ++written % 1024 == 0) tell({"writing zoom " + std::to_string(tile->tile.zoom()), 0, written});
        return tile;
      });
      summary.zooms = tiles.zooms();
      break;
    } catch (const TileTooLarge& tile) {
      // From the start: this is found at the first zooms, which are the quickest to build.
      too_large[tile.tile.zoom()] = tile.tile.text();
      keep_fewer(ranks, tile.tile.zoom(), kBelowLimit * static_cast<double>(options.most_tile_bytes) / static_cast<double>(tile.bytes), options);
    }
  }
  for (auto& [zoom, of_zoom] : summary.zooms) {
    const auto index = static_cast<std::size_t>(zoom);
    of_zoom.kept = allowed[index] == 0 ? 1 : static_cast<double>(ranks[index]) / allowed[index];
    if (too_large.contains(zoom)) of_zoom.largest_without = too_large[zoom];
  }
  return summary;
}

}  // namespace cairn::tiler::bulk
