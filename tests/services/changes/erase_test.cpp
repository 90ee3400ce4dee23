// What erasing a contributor leaves: of the map, of closed epochs, of the catalogue and on the disk.

#include "services/changes/erase.hpp"

#include "rewards/bundle.hpp"
#include "services/changes/dropped_blobs.hpp"
#include "services/rewarder/close.hpp"
#include "services/store/accounts.hpp"
#include "services/store/devices.hpp"
#include "services/store/epochs.hpp"
#include "services/store/sequences.hpp"
#include "services/store/uploads.hpp"
#include "services/store/usage.hpp"
#include "tests/catch.hpp"
#include "tests/services/changes/town.hpp"

#include <fstream>
#include <iterator>

using namespace cairn;
using namespace cairn::testing;

namespace {

std::string bytes_under(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream{entry.path(), std::ios::binary};
    files[entry.path().string()] = {std::istreambuf_iterator<char>{stream}, {}};
  }
  std::string all;
  for (const auto& [name, bytes] : files) all += name + bytes;
  return all;
}

}  // namespace

TEST_CASE("after an erasure tiles and features are byte-equal to never having uploaded") {
  Town town, never;
  town.drive("anna", 6);
  town.drive("bob", 4);
  never.drive("bob", 4);
  town.run();
  never.run();
  REQUIRE(town.map() != never.map());
  changes::erase_account(town.session, town.account("anna"), kNoon);
  town.run();
  REQUIRE_FALSE(never.map().empty());
  REQUIRE(town.map() == never.map());

  changes::erase_account(town.session, town.account("bob"), kNoon);
  town.run();
  REQUIRE(town.map().empty());
}

TEST_CASE("the root of a closed epoch is unchanged by an erasure, and verify still passes") {
  Town town;
  town.drive("anna", 5);
  town.drive("bob", 3);
  town.run();
  const auto policy = rewarder::load_policy(CAIRN_SOURCE_DIR "/configs/rewards/default.yaml");
  const auto bundles = town.scratch.path() / "bundles";
  const auto closed = rewarder::close_epoch(town.session, policy, kNoon + std::chrono::hours{1}, kNoon + std::chrono::hours{2}, bundles);
  REQUIRE(closed.accounts == 2);
  const auto bytes = bytes_under(bundles);
  const auto ledger = store::whole_ledger(town.session).size();

  changes::erase_account(town.session, town.account("anna"), kNoon);
  town.run();
  REQUIRE(bytes_under(bundles) == bytes);
  const auto check = rewards::verify_bundle(closed.bundle);
  REQUIRE(check.problems.empty());
  REQUIRE(check.root->text() == closed.root);
  REQUIRE(store::all_epochs(town.session).at(0).root == closed.root);
  REQUIRE(store::whole_ledger(town.session).size() == ledger);
  REQUIRE(rewarder::problems_of_ledger(town.session).empty());

  town.drive("carl", 2);  // and the next epoch is closed on top of it
  town.run();
  const auto next = rewarder::close_epoch(town.session, policy, kNoon + std::chrono::hours{3}, kNoon + std::chrono::hours{4}, bundles);
  REQUIRE(rewards::verify_bundle(next.bundle).problems.empty());
}

TEST_CASE("what was not paid before an erasure is not paid after it") {
  Town town;
  town.drive("anna", 5);
  town.run();
  REQUIRE(store::unpaid_frames(town.session, kNoon + std::chrono::hours{1}).size() == 5);
  changes::erase_account(town.session, town.account("anna"), kNoon);
  REQUIRE(store::unpaid_frames(town.session, kNoon + std::chrono::hours{1}).empty());
  REQUIRE(store::unfinished_before(town.session, kNoon + std::chrono::hours{1}) == 0);
}

