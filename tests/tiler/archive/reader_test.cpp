#include "tiler/archive/reader.hpp"

#include "tests/catch.hpp"
#include "tests/shared_data.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/tiler/town.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/archive/hilbert.hpp"
#include "tiler/archive/pmtiles_directory.hpp"
#include "tiler/archive/sqlite_file.hpp"
#include "tiler/archive/tilejson.hpp"
#include "tiler/gzip.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;
using cairn::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

const ArchiveInfo kTold{"town", "a town", "its people", vector_layers_json(TileSet::map)};

std::vector<ArchiveTile> made_tiles() {
  Random random{cairn::testing::seed_of_run()};
  std::vector<ArchiveTile> tiles;
  for (int i = 0; i < 20'000; ++i) {
    const auto x = 4000 + i % 160, y = 5000 + i / 160;
    if (random.whole(0, 3) > 0) tiles.push_back({*TileId::from_zxy(13, x, y), gzipped(bytes_of("tile " + std::to_string(i % 9000)), 1)});
  }
  tiles.push_back({TileId{}, gzipped(bytes_of("the world"), 6)});
  return tiles;
}

TileSource one_by_one(const std::vector<ArchiveTile>& tiles) {
  return [&tiles, next = std::size_t{0}]() mutable { return next < tiles.size() ? std::optional{tiles[next++]} : std::nullopt; };
}

void put_bytes(const fs::path& file, ByteView bytes) { std::ofstream{file, std::ios::binary} << text_of(bytes); }

/// A header and what it points at: directories as they are, metadata "{}", then tile data.
Bytes pmtiles_of(const std::vector<PmEntry>& root, const std::vector<PmEntry>& leaf, std::string_view data) {
  const auto packed_root = gzipped(pm_directory_bytes(root), 6), packed_leaf = gzipped(pm_directory_bytes(leaf), 6), metadata = gzipped(bytes_of("{}"), 6);
  PmHeader header;
  header.root = {kPmHeaderBytes, packed_root.size()};
  header.metadata = {header.root.end(), metadata.size()};
  header.leaves = {header.metadata.end(), packed_leaf.size()};
  header.tiles = {header.leaves.end(), data.size()};
  header.internal_compression = PmCompression::gzip;
  header.tile_compression = PmCompression::none;
  header.tile_type = static_cast<std::uint8_t>(PmTileType::png);
  header.max_zoom = 8;
  auto bytes = pm_header_bytes(header);
  for (const auto& part : {packed_root, metadata, packed_leaf}) bytes.insert(bytes.end(), part.begin(), part.end());
  const auto view = bytes_of(data);
  bytes.insert(bytes.end(), view.begin(), view.end());
  return bytes;
}

