#include "services/changes/dirty_tiles.hpp"
#include "services/changes/dropped_blobs.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/blobs.hpp"
#include "services/store/map.hpp"
#include "services/store/tiles.hpp"
#include "services/tiling/catalogue_tiles.hpp"
#include "tiler/archive.hpp"

#include <iostream>
#include <stdexcept>

namespace cairn::cli {
namespace {

struct TilesOptions {
  services::Settings settings;
  std::string file;
  std::string set = "map";
};

/// Tiles in the catalogue are packed for speed; in an archive they are packed for size.
constexpr int kArchiveLevel = 6;
constexpr std::size_t kMostTileBytes = 16 << 20;

void export_tiles(const TilesOptions& options) {
  const auto& target = options.file;
  const auto set = tiler::tile_set_named(options.set);
  auto session = open_catalogue(options.settings);
  const store::BlobStore blobs{options.settings.blob_folder()};
  const auto rows = store::tiles_of(session, options.set);
  std::size_t next = 0;
  const tiler::TileSource source = [&]() -> std::optional<tiler::ArchiveTile> {
    if (next == rows.size()) return std::nullopt;
    const auto& row = rows[next++];
    const auto packed = blobs.get(store::Namespace::public_, *row.blob);
    if (!packed) throw std::runtime_error{"the tile " + row.tile.text() + " has lost its blob: run `cairn tiles rebuild`"};
    return tiler::ArchiveTile{row.tile, tiler::gzipped(tiler::gunzipped(*packed, kMostTileBytes), kArchiveLevel)};
  };
  const auto summary = tiler::write_archive(target, tiling::archive_info_of(set), source);
  std::cout << target << ": " << summary.tiles << " tiles (" << summary.distinct << " distinct), " << summary.bytes << " bytes\n";
}

int verify_archive(const TilesOptions& options) {
  const auto& file = options.file;
  const auto problems = tiler::problems_of_archive(file);
  for (const auto& problem : problems) std::cout << problem << "\n";
  std::cout << file << ": " << (problems.empty() ? "valid" : std::to_string(problems.size()) + " problem(s)") << "\n";
  return problems.empty() ? 0 : 1;
}

/// Forgets every tile and builds them all from the catalogue, as if all of it had just come.
void rebuild_tiles(const TilesOptions& options) {
  auto session = open_catalogue(options.settings);
  std::size_t places = 0;
  session.write([&](store::Session& s) {
    changes::drop_all_tiles(s, services::now_utc());
    store::forget_tiles(s, services::now_utc());
    const auto everywhere = store::all_places(s);
    places = everywhere.size();
    changes::mark_tiles_dirty(s, everywhere, services::now_utc());
  });
  std::cout << "all tiles around " << places << " places are built anew; `cairn status --watch` shows how far it is\n";
}

}  // namespace

void add_tiles_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("tiles", "Export, verify and rebuild tiles");
  Subcommands<TilesOptions> commands{*command, code};
  auto& options = commands.options();
  auto* to_file = commands.add("export", "Write all tiles into one archive", export_tiles);
  to_file->add_option("file", options.file, "FILE.pmtiles or FILE.mbtiles")->required();
  to_file->add_option("--set", options.set, "map or panoramax")->capture_default_str();
  commands.add("verify", "Check an archive and every tile in it, strictly", verify_archive)
      ->add_option("file", options.file, "FILE.pmtiles or FILE.mbtiles")->required()->check(CLI::ExistingFile);
  add_tiles_build_command(*command, code);
  add_tiles_serve_command(*command, code);
  commands.add("rebuild", "Build every tile anew from the catalogue", rebuild_tiles);
  command->footer("Examples:\n  cairn tiles export map.pmtiles\n  cairn tiles verify map.pmtiles");
}

}  // namespace cairn::cli
