#include "tiler/archive/delta.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/small_files.hpp"
#include "tests/tiler/archive/archive_folder.hpp"
#include "tiler/archive/pmtiles_directory.hpp"
#include "tiler/archive/reader.hpp"
#include "tiler/archive/tilejson.hpp"
#include "tiler/gzip.hpp"

#include <map>

using namespace cairn;
using namespace cairn::tiler;
using namespace cairn::tiler::testing;
using cairn::testing::Random;
namespace fs = std::filesystem;

namespace {

void overwrite(const fs::path& file, std::string_view content) { std::ofstream{file, std::ios::binary} << content; }

/// Packed tiles by their address: a state of a tile set.
using Tiles = std::map<TileId, Bytes>;

Bytes random_content(Random& random) { return gzipped(bytes_of("tile " + std::to_string(random.whole(0, 40))), random.whole(0, 9) == 0 ? 1 : 6); }

TileId random_address(Random& random) {
  const auto zoom = random.whole(0, 6);
  const auto most = (std::int64_t{1} << zoom) - 1;
  return *TileId::from_zxy(zoom, random.whole(0, most), random.whole(0, most));
}

/// Adds, changes, repacks and removes.
Tiles edited(Random& random, Tiles tiles, int edits) {
  for (int i = 0; i < edits; ++i) {
    if (random.whole(0, 2) > 0 || tiles.size() < 2) tiles[random_address(random)] = random_content(random);
    else tiles.erase(std::next(tiles.begin(), random.whole(0, static_cast<std::int64_t>(tiles.size()) - 1)));
  }
  return tiles;
}

void write_state(const fs::path& file, const Tiles& tiles, std::optional<std::int64_t> sequence = {}, TileFormat format = TileFormat::mvt) {
  const ArchiveInfo info{"town", "as of " + std::to_string(sequence.value_or(0)), "its people", R"([{"id":"features","fields":{"class":"String"}}])", sequence, format, format == TileFormat::mvt ? std::string{} : legend_json(TileSet::coverage)};
  auto next = tiles.begin();
  const auto source = [&]() -> std::optional<ArchiveTile> {
    if (next == tiles.end()) return std::nullopt;
    const auto& [tile, bytes] = *next++;
    return ArchiveTile{tile, bytes};
  };
  (file.extension() == ".mbtiles" ? write_mbtiles : write_pmtiles)(file, info, source);
}

std::string refusal_of(const fs::path& target, const fs::path& base, const fs::path& delta) {
  try {
    apply_delta(target, base, delta);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

/// Two states of a set with their numbers, and the delta between them.
struct TwoStates {
  ArchiveFolder folder;
  Tiles before, after;
  fs::path from = folder / "from.pmtiles", to = folder / "to.pmtiles", delta = folder / "delta", made = folder / "made.pmtiles";
  DeltaSummary summary;

  explicit TwoStates(Random& random, int size = 60, int edits = 30) : before{edited(random, {}, size)}, after{edited(random, before, edits)} {
    write_state(from, before, 5);
    write_state(to, after, 9);
    summary = write_delta(delta, from, to);
  }
};

}  // namespace

TEST_CASE("an archive and the delta to another one give that other one, byte for byte, whatever kinds they are") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  for (int round = 0; round < 25; ++round) {
    CAPTURE(round);
    ArchiveFolder folder;
    const auto before = edited(random, {}, static_cast<int>(random.whole(1, 200)));
    const auto after = edited(random, before, static_cast<int>(random.whole(0, 80)));
    for (const std::string kind : {"pmtiles", "mbtiles"}) {
      write_state(folder / ("from." + kind), before, 5);
      write_state(folder / ("to." + kind), after, 9);
    }
    for (const std::string from : {"pmtiles", "mbtiles"}) {
      for (const std::string to : {"pmtiles", "mbtiles"}) {
        write_delta(folder / "delta", folder / ("from." + from), folder / ("to." + to));
        for (const std::string kind : {"pmtiles", "mbtiles"}) {
          apply_delta(folder / ("made." + kind), folder / ("from." + from), folder / "delta");
          REQUIRE(content_of(folder / ("made." + kind)) == content_of(folder / ("to." + kind)));
        }
      }
    }
  }
}

TEST_CASE("deltas follow each other: yesterday's archive and every delta since give today's") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  ArchiveFolder folder;
  auto tiles = edited(random, {}, 100);
  write_state(folder / "0.pmtiles", tiles, 0);
  fs::copy_file(folder / "0.pmtiles", folder / "mirror.pmtiles");
  for (int day = 1; day < 8; ++day) {
    tiles = edited(random, tiles, 20);
    const auto today = folder / (std::to_string(day) + ".pmtiles");
    write_state(today, tiles, day);
    write_delta(folder / "delta", folder / (std::to_string(day - 1) + ".pmtiles"), today);
    apply_delta(folder / "mirror.pmtiles", folder / "mirror.pmtiles", folder / "delta");   // in its own place
    REQUIRE(content_of(folder / "mirror.pmtiles") == content_of(today));
  }
}

