#include "services/changes/dirty_tiles.hpp"
#include "services/cli/catalogue_archive.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/events.hpp"

#include <iostream>
#include <vector>

namespace cairn::cli {
namespace {

struct TilesOptions {
  services::Settings settings;
  std::string file;
  std::string set = "map";
};

void export_tiles(const TilesOptions& options) {
  tiler::check_archive_name(options.file);
  CatalogueArchive catalogue{options.settings, options.set};
  std::vector<store::TileRow> rows;
  std::int64_t sequence = 0;
  catalogue.session().read([&](store::Session& snapshot) {
    rows = store::tiles_of(snapshot, options.set);
    sequence = store::kept_events(snapshot).newest;
  });
  std::size_t next = 0;
  const tiler::TileSource source = [&]() -> std::optional<tiler::ArchiveTile> {
    if (next == rows.size()) return std::nullopt;
    const auto& row = rows[next++];
    return tiler::ArchiveTile{row.tile, catalogue.packed(row)};
  };
  const auto summary = tiler::write_archive(options.file, catalogue.info(sequence), source);
  std::cout << options.file << ": " << summary.tiles << " tiles (" << summary.distinct << " distinct), " << summary.bytes << " bytes, up to change " << sequence << "\n";
}

int verify_archive(const TilesOptions& options) {
  const auto& file = options.file;
  const auto problems = tiler::problems_of_archive(file);
  for (const auto& problem : problems) std::cout << problem << "\n";
  std::cout << file << ": " << (problems.empty() ? "valid" : std::to_string(problems.size()) + " problem(s)") << "\n";
  return problems.empty() ? 0 : 1;
}

/// Builds every tile from the catalogue, as if all of it had just come; the old ones are shown until then.
void rebuild_tiles(const TilesOptions& options) {
  auto session = open_catalogue(options.settings);
  std::size_t tiles = 0;
  session.write([&](store::Session& s) { tiles = changes::mark_all_tiles_dirty(s, services::now_utc()); });
  std::cout << tiles << " tiles, and all above them, are built anew and shown as they are until then; `cairn status --watch` shows how far it is\n";
}

}  // namespace

void add_tiles_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("tiles", "Build, export, verify and compare archives of tiles");
  Subcommands<TilesOptions> commands{*command, code};
  auto& options = commands.options();
  auto* to_file = commands.add("export", "Write all tiles into one archive", export_tiles);
  to_file->add_option("file", options.file, "FILE.pmtiles or FILE.mbtiles")->required();
  to_file->add_option("--set", options.set, tiler::kTileSetNames)->capture_default_str();
  commands.add("verify", "Check an archive and every tile in it, strictly", verify_archive)
      ->add_option("file", options.file, "FILE.pmtiles or FILE.mbtiles")->required()->check(CLI::ExistingFile);
  add_tiles_build_command(*command, code);
  add_tiles_raster_command(*command, code);
  add_tiles_serve_command(*command, code);
  add_tiles_delta_commands(*command, code);
  commands.add("rebuild", "Build every tile anew from the catalogue", rebuild_tiles);
  command->footer("Examples:\n  cairn tiles export map.pmtiles\n  cairn tiles verify map.pmtiles");
}

}  // namespace cairn::cli