TEST_CASE("nothing in the catalogue names an erased contributor, and nobody gets the id again") {
  Town town;
  const auto set = town.drive("anna", 2);
  const auto anna = town.account("anna");
  store::make_token(town.session, anna, "phone", "upload", kNoon);
  store::add_tile_use(town.session, store::tokens_of(town.session, anna).front().id, 1, {1, 1});
  store::begin_session(town.session, anna, kNoon, kNoon + std::chrono::hours{1});
  town.draw(anna, around(7, 8));
  store::insert_device(town.session, {"did:key:z1", anna, "camera", kNoon, {}, "", {}, 0, "", std::string(48, 'a')});
  town.run();
  for (int twice = 0; twice < 2; ++twice) changes::erase_account(town.session, anna, kNoon);
  for (const char* table : {"files", "frames", "sightings", "coverage_visits", "tokens", "sessions", "private_areas", "devices", "account_days", "tile_use", "turns where tenant <> ''"}) {
    CAPTURE(table);
    REQUIRE(town.count(table) == 0);
  }
  const auto account = *store::find_account(town.session, anna);
  REQUIRE(account.erased_at == kNoon);
  REQUIRE(account.name.starts_with("erased "));
  REQUIRE_FALSE(store::find_account_named(town.session, "anna"));
  REQUIRE(town.account("anna") != anna);

  const auto sequences = store::sequences_of_set(town.session, set);  // so that mirrors learn what to delete
  REQUIRE(sequences.size() == 1);
  REQUIRE(sequences[0].deleted_at == kNoon);
  REQUIRE(sequences[0].title.empty());
  REQUIRE(sequences[0].south_west == LatLon{});
}

TEST_CASE("an erasure's bytes go with the next sweep, those that somebody else sent too stay") {
  Town town;
  town.drive("anna", 3);
  town.run();
  const auto shared = town.blobs.put(store::Namespace::private_, bytes_of("original bob0"));
  town.drive("bob", 1);
  town.run();
  changes::erase_account(town.session, town.account("anna"), kNoon);
  REQUIRE(changes::remove_dropped_blobs(town.session, town.blobs, kNoon, std::chrono::seconds{0}) == 3);
  REQUIRE(town.blobs.get(store::Namespace::private_, shared));
}

TEST_CASE("a result that comes after the erasure changes nothing, whatever its stage") {
  for (const auto stage : {store::Stage::decode, store::Stage::assemble, store::Stage::inspect, store::Stage::fuse}) {
    Town town;
    town.drive("anna", 1);
    const auto result = town.answer_at(stage);
    CAPTURE(store::name_of(stage));
    changes::erase_account(town.session, town.account("anna"), kNoon);
    REQUIRE(town.bring(result) == coordinator::Effect::late);
    town.run();
    REQUIRE(town.map().empty());
    REQUIRE(town.count("frames") == 0);
    REQUIRE(town.count("sightings") == 0);
  }
}

TEST_CASE("an upload that was begun while its contributor was erased is erased later") {
  Town town;
  const auto set = town.drive("anna", 2);
  town.run();
  town.drive("anna", 2, "second");
  const auto anna = town.account("anna");
  changes::erase_account(town.session, anna, kNoon);
  town.session.write([&](store::Session& s) {
    store::UploadSet late;
    late.id = UploadSetId::derived_from({"late"});
    late.account = anna;
    late.title = "late";
    store::insert_upload_set(s, late);
  });
  changes::finish_erasures(town.session, kNoon);
  REQUIRE(town.count("upload_sets where deleted_at is null or title <> ''") == 0);
  REQUIRE_FALSE(store::find_upload_set(town.session, set));
}

TEST_CASE("the account of a machine that asks for no tokens loses what it holds, and stays") {
  Town town;
  town.drive("local", 2);
  town.run();
  changes::erase_account(town.session, town.account("local"), kNoon);
  town.run();
  REQUIRE(town.map().empty());
  REQUIRE(town.count("frames") == 0);
  REQUIRE_FALSE(store::find_account_named(town.session, "local")->erased_at);
}