TEST_CASE("a delta holds what changed and no more, and is an MBTiles file that others read") {
  ArchiveFolder folder;
  const auto at = [](int x) { return *TileId::from_zxy(2, x, 0); };
  const auto packed = [](const char* text) { return gzipped(bytes_of(text), 6); };
  write_state(folder / "from.pmtiles", {{at(0), packed("same")}, {at(1), packed("old")}, {at(2), packed("gone")}});
  write_state(folder / "to.pmtiles", {{at(0), packed("same")}, {at(1), packed("new")}, {at(3), packed("born")}});
  const auto summary = write_delta(folder / "delta.mbtiles", folder / "from.pmtiles", folder / "to.pmtiles");
  REQUIRE((summary.added == 1 && summary.changed == 1 && summary.removed == 1));
  const auto archive = open_archive(folder / "delta.mbtiles");
  REQUIRE(archive->tiles().size() == 2);
  REQUIRE(archive->facts().name == "town");
  SqliteFile file{folder / "delta.mbtiles", SQLITE_OPEN_READONLY};
  SqliteStatement rows{file, "SELECT zoom_level || '/' || tile_column || '/' || tile_row, coalesce(before, ''), coalesce(after, '') FROM changes ORDER BY tile_column"};
  std::vector<std::vector<std::string>> changes;
  while (rows.step()) changes.push_back({rows.text(0), rows.text(1), rows.text(2)});
  REQUIRE(changes == std::vector<std::vector<std::string>>{{"2/1/3", sha256_of("old").hex(), sha256_of("new").hex()}, {"2/2/3", sha256_of("gone").hex(), ""}, {"2/3/3", "", sha256_of("born").hex()}});
}

TEST_CASE("archives of pictures have deltas too, and none leads from vector tiles to pictures") {
  ArchiveFolder folder;
  const auto at = [](int x) { return *TileId::from_zxy(2, x, 0); };
  const auto picture = [](std::string_view name) { return Bytes{bytes_of(name).begin(), bytes_of(name).end()}; };
  const Tiles before{{at(0), picture("same")}, {at(1), picture("old")}, {at(2), picture("gone")}}, after{{at(0), picture("same")}, {at(1), picture("new")}, {at(3), picture("born")}};
  for (const std::string kind : {"pmtiles", "mbtiles"}) {
    const auto from = folder / ("from." + kind), to = folder / ("to." + kind), made = folder / ("made." + kind), vector = folder / ("vector." + kind);
    write_state(from, before, 5, TileFormat::png);
    write_state(to, after, 9, TileFormat::png);
    const auto summary = write_delta(folder / "delta", from, to);
    REQUIRE((summary.added == 1 && summary.changed == 1 && summary.removed == 1));
    apply_delta(made, from, folder / "delta");
    REQUIRE(content_of(made) == content_of(to));
    write_state(vector, {{at(0), gzipped(bytes_of("same"), 6)}}, 5);
    REQUIRE_THROWS_WITH(write_delta(folder / "none", vector, to), ContainsText("its tiles are mvt, and those of the other archive are png"));
    REQUIRE_THAT(refusal_of(folder / ("none." + kind), vector, folder / "delta"), ContainsText("its tiles are png, and those of the other archive are mvt"));
  }
}

TEST_CASE("a delta between equal archives is empty and changes nothing") {
  Random random{1};
  TwoStates pair{random, 40, 0};
  REQUIRE(pair.summary.added + pair.summary.changed + pair.summary.removed == 0);
  apply_delta(pair.made, pair.from, pair.delta);
  REQUIRE(content_of(pair.made) == content_of(pair.to));
}

