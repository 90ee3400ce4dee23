// Which bytes of the map go.

#include "services/changes/dropped_blobs.hpp"

#include "services/changes/dirty_tiles.hpp"
#include "services/store/map.hpp"
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

TEST_CASE("tiles that are all built anew to the same bytes keep them") {
  Town town;
  town.drive("anna", 3);
  town.run();
  swept(town);
  const auto map = town.map();
  town.session.write([](store::Session& s) {
    changes::drop_all_tiles(s, kNoon);
    store::forget_tiles(s, kNoon);
    changes::mark_tiles_dirty(s, store::all_places(s), kNoon);
  });
  town.run();
  REQUIRE(swept(town) == 0);
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