/// The sentence with which opening or reading the world's tile fails; empty when neither does.
std::string problem_of(const fs::path& file, TileId tile = {}) {
  try {
    open_archive(file)->tile(tile);
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

/// The same tiles as PMTiles and as MBTiles.
std::vector<std::unique_ptr<OpenArchive>> in_both_kinds(const TemporaryFolder& folder, const std::vector<ArchiveTile>& tiles) {
  write_pmtiles(folder.path() / "t.pmtiles", kTold, one_by_one(tiles));
  write_mbtiles(folder.path() / "t.mbtiles", kTold, one_by_one(tiles));
  std::vector<std::unique_ptr<OpenArchive>> archives;
  for (const auto* name : {"t.pmtiles", "t.mbtiles"}) archives.push_back(open_archive(folder.path() / name));
  return archives;
}

Bytes bytes_at(const FileRange& place) {
  Bytes bytes(place.size);
  REQUIRE(::pread(place.descriptor, bytes.data(), bytes.size(), static_cast<off_t>(place.offset)) == static_cast<ssize_t>(bytes.size()));
  return bytes;
}

}  // namespace

TEST_CASE("every tile of an archive comes back as it was written, and no other is there") {
  const TemporaryFolder folder;
  const auto tiles = made_tiles();
  std::vector<HilbertId> ids;
  for (const auto& tile : tiles) ids.push_back(hilbert_id_of(tile.tile));
  std::ranges::sort(ids);
  for (const auto& archive : in_both_kinds(folder, tiles)) {
    REQUIRE(archive->tiles() == ids);
    std::size_t found = 0;
    for (const auto& tile : tiles) {
      const auto stored = archive->tile(tile.tile);
      if (stored && stored->bytes == tile.bytes && stored->is_gzip && (!stored->place || bytes_at(*stored->place) == tile.bytes)) ++found;
    }
    REQUIRE(found == tiles.size());
    std::size_t all = 0;
    for (int x = 3990; x < 4170; ++x) {
      for (int y = 4990; y < 5140; ++y) all += archive->tile(*TileId::from_zxy(13, x, y)).has_value();
    }
    REQUIRE(all == tiles.size() - 1);
    REQUIRE_FALSE(archive->tile(*TileId::from_zxy(26, 1, 1)));
  }
}

TEST_CASE("an archive tells its name, zooms, bounds, centre and layers") {
  const TemporaryFolder folder;
  for (const auto& archive : in_both_kinds(folder, made_tiles())) {
    const auto& facts = archive->facts();
    REQUIRE(facts.name == "town");
    REQUIRE(facts.description == "a town");
    REQUIRE(facts.attribution == "its people");
    REQUIRE(facts.format == TileFormat::mvt);
    REQUIRE(facts.min_zoom == 0);
    REQUIRE(facts.max_zoom == 13);
    REQUIRE(facts.bounds.west_deg < facts.centre_lon_deg);
    REQUIRE(facts.bounds.north_deg > facts.centre_lat_deg);
    REQUIRE(nlohmann::json::parse(facts.vector_layers_json) == nlohmann::json::parse(kTold.vector_layers_json));
  }
}

TEST_CASE("an archive of pictures tells what its colours stand for, and what is no legend is left out") {
  const TemporaryFolder folder;
  const auto told = [&folder](const char* name, const std::string& legend) {
    const std::vector<ArchiveTile> tiles{{TileId{}, Bytes(9)}};
    write_archive(folder.path() / name, {"seen", "", "", "[]", {}, TileFormat::png, legend}, one_by_one(tiles));
    return nlohmann::json::parse(tilejson(open_archive(folder.path() / name)->facts(), "")).value("cairn_legend", nlohmann::json{});
  };
  for (const auto* name : {"t.pmtiles", "t.mbtiles"}) {
    REQUIRE(told(name, legend_json(TileSet::coverage)) == nlohmann::json::parse(tilejson(TileSet::coverage, {}))["cairn_legend"]);
    REQUIRE(told(name, R"([{"colour":"#fff","from":"2024","more":[[]]},{"colour":1,"from":"x"},{},7])") == nlohmann::json::parse(R"([{"colour":"#fff","from":"2024"}])"));
    for (const auto* none : {"", "{}", "7", "[]"}) REQUIRE(told(name, none).is_null());
  }
}

TEST_CASE("PMTiles of others are read, and what is none or of another kind is told in a sentence", "[shared]") {
  const auto folder = cairn::testing::shared_path("tiles/conformance");
  if (!folder) return;
  const auto toner = open_archive(*folder / "stamen_toner_raster_z3.pmtiles");
  REQUIRE(toner->facts().format == TileFormat::png);
  REQUIRE(text_of(toner->tile(*TileId::from_zxy(3, 7, 7))->bytes).substr(1, 3) == "PNG");
  const auto whitney = open_archive(*folder / "usgs-mt-whitney-8-15-webp-512.pmtiles");
  REQUIRE(whitney->facts().format == TileFormat::webp);
  REQUIRE(whitney->facts().min_zoom == 8);
  REQUIRE(open_archive(*folder / "test_fixture_1.pmtiles")->tile({})->is_gzip);
  REQUIRE(problem_of(*folder / "empty.pmtiles").ends_with("the file is empty"));
  REQUIRE(problem_of(*folder / "invalid.pmtiles").ends_with("the file does not begin with 'PMTiles'"));
  REQUIRE(problem_of(*folder / "invalid_v4.pmtiles").ends_with("the PMTiles version is 4"));
  REQUIRE(problem_of(*folder / "test_fixture_mlt.pmtiles").ends_with("of a type that is not served (6)"));
  REQUIRE(problem_of(*folder / "none.pmtiles").starts_with("there is no file "));
}

TEST_CASE("leaves that lead in a circle, entries outside and bombs are told, never followed") {
  TemporaryFolder folder;
  const auto file = folder.path() / "t.pmtiles";
  const auto leaf_length = static_cast<std::uint32_t>(gzipped(pm_directory_bytes({{0, 0, 44, 0}}), 6).size());
  put_bytes(file, pmtiles_of({{0, 0, leaf_length, 0}}, {{0, 0, leaf_length, 0}}, "x"));
  REQUIRE(problem_of(file).ends_with("its leaf directories lead to no end"));
  put_bytes(file, pmtiles_of({{0, 1000, 50, 0}}, {{0, 0, 1, 1}}, "x"));
  REQUIRE(problem_of(file).ends_with("a leaf directory lies outside its section"));
  put_bytes(file, pmtiles_of({{0, 0, 2, 1}}, {{0, 0, 1, 1}}, "x"));
  REQUIRE(problem_of(file).ends_with("tile 0/0/0 lies outside the tile data"));
  put_bytes(file, pmtiles_of({{0, std::uint64_t{1} << 63, 1U << 31, 1}}, {{0, 0, 1, 1}}, "x"));
  REQUIRE(problem_of(file).ends_with("tile 0/0/0 lies outside the tile data"));

  auto bytes = pmtiles_of({{0, 0, 1, 1}}, {{0, 0, 1, 1}}, "x");
  REQUIRE(problem_of((put_bytes(file, bytes), file)).empty());
  auto header = pm_header_from(bytes);
  const auto bomb = gzipped(Bytes(std::size_t{32} << 20), 9);
  header.root = {bytes.size(), bomb.size()};
  bytes.insert(bytes.end(), bomb.begin(), bomb.end());
  std::ranges::copy(pm_header_bytes(header), bytes.begin());
  put_bytes(file, bytes);
  REQUIRE(problem_of(file).ends_with("gzip data holds more than 8388608 bytes"));
}

TEST_CASE("an archive that is cut or changed anywhere gives a sentence or other bytes, never a crash") {
  TemporaryFolder folder;
  Random random{cairn::testing::seed_of_run()};
  const auto tiles = made_tiles();
  const auto whole_file = folder.path() / "whole";
  for (const auto write_archive : {write_pmtiles, write_mbtiles}) {
    write_archive(whole_file, kTold, one_by_one(tiles));
    const auto whole = cairn::testing::bytes_from_file(whole_file);
    const auto file = folder.path() / "t";
    for (int round = 0; round < 60; ++round) {
      auto changed = whole;
      const auto reach = round % 2 == 0 ? std::int64_t{400} : std::ssize(whole);
      for (int left = 6; left > 0; --left) changed[static_cast<std::size_t>(random.whole(16, reach - 1))] = std::byte(random.whole(0, 255));
      if (round % 3 == 0) changed.resize(static_cast<std::size_t>(random.whole(0, std::ssize(changed))));
      put_bytes(file, changed);
      for (int i = 0; i < 20; ++i) problem_of(file, tiles[static_cast<std::size_t>(random.whole(0, std::ssize(tiles) - 1))].tile);
    }
  }
}

TEST_CASE("a file that is cut short while it is open is told in a sentence") {
  TemporaryFolder folder;
  const auto file = folder.path() / "t.pmtiles";
  const auto tiles = made_tiles();
  write_pmtiles(file, kTold, one_by_one(tiles));
  const auto archive = open_archive(file);
  fs::resize_file(file, 10'000);
  REQUIRE_THROWS_WITH(archive->tile(tiles[tiles.size() / 2].tile), "the file can't be read: it was cut short");
}

TEST_CASE("an MBTiles whose tiles are a query without end is given up") {
  TemporaryFolder folder;
  const auto path = folder.path() / "t.mbtiles";
  {
    SqliteFile file{path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE};
    file.run("CREATE TABLE metadata (name TEXT, value TEXT); INSERT INTO metadata VALUES ('format', 'pbf'), ('minzoom', '0'), ('maxzoom', '4');"
             "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) "
             "SELECT 0 AS zoom_level, 0 AS tile_column, -1 - i AS tile_row, 'x' AS tile_data FROM n");
  }
  REQUIRE(problem_of(path).ends_with("interrupted"));
}