TEST_CASE("a base that a delta doesn't begin from is refused with what is different, and nothing is written") {
  Random random{cairn::testing::seed_of_run()};
  TwoStates pair{random};
  const auto files = pair.folder.files();
  REQUIRE_THAT(refusal_of(pair.made, pair.to, pair.delta), ContainsText("it begins from number 5, and that is number 9"));

  const auto other = pair.folder / "other.pmtiles";
  auto tiles = pair.before;
  const auto changed = std::ranges::find_if(pair.before, [&](const auto& entry) {
    const auto found = pair.after.find(entry.first);
    return found == pair.after.end() || found->second != entry.second;
  });
  tiles[changed->first] = gzipped(bytes_of("another"), 6);
  write_state(other, tiles, 5);
  REQUIRE_THAT(refusal_of(pair.made, other, pair.delta), ContainsText("tile " + changed->first.text() + " is " + sha256_of("another").hex() + " there, and the delta replaces "));
  tiles.erase(changed->first);
  write_state(other, tiles, 5);
  REQUIRE_THAT(refusal_of(pair.made, other, pair.delta), ContainsText("tile " + changed->first.text() + " is no tile there"));

  tiles = pair.before;
  const auto kept = std::ranges::find_if(pair.before, [&](const auto& entry) { return pair.after.contains(entry.first) && pair.after.at(entry.first) == entry.second; });
  tiles[kept->first] = gzipped(bytes_of("another"), 6);
  write_state(other, tiles, 5);
  REQUIRE_THAT(refusal_of(pair.made, other, pair.delta), ContainsText("not those that the delta was made for"));
  write_state(other, pair.before);
  REQUIRE_THAT(refusal_of(pair.made, other, pair.delta), ContainsText("that is without a number"));
  REQUIRE(pair.folder.files() == files + 1);
}

TEST_CASE("a delta that is cut anywhere, or whose bytes were changed, gives the right archive or a sentence, and nothing partial") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  Random random{seed};
  TwoStates pair{random};
  const auto whole = content_of(pair.delta), right = content_of(pair.to);
  const auto files = pair.folder.files() + 1;
  const auto damaged = pair.folder / "damaged";
  const auto judge = [&](const std::string& bytes) {
    overwrite(damaged, bytes);
    if (refusal_of(pair.made, pair.from, damaged).empty()) {
      // What says how the archive is called may change unseen; its tiles may not.
      const auto made = open_archive(pair.made), wanted = open_archive(pair.to);
      REQUIRE(made->tiles() == wanted->tiles());
      for (const auto id : wanted->tiles()) REQUIRE(kept_tile(*made, id) == kept_tile(*wanted, id));
      fs::remove(pair.made);
    }
    REQUIRE(pair.folder.files() == files);
  };
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 50) judge(whole.substr(0, size));
  for (int round = 0; round < 150; ++round) {
    auto changed = whole;
    for (int left = 8; left > 0; --left) changed[static_cast<std::size_t>(random.whole(round % 2 == 0 ? 0 : 16, static_cast<std::int64_t>(whole.size()) - 1))] = static_cast<char>(random.whole(0, 255));
    judge(changed);
  }
}

TEST_CASE("a delta made by hand to do harm is refused with a sentence") {
  Random random{cairn::testing::seed_of_run()};
  const std::pair<const char*, const char*> harms[] = {
      {"UPDATE changes SET after = 'xyz' WHERE rowid = 1", "names no hash"},
      {"UPDATE changes SET before = NULL, after = NULL WHERE rowid = 1", "changes nothing"},
      {"UPDATE changes SET zoom_level = 99 WHERE rowid = 1", "names no tile"},
      {"UPDATE changes SET tile_row = -1 WHERE rowid = 1", "names no tile"},
      {"UPDATE tiles SET tile_row = 9223372036854775807 WHERE rowid = 1", "names no tile"},
      {"DELETE FROM changes WHERE after IS NOT NULL", "without a change"},
      {"DELETE FROM tiles", "is missing in it"},
      {"UPDATE tiles SET tile_data = 'no gzip'", "tile "},
      {"DROP INDEX change_index; INSERT INTO changes SELECT * FROM changes", "changes in it twice"},
      {"DROP TABLE changes", "no such table"},
      {"DELETE FROM metadata WHERE name = 'cairn_delta'", "no delta that this version reads"},
      {"UPDATE metadata SET value = '2' WHERE name = 'cairn_delta'", "no delta that this version reads"},
      {"UPDATE metadata SET value = 'x' WHERE name = 'cairn_from_sequence'", "is no number"},
      {"UPDATE metadata SET value = 'x' WHERE name = 'cairn_tiles_sha256'", "not those that the delta was made for"},
      {"UPDATE metadata SET value = 'png' WHERE name = 'format'", "its tiles are png, and those of the other archive are mvt"},
      {"UPDATE tiles SET tile_data = (SELECT tile_data FROM tiles LIMIT 1)", "isn't what it says"},
  };
  for (const auto& [harm, sentence] : harms) {
    CAPTURE(harm);
    TwoStates pair{random, 60, 60};
    {
      SqliteFile file{pair.delta, SQLITE_OPEN_READWRITE};
      file.run(harm);
    }
    REQUIRE_THAT(refusal_of(pair.made, pair.from, pair.delta), ContainsText(sentence));
    REQUIRE_FALSE(fs::exists(pair.made));
  }
}

