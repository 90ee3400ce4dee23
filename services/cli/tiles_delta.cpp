// `cairn tiles delta` and `cairn tiles apply`: what changed between two archives, or in the catalogue since one was written.
#include "services/cli/catalogue_archive.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/store/events.hpp"
#include "tiler/archive/delta.hpp"
#include "tiler/archive/hilbert.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <map>
#include <stdexcept>

namespace cairn::cli {
namespace {

struct DeltaOptions {
  services::Settings settings;
  std::vector<std::string> archives;
  std::string base, delta;
  std::string target;
  std::optional<std::int64_t> since;
  std::string set = "map";
};

struct BeforeAndNow {
  std::optional<Sha256> before;                ///< as of the number that a delta begins from
  std::optional<store::TileRow> now;           ///< nothing: it is empty, or was never built
};
using TileChanges = std::map<tiler::HilbertId, BeforeAndNow>;

/// Every tile of a set that an event names, with what it was before the first one.
TileChanges tiles_told_since(store::Session& session, const std::string& set, std::int64_t since, std::int64_t newest) {
  constexpr int kAtOnce = 1000;
  TileChanges changes;
  while (since < newest) {
    for (const auto& event : store::events_since(session, since, kAtOnce)) {
      since = event.seq;
      if (event.kind != "tile") continue;
      const auto told = nlohmann::json::parse(event.subject_json);
      const auto tile = TileId::from_zxy(told.at("z"), told.at("x"), told.at("y"));
      if (!tile || told.at("set") != set) continue;
      const auto& old = told.at("old");
      changes.try_emplace(tiler::hilbert_id_of(*tile), BeforeAndNow{old.is_string() ? Sha256::from_hex(old.get<std::string>()) : std::nullopt, {}});
    }
  }
  return changes;
}

/// What changed, and the number up to which it is told, of one moment.
std::pair<TileChanges, std::int64_t> changes_since(store::Session& session, const std::string& set, std::int64_t since) {
  const auto kept = store::kept_events(session);
  if (!kept.reach_back_to(since))
    throw std::runtime_error{"changes are kept from number " + std::to_string(kept.oldest) + " to " + std::to_string(kept.newest) + ": write a full archive with `cairn tiles export`, and deltas from its number on"};
  auto changes = tiles_told_since(session, set, since, kept.newest);
  for (auto& [id, change] : changes) {
    auto row = store::find_tile(session, set, tiler::tile_of_hilbert_id(id));
    if (row && row->hash) change.now = std::move(row);
  }
  return {std::move(changes), kept.newest};
}

void print_delta(const std::string& target, const tiler::DeltaSummary& summary) {
  std::cout << target << ": " << summary.added << " tiles new, " << summary.changed << " changed, " << summary.removed << " gone, " << summary.bytes << " bytes\n";
}

void write_delta_of_catalogue(const DeltaOptions& options) {
  CatalogueArchive catalogue{options.settings, options.set};
  std::pair<TileChanges, std::int64_t> changes;
  catalogue.session().read([&](store::Session& snapshot) { changes = changes_since(snapshot, options.set, *options.since); });
  tiler::DeltaWriter writer{options.target};
  for (const auto& [id, change] : changes.first) {
    const auto hash = change.now ? change.now->hash : std::nullopt;
    if (hash == change.before) continue;
    writer.add({tiler::tile_of_hilbert_id(id), change.before, hash, change.now ? catalogue.packed(*change.now) : Bytes{}});
  }
  print_delta(options.target, writer.finish({catalogue.info(changes.second), options.since, {}}));
}

void write_delta(const DeltaOptions& options) {
  if (options.archives.size() != (options.since ? 0u : 2u)) throw std::runtime_error{"name two archives, FROM and TO, or --since NUMBER for the changes of the catalogue"};
  if (options.since) return write_delta_of_catalogue(options);
  print_delta(options.target, tiler::write_delta(options.target, options.archives[0], options.archives[1]));
}

void apply_delta(const DeltaOptions& options) {
  tiler::check_archive_name(options.target);
  const auto summary = tiler::apply_delta(options.target, options.base, options.delta);
  std::cout << options.target << ": " << summary.tiles << " tiles (" << summary.distinct << " distinct), " << summary.bytes << " bytes\n";
}

}  // namespace

void add_tiles_delta_commands(CLI::App& tiles, int& code) {
  Subcommands<DeltaOptions> commands{tiles, code};
  auto& options = commands.options();
  auto* delta = commands.add("delta", "Write the tiles that changed, from one archive to another or in the catalogue", write_delta);
  delta->add_option("archives", options.archives, "FROM and TO: PMTiles or MBTiles")->check(CLI::ExistingFile);
  delta->add_option("--since", options.since, "Instead: what changed in the catalogue since the archive of this number (cairn_sequence)");
  delta->add_option("--set", options.set, std::string{"With --since: "} + tiler::kTileSetNames)->capture_default_str();
  delta->add_option("-o,--output", options.target, "The delta: an MBTiles file")->required();
  delta->footer("Examples:\n  cairn tiles delta monday.pmtiles tuesday.pmtiles -o tuesday.delta\n  cairn tiles delta --since 4711 -o tuesday.delta");
  auto* apply = commands.add("apply", "Write the archive that comes of another one and a delta", apply_delta);
  apply->add_option("base", options.base, "The archive that the delta begins from")->required()->check(CLI::ExistingFile);
  apply->add_option("delta", options.delta, "What `cairn tiles delta` wrote")->required()->check(CLI::ExistingFile);
  apply->add_option("-o,--output", options.target, "FILE.pmtiles or FILE.mbtiles")->required();
  apply->footer("Example:\n  cairn tiles apply monday.pmtiles tuesday.delta -o tuesday.pmtiles");
}

}  // namespace cairn::cli
