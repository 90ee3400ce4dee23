#include "tiler/archive/archive.hpp"

#include "tests/catch.hpp"
#include "tests/small_files.hpp"
#include "tests/tiler/archive/archive_folder.hpp"
#include "tests/tiler/town.hpp"
#include "tiler/archive/tilejson.hpp"
#include "tiler/gzip.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;
namespace fs = std::filesystem;

namespace {

std::vector<ArchiveTile> tiles_of_town(TileSet set) {
  Random random{cairn::testing::seed_of_run()};
  const auto town = random_town(random, 60);
  CellStore store{set};
  std::vector<ArchiveTile> tiles;
  for (const auto& change : store.rebuild(town.base_tiles(set), [&](TileId tile) { return town.items_in(tile); })) {
    tiles.push_back({change.tile, gzipped(change.bytes, 6)});
  }
  return tiles;
}

TileSource source_of(std::vector<ArchiveTile> tiles) {
  return [tiles = std::move(tiles), next = std::size_t{0}]() mutable {
    return next < tiles.size() ? std::optional{tiles[next++]} : std::nullopt;
  };
}

void write(const fs::path& file, std::string_view content) { std::ofstream{file, std::ios::binary} << content; }

const ArchiveInfo kInfo{"town", "a town", "its people", vector_layers_json(TileSet::map)};

using Writer = ArchiveSummary (*)(const fs::path&, const ArchiveInfo&, const TileSource&);
const std::pair<const char*, Writer> kWriters[] = {{"t.pmtiles", write_pmtiles}, {"t.mbtiles", write_mbtiles}};

/// Tiles that have the same content: a box of zoom 8 full of them.
std::vector<ArchiveTile> equal_tiles() {
  std::vector<ArchiveTile> tiles;
  const auto content = tiles_of_town(TileSet::map).front().bytes;
  for (int x = 128; x < 192; ++x) {
    for (int y = 64; y < 128; ++y) tiles.push_back({*TileId::from_zxy(8, x, y), content});
  }
  return tiles;
}

}  // namespace

TEST_CASE("an archive of a town is right, whatever order its tiles come in, and the bytes are the same") {
  ArchiveFolder folder;
  Random random{cairn::testing::seed_of_run()};
  for (const auto& [name, write_archive] : kWriters) {
    auto tiles = tiles_of_town(TileSet::map);
    const auto summary = write_archive(folder / name, kInfo, source_of(tiles));
    REQUIRE(summary.tiles == tiles.size());
    REQUIRE(summary.bytes == fs::file_size(folder / name));
    REQUIRE(problems_of_archive(folder / name) == std::vector<std::string>{});
    const auto first = content_of(folder / name);
    std::ranges::shuffle(tiles, random.engine());
    write_archive(folder / name, kInfo, source_of(tiles));
    REQUIRE(content_of(folder / name) == first);
  }
  REQUIRE(folder.files() == 2);
}

TEST_CASE("equal tiles are kept once, and runs of them are one entry") {
  ArchiveFolder folder;
  const auto summary = write_pmtiles(folder / "t.pmtiles", kInfo, source_of(equal_tiles()));
  REQUIRE(summary.tiles == 64 * 64);
  REQUIRE(summary.distinct == 1);
  REQUIRE(problems_of_archive(folder / "t.pmtiles") == std::vector<std::string>{});
  const auto bytes = content_of(folder / "t.pmtiles");
  REQUIRE(static_cast<unsigned char>(bytes[80]) == 1);  // a quadrant of the curve: one entry (header of version 3, byte 80)
}

TEST_CASE("an archive with many tiles has leaf directories and a root that fits") {
  ArchiveFolder folder;
  auto tiles = tiles_of_town(TileSet::map);
  const auto plain = gunzipped(tiles.front().bytes, 1 << 20);
  tiles.clear();
  // Every tile differs by the level at which it was packed and its neighbours; 65,536 of them.
  std::vector<Bytes> variants;
  for (const int level : {1, 5, 9, 12}) variants.push_back(gzipped(plain, level));
  Random random{cairn::testing::seed_of_run()};
  for (int x = 0; x < 256; ++x) {
    for (int y = 0; y < 256; ++y) {
      if (random.whole(0, 2) > 0) tiles.push_back({*TileId::from_zxy(10, 300 + x, 400 + y), variants[static_cast<std::size_t>(random.whole(0, 3))]});
    }
  }
  write_pmtiles(folder / "t.pmtiles", kInfo, source_of(tiles));
  REQUIRE(problems_of_archive(folder / "t.pmtiles") == std::vector<std::string>{});
  const auto bytes = content_of(folder / "t.pmtiles");
  REQUIRE((bytes[48] | bytes[49] | bytes[50]) != 0);  // length of the leaf directories
}