TEST_CASE("a description nested a million deep is no description") {
  ArchiveFolder folder;
  Random random{1};
  write_state(folder / "a.mbtiles", edited(random, {}, 3));
  {
    SqliteFile file{folder / "a.mbtiles", SQLITE_OPEN_READWRITE};
    SqliteStatement deep{file, "UPDATE metadata SET value = ? WHERE name = 'json'"};
    deep.bind(1, std::string_view{R"({"vector_layers":)" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}"});
    deep.step();
  }
  REQUIRE(open_archive(folder / "a.mbtiles")->facts().vector_layers_json == "[]");
}

TEST_CASE("what is no archive, or can't be written, is said, and the target keeps what it has") {
  Random random{1};
  TwoStates pair{random};
  overwrite(pair.folder / "text", "no archive at all");
  overwrite(pair.made, "an older archive");
  REQUIRE_THROWS_WITH(write_delta(pair.folder / "new", pair.folder / "none", pair.to), ContainsText("there is no file"));
  REQUIRE_THROWS_WITH(write_delta(pair.folder / "new", pair.from, pair.folder / "text"), ContainsText("text: the file"));
  REQUIRE_THROWS_WITH(write_delta(pair.folder / "missing" / "new", pair.from, pair.to), ContainsText("missing"));
  REQUIRE_THAT(refusal_of(pair.made, pair.folder / "text", pair.delta), ContainsText("PMTiles"));
  REQUIRE_THAT(refusal_of(pair.made, pair.from, pair.from), ContainsText("not a database"));
  REQUIRE_THAT(refusal_of(pair.folder / "missing" / "made.pmtiles", pair.from, pair.delta), ContainsText("missing"));
  REQUIRE(content_of(pair.made) == "an older archive");
  REQUIRE_FALSE(fs::exists(pair.folder / "new"));
}

TEST_CASE("when the disk is full while a delta is written or applied, a sentence says so and what was there stays") {
  Random random{1};
  TwoStates pair{random, 300, 200};
  const auto files = pair.folder.files() + 1;
  overwrite(pair.made, "an older archive");
  for (rlim_t most = 0; most < 12'000; most += 1500) {
    const cairn::testing::SmallFiles small{most};
    REQUIRE_THROWS_AS(write_delta(pair.made, pair.from, pair.to), std::runtime_error);
    if (most < fs::file_size(pair.to)) REQUIRE_THROWS_AS(apply_delta(pair.made, pair.from, pair.delta), std::runtime_error);
  }
  REQUIRE(content_of(pair.made) == "an older archive");
  REQUIRE(pair.folder.files() == files);
}

TEST_CASE("an archive whose runs promise more tiles than anybody has is refused before they are counted") {
  ArchiveFolder folder;
  Random random{1};
  write_state(folder / "a.pmtiles", edited(random, {}, 3));
  auto bytes = content_of(folder / "a.pmtiles");
  auto header = pm_header_from(bytes_of(bytes));
  const auto root = pm_directory_bytes({{0, 0, 10, 4'000'000'000}});
  header.internal_compression = PmCompression::none;
  header.metadata = {bytes.size(), 2};
  header.root = {bytes.size() + 2, root.size()};
  const auto head = pm_header_bytes(header);
  bytes.replace(0, head.size(), text_of(head));
  bytes.append("{}").append(text_of(root));
  overwrite(folder / "b.pmtiles", bytes);
  REQUIRE_THROWS_WITH(open_archive(folder / "b.pmtiles")->tiles(), ContainsText("more than 100000000 tiles"));
}
