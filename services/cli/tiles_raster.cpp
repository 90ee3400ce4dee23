// `cairn tiles raster`: a picture of the ground -> an archive of tiles. Needs nothing else of Cairn.
#include "services/cli/commands.hpp"
#include "services/cli/progress.hpp"
#include "tiler/raster/build.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

namespace cairn::cli {
namespace {

struct RasterOptions {
  std::string input, target;
  std::string format = "webp";
  tiler::raster::BuildOptions build;
};

void build_raster(RasterOptions& options) {
  options.build.format = tiler::find_tile_format(options.format).value();  // the option took no other
  tiler::ArchiveSummary summary;
  {
    RateLine progress;
    summary = tiler::raster::build_archive(options.target, options.input, options.build,
                                           [&](double share, std::uint64_t tiles) { progress.show("drawing", share, tiles); });
  }
  std::cout << options.target << ": " << summary.tiles << " tiles (" << summary.distinct << " distinct), " << human_bytes(static_cast<double>(summary.bytes)) << "\n";
}

}  // namespace

void add_tiles_raster_command(CLI::App& tiles, int& code) {
  auto* command = tiles.add_subcommand("raster", "Build an archive of pictures from a raster of the ground");
  const auto options = std::make_shared<RasterOptions>();  // the callback runs after the command was described
  auto& build = options->build;
  build.threads = std::max(1u, std::thread::hardware_concurrency());
  command->add_option("input", options->input, "A GeoTIFF, also a cloud-optimized one, grey or colour of 8 bits")->required()->check(CLI::ExistingFile);
  command->add_option("-o,--output", options->target, "FILE.pmtiles or FILE.mbtiles")->required();
  command->add_option("--min-zoom", build.min_zoom, "First zoom")->check(CLI::Range(0, 24))->capture_default_str();
  command->add_option("--max-zoom", build.max_zoom, "Deepest zoom; as fine as the raster without")->check(CLI::Range(0, 24));
  command->add_option("--format", options->format, "png and webp leave out what lies around the raster; jpg is white there")
      ->check(CLI::IsMember({"png", "webp", "jpg"}))->capture_default_str();
  command->add_option("--quality", build.quality, "Of webp and jpg")->check(CLI::Range(1, 100))->capture_default_str();
  command->add_option("--side", build.side, "Pixels a side")->check(CLI::IsMember({256, 512}))->capture_default_str();
  command->add_option("--threads", build.threads, "How many read, warp and encode at once; the file is the same")->check(CLI::Range(1, 1024))->capture_default_str();
  command->callback([options, &code] {
    build_raster(*options);
    code = 0;
  });
  command->footer("Example:\n  cairn tiles raster ground.tif -o ground.pmtiles");
}

}  // namespace cairn::cli
