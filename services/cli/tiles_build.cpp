// `cairn tiles build`: any vector files -> an archive of tiles, which needs nothing else of Cairn; or the catalogue -> one of its tile sets.
#include "services/cli/commands.hpp"
#include "services/cli/progress.hpp"
#include "services/cli/subcommands.hpp"
#include "services/store/events.hpp"
#include "services/tiling/catalogue_tiles.hpp"
#include "tiler/bulk/build.hpp"
#include "tiler/bulk/vocabulary.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <thread>

namespace cairn::cli {
namespace {

namespace bulk = tiler::bulk;

struct Options {
  std::vector<std::string> inputs;
  std::string target;
  std::string layer;
  bulk::BuildOptions build;
  std::size_t memory_mb = 1024;
  std::size_t tile_kb = 500;
  bool unchecked = false;
  std::string set;
  services::Settings settings;
};

std::vector<bulk::Input> inputs_of(const Options& options) {
  std::vector<bulk::Input> inputs;
  for (const auto& file : options.inputs) {
    for (auto& input : bulk::open_inputs(file, options.layer)) inputs.push_back(std::move(input));
  }
  return inputs;
}

void print(const Options& options, const bulk::BuildSummary& summary) {
  std::cout << "zoom    tiles   features      bytes   mean    most\n";
  for (const auto& [zoom, of_zoom] : summary.zooms) {
    std::cout << fmt::format("{:4} {:8} {:10} {:>10} {:>6} {:>7}", zoom, of_zoom.tiles, of_zoom.features, human_bytes(static_cast<double>(of_zoom.bytes)),
                             human_bytes(static_cast<double>(of_zoom.bytes) / static_cast<double>(of_zoom.tiles)), human_bytes(static_cast<double>(of_zoom.largest)));
    if (of_zoom.kept < 1) std::cout << fmt::format("   kept {:.1f} %", of_zoom.kept * 100);
    if (!of_zoom.largest_without.empty()) std::cout << " (tile " << of_zoom.largest_without << " would be too large)";
    std::cout << "\n";
  }
  for (std::size_t why = 0; why < summary.left_out.size(); ++why) {
    if (summary.left_out[why] > 0) std::cout << summary.left_out[why] << " features left out: " << bulk::kLeftOutSentences[why] << "\n";
  }
  if (summary.attributes_left_out > 0) {
    std::cout << summary.attributes_left_out << " attributes left out: a layer has " << bulk::Vocabulary::kMostKeys << " at most, choose with --attribute\n";
  }
  std::cout << options.target << ": " << summary.features << " features, " << summary.archive.tiles << " tiles (" << summary.archive.distinct << " distinct), "
            << human_bytes(static_cast<double>(summary.archive.bytes)) << "\n";
}

void build_from_catalogue(const Options& options) {
  tiler::check_archive_name(options.target);
  const auto set = tiler::tile_set_named(options.set);
  auto session = open_catalogue(options.settings);
  tiler::ArchiveSummary summary;
  std::uint64_t items = 0;
  session.read([&](store::Session& snapshot) {
    RateLine progress;
    tiling::CatalogueTiles tiles{snapshot, set, {options.build.gzip_level, options.build.threads}};
    summary = tiler::write_archive(options.target, tiling::archive_info_of(set, options.settings.map, store::kept_events(snapshot).newest), [&] {
      progress.show("building", tiles.share_read(), tiles.items_read());
      return tiles.next();
    });
    items = tiles.items_read();
  });
  std::cout << options.target << ": " << items << " items, " << summary.tiles << " tiles (" << summary.distinct << " distinct), "
            << human_bytes(static_cast<double>(summary.bytes)) << "\n";
}

void run(Options& options) {
  if (options.set.empty() == options.inputs.empty()) throw std::runtime_error{"name either files of features or, with --set, a tile set of the catalogue"};
  if (!options.set.empty()) return build_from_catalogue(options);
  options.build.memory = options.memory_mb << 20;
  options.build.check = !options.unchecked;
  options.build.most_tile_bytes = options.tile_kb * 1000;
  bulk::BuildSummary summary;
  {
    RateLine progress;
    summary = bulk::build_archive(options.target, inputs_of(options), options.build,
                                  [&](const bulk::Progress& now) { progress.show(now.stage, now.share, now.count); });
  }
  print(options, summary);
}

}  // namespace

void add_tiles_build_command(CLI::App& tiles, int& code) {
  auto* command = tiles.add_subcommand("build", "Build an archive of vector tiles from files of features, or from the catalogue");
  const auto options = std::make_shared<Options>();  // the callback runs after the command was described
  auto& build = options->build;
  build.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  command->add_option("input", options->inputs, "GeoJSON (whole, or a feature a line), FlatGeobuf, GeoPackage or whatever else GDAL reads")->check(CLI::ExistingFile);
  command->add_option("-o,--output", options->target, "FILE.pmtiles or FILE.mbtiles")->required();
  command->add_option("--layer", options->layer, "Put all features into one layer of this name, not one for each file or layer of it");
  command->add_option("--attribute", build.attributes, "Keep this attribute and no other; once for each");
  command->add_option("--min-zoom", build.min_zoom, "First zoom")->capture_default_str();
  command->add_option("--max-zoom", build.max_zoom, "Deepest zoom; maps enlarge its tiles beyond")->capture_default_str();
  command->add_option("--thin", build.thin, "Each zoom out keeps 1 of this many features")->capture_default_str();
  command->add_option("--level", build.gzip_level, "Of gzip: 1 is quick, 12 small")->check(CLI::Range(1, 12))->capture_default_str();
  command->add_option("--threads", build.threads, "How many tiles are made at once; the file is the same")->check(CLI::Range(1, 1024))->capture_default_str();
  command->add_option("--tile-limit", options->tile_kb, "Largest tile in kB: a zoom with a larger one shows fewer features; 0 is no limit")->capture_default_str();
  command->add_option("--memory", options->memory_mb, "MB of features held at once; what doesn't fit is sorted on disk, beside the output")->check(CLI::Range(16, 1 << 20))->capture_default_str();
  command->add_flag("--unchecked", options->unchecked, "Leave out the check that every tile goes through, the one of `cairn tiles verify`");
  command->add_option("--set", options->set, std::string{"Instead of files: "} + tiler::kTileSetNames + ", from the catalogue as it stands, without the tiles that were built before");
  services::add_settings_flags(*command, options->settings);
  command->callback([options, &code] {
    run(*options);
    code = 0;
  });
  command->footer("Examples:\n  cairn tiles build signs.geojsonl -o signs.pmtiles --min-zoom 6 --thin 2.5\n  cairn tiles build roads.gpkg parks.fgb -o town.mbtiles\n  cairn tiles build --set map -o map.pmtiles");
}

}  // namespace cairn::cli