TEST_CASE("an archive that is cut anywhere is reported, never a crash") {
  ArchiveFolder folder;
  for (const auto& [name, write_archive] : kWriters) {
    write_archive(folder / name, kInfo, source_of(tiles_of_town(TileSet::panoramax)));
    const auto whole = content_of(folder / name);
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 60) {
      CAPTURE(name, size);
      write(folder / "cut", std::string_view{whole}.substr(0, size));
      REQUIRE_FALSE(problems_of_archive(folder / "cut").empty());
    }
  }
}

TEST_CASE("an archive with changed bytes is judged without a crash") {
  ArchiveFolder folder;
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (const auto& [name, write_archive] : kWriters) {
    write_archive(folder / name, kInfo, source_of(tiles_of_town(TileSet::map)));
    const auto whole = content_of(folder / name);
    for (int round = 0; round < 60; ++round) {
      auto changed = whole;
      const auto reach = round % 2 == 0 ? std::int64_t{400} : static_cast<std::int64_t>(whole.size());
      for (int left = 8; left > 0; --left) changed[static_cast<std::size_t>(random.whole(16, reach - 1))] = static_cast<char>(random.whole(0, 255));
      write(folder / "changed", changed);
      problems_of_archive(folder / "changed");
    }
  }
}

TEST_CASE("a file that is no archive, or none at all, is named") {
  ArchiveFolder folder;
  write(folder / "text", "no archive at all");
  write(folder / "sqlite", std::string{"SQLite format 3"} + '\0');
  REQUIRE_FALSE(problems_of_archive(folder / "text").empty());
  REQUIRE_FALSE(problems_of_archive(folder / "sqlite").empty());
  REQUIRE(problems_of_archive(folder / "none").front() == "there is no file " + (folder / "none").string());
}

TEST_CASE("a bad tile inside a good archive is named with its place") {
  ArchiveFolder folder;
  auto tiles = tiles_of_town(TileSet::map);
  tiles[3].bytes = gzipped(bytes_of("no tile"), 6);
  for (const auto& [name, write_archive] : kWriters) {
    write_archive(folder / name, kInfo, source_of(tiles));
    const auto problems = problems_of_archive(folder / name);
    REQUIRE_FALSE(problems.empty());
    REQUIRE(problems.front().starts_with("tile " + tiles[3].tile.text() + ": "));
  }
}

TEST_CASE("a picture of an archive that isn't whole, or is of another format, is named with its place") {
  using namespace std::string_view_literals;
  ArchiveFolder folder;
  const std::pair<TileFormat, std::string_view> whole[] = {{TileFormat::png, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR, its pixels, and IEND\xae\x42\x60\x82"sv},
                                                           {TileFormat::jpeg, "\xff\xd8\xff its pixels \xff\xd9"sv},
                                                           {TileFormat::webp, "RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0"sv},
                                                           {TileFormat::avif, "\0\0\0\x0c\x66typavif"sv}};
  for (const auto& [format, picture] : whole) {
    ArchiveInfo info;
    info.format = format;
    for (const auto& [name, write_archive] : kWriters) {
      const auto problems_with = [&, write_archive = write_archive, name = name](std::string_view bytes) {
        write_archive(folder / name, info, source_of({{*TileId::from_zxy(3, 1, 2), {bytes_of(bytes).begin(), bytes_of(bytes).end()}}}));
        return problems_of_archive(folder / name);
      };
      CAPTURE(picture);
      REQUIRE(problems_with(picture).empty());
      REQUIRE(problems_with(picture.substr(0, picture.size() - 1)).size() == 1);
      REQUIRE(problems_with("GIF89a").front().starts_with("tile 3/1/2 is no whole "));
    }
  }
}

TEST_CASE("a tile that comes twice, an empty one or none at all is an error that leaves no file") {
  ArchiveFolder folder;
  const auto tiles = tiles_of_town(TileSet::map);
  for (const auto& [name, write_archive] : kWriters) {
    REQUIRE_THROWS_AS(write_archive(folder / name, kInfo, source_of({tiles[0], tiles[0]})), std::runtime_error);
    REQUIRE_THROWS_AS(write_archive(folder / name, kInfo, source_of({{tiles[0].tile, {}}})), std::runtime_error);
    REQUIRE_THROWS_AS(write_archive(folder / name, kInfo, source_of({})), std::runtime_error);
  }
  REQUIRE(folder.files() == 0);
}

TEST_CASE("when the folder is missing or the disk is full, a sentence says so and what was there stays") {
  ArchiveFolder folder;
  for (const auto& [name, write_archive] : kWriters) {
    try {
      write_archive(folder / "missing" / name, kInfo, source_of(tiles_of_town(TileSet::map)));
      FAIL("a missing folder was no error");
    } catch (const std::runtime_error& error) {
      REQUIRE(std::string{error.what()}.find("missing") != std::string::npos);
    }

    write(folder / name, "an older archive");
    {
      const cairn::testing::SmallFiles small{5000};
      REQUIRE_THROWS_AS(write_archive(folder / name, kInfo, source_of(tiles_of_town(TileSet::map))), std::runtime_error);
    }
    REQUIRE(content_of(folder / name) == "an older archive");
  }
  REQUIRE(folder.files() == 2);
}
