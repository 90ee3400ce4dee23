// Which bytes of the map go.

#include "services/changes/dropped_blobs.hpp"

#include "services/changes/dirty_tiles.hpp"
#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/services/changes/town.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

int public_blobs(const Town& town) {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{town.blobs.folder() / "public"}) files += entry.is_regular_file() ? 1 : 0;
  return files;
}

constexpr const char* kShown = "(select distinct blob from tiles where blob <> '') as shown";

std::size_t swept(Town& town) { return changes::remove_dropped_blobs(town.session, town.blobs, kNoon + std::chrono::hours{1}, std::chrono::seconds{0}); }

}  // namespace

TEST_CASE("the bytes of a tile that was built anew go after the grace, those that a tile shows stay") {
  Town town;
  town.drive("anna", 3);
  town.run();
  town.drive("bob", 2);
  town.run();
  const auto map = town.map();
  REQUIRE(public_blobs(town) > town.count(kShown));
  REQUIRE(changes::remove_dropped_blobs(town.session, town.blobs, kNoon + std::chrono::hours{23}) == 0);
  REQUIRE(swept(town) > 0);
  REQUIRE(public_blobs(town) == town.count(kShown));
  REQUIRE(town.map() == map);
  REQUIRE(town.count("dropped_blobs where space = 'public'") == 0);
}

TEST_CASE("tiles that are all built anew are shown meanwhile, and keep their bytes where these are the same") {
  Town town;
  town.drive("anna", 3);
  town.run();
  swept(town);
  const auto map = town.map();
  town.session.write([](store::Session& s) { changes::mark_all_tiles_dirty(s, kNoon); });
  REQUIRE(town.map() == map);
  town.run();
  REQUIRE(town.count("tiles where stale <> 0") == 0);
  REQUIRE(swept(town) == 0);
  REQUIRE(town.map() == map);
}

TEST_CASE("building all tiles anew mends what was lost or spoiled, up to the world, and takes away what nothing supports") {
  Town town;
  town.drive("anna", 3);
  town.run();
  const auto map = town.map();
  const auto spoiled = town.blobs.put(store::Namespace::public_, bytes_of("spoiled"));
  town.session.write([&](store::Session& s) {
    for (auto row : store::tiles_of(s, "map")) {
      row.hash = row.blob = spoiled;
      store::put_tile(s, row);
    }
    store::put_tile(s, {"map", *TileId::from_zxy(14, 1, 1), spoiled, spoiled, 4, {}});
    changes::mark_all_tiles_dirty(s, kNoon);
  });
  town.run();
  REQUIRE(town.map() == map);
}

TEST_CASE("a blob that two tiles show stays while one of them does") {
  Town town;
  const auto blob = town.blobs.put(store::Namespace::public_, bytes_of("tile"));
  const auto put = [&](int x, const std::optional<Sha256>& shown) {
    town.session.write([&](store::Session& s) {
      store::put_tile(s, {"map", *TileId::from_zxy(14, x, 0), shown, shown, 4, {}});
      if (!shown) changes::drop_blob(s, store::Namespace::public_, blob, Sha256{}, kNoon);
    });
  };
  put(0, blob);
  put(1, blob);
  put(0, std::nullopt);
  REQUIRE(swept(town) == 0);
  REQUIRE(town.blobs.has(store::Namespace::public_, blob));
  put(1, std::nullopt);
  REQUIRE(swept(town) == 1);
}
