#include "rewards/bundle.hpp"

#include "rewards/bundle_files.hpp"
#include "rewards/gzip.hpp"
#include "rewards/records.hpp"
#include "tests/catch.hpp"
#include "tests/rewards/made.hpp"
#include "tests/temporary_folder.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace cairn;
using namespace cairn::rewards;
using namespace cairn::rewards::testing;
using cairn::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void write(const fs::path& path, const std::string& text) { std::ofstream{path, std::ios::binary} << text; }

/// A coordinate as a record might hold it: whole 1e-7 degrees as text and as bytes in either order, degrees as text.
std::vector<std::string> forms_of(double deg, std::int32_t e7) {
  std::string bytes(reinterpret_cast<const char*>(&e7), sizeof e7);
  return {std::to_string(e7), std::to_string(deg).substr(0, 7), bytes, {bytes.rbegin(), bytes.rend()}};
}

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator{folder}) files[entry.path().filename().string()] = read(entry.path());
  return files;
}

bool mentions(const std::vector<std::string>& problems, const std::string& text) {
  return std::ranges::any_of(problems, [&](const auto& problem) { return problem.find(text) != std::string::npos; });
}

/// Writes the manifest anew for files that were changed, as a cheat would.
void forge_manifest(const fs::path& folder) {
  auto manifest = read(folder / "manifest.json");
  const auto files = files_of_manifest(manifest).value();
  for (const auto& [name, digest] : files) {
    const auto text = read(folder / name);
    const auto old_hash = digest.hash.hex();
    manifest.replace(manifest.find(old_hash), 64, sha256_of(text).hex());
    const auto size_at = manifest.find("\"size\": ", manifest.find("\"" + name + "\"")) + 8;
    manifest.replace(size_at, std::to_string(digest.size).size(), std::to_string(text.size()));
  }
  write(folder / "manifest.json", manifest);
}

}  // namespace

TEST_CASE("a bundle verifies, and gives the root of its tree") {
  const TemporaryFolder folder;
  const auto result = closed(town(1, 300, 12));
  const auto name = write_bundle(result, folder.path());
  const auto check = verify_bundle(folder.path());
  REQUIRE(check.problems == std::vector<std::string>{});
  REQUIRE(check.root == MerkleTree{result.totals}.root());
  REQUIRE(check.bundle == name);
  REQUIRE(check.accounts == result.shares.size());
  REQUIRE(check.frames == 300);
}

TEST_CASE("closing an epoch again, from its input in another order, gives the same bytes") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  const TemporaryFolder once, again;
  auto input = town(seed, 200, 10);
  write_bundle(closed(input), once.path());
  std::shuffle(input.units.begin(), input.units.end(), random.engine());
  std::shuffle(input.totals.begin(), input.totals.end(), random.engine());
  write_bundle(closed(input), again.path());
  write_bundle(closed(input), again.path());
  REQUIRE(contents(once.path()) == contents(again.path()));
}

TEST_CASE("a byte changed, added or taken away in any file is noticed") {
  const TemporaryFolder folder;
  write_bundle(closed(town(2, 60, 6)), folder.path());
  for (const auto& [name, text] : contents(folder.path())) {
    CAPTURE(name);
    for (const std::size_t at : {std::size_t{0}, text.size() / 3, text.size() / 2, text.size() - 1}) {
      auto changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      write(folder.path() / name, changed);
      REQUIRE_FALSE(verify_bundle(folder.path()).problems.empty());
    }
    write(folder.path() / name, text + "\n");
    REQUIRE_FALSE(verify_bundle(folder.path()).problems.empty());
    fs::remove(folder.path() / name);
    REQUIRE_FALSE(verify_bundle(folder.path()).problems.empty());
    write(folder.path() / name, text);
  }
  REQUIRE(verify_bundle(folder.path()).problems.empty());
  write(folder.path() / "extra.txt", "x");
  REQUIRE(mentions(verify_bundle(folder.path()).problems, "extra.txt is not in the manifest"));
}

TEST_CASE("a changed share is noticed even when the manifest was forged to fit") {
  const TemporaryFolder folder;
  write_bundle(closed(town(3, 60, 6)), folder.path());
  const auto original = contents(folder.path());
  for (const auto* name : {"shares.csv", "ledger.csv", "payouts.csv", "totals.csv", "tree.json", "proofs.jsonl"}) {
    CAPTURE(name);
    auto text = original.at(name);
    const auto digit = text.find_last_of("0123456789");
    text[digit] = text[digit] == '9' ? '8' : static_cast<char>(text[digit] + 1);
    write(folder.path() / name, text);
    forge_manifest(folder.path());
    const auto check = verify_bundle(folder.path());
    REQUIRE_FALSE(mentions(check.problems, "the manifest lists"));
    REQUIRE(mentions(check.problems, std::string{name} + " is not what the inputs give"));
    for (const auto& [other, unchanged] : original) write(folder.path() / other, unchanged);
  }
}

TEST_CASE("inputs that were tampered with, or are none, are answered with problems") {
  const TemporaryFolder folder;
  write_bundle(closed(town(4, 60, 6)), folder.path());
  const auto original = contents(folder.path());
  const auto problems_with = [&](const std::string& name, const std::string& text) {
    write(folder.path() / name, text);
    forge_manifest(folder.path());
    const auto check = verify_bundle(folder.path());
    for (const auto& [other, unchanged] : original) write(folder.path() / other, unchanged);
    return check.problems;
  };
  const auto records = *gunzipped(original.at("inputs.bin.gz"));
  auto swapped = records;
  std::swap_ranges(swapped.begin(), swapped.begin() + 45, swapped.begin() + 45);  // two payout records, 4 + 41 bytes each
  REQUIRE(mentions(problems_with("inputs.bin.gz", gzipped(swapped)), "not in ascending order"));
  for (const auto& text : {records + records, records.substr(0, records.size() - 1), records + "xx", std::string{"\0\0\0\0", 4},
                           std::string{"\0\0\0\1Z", 5}, std::string{"\xff\xff\xff\xff", 4}}) {
    REQUIRE_FALSE(problems_with("inputs.bin.gz", gzipped(text)).empty());
  }
  for (const auto* text : {"", "{}", "[]", "null", "{\"epoch\": 5}", "\xff"}) {
    CAPTURE(text);
    for (const auto* name : {"epoch.json", "policy.json", "versions.json"}) REQUIRE_FALSE(problems_with(name, text).empty());
  }
  REQUIRE_FALSE(verify_bundle(folder.path() / "nowhere").problems.empty());
}

TEST_CASE("records read back as the input they were made of") {
  const auto result = closed(town(5, 100, 7));
  CanonicalInput again;
  REQUIRE_FALSE(read_records(records_of(result.input), again));
  REQUIRE(again.rows == result.input.rows);
  REQUIRE(again.visits == result.input.visits);
  REQUIRE(again.payouts == result.input.payouts);
  REQUIRE(again.totals == result.input.totals);
}

TEST_CASE("an epoch without work has a bundle too") {
  const TemporaryFolder folder;
  write_bundle(closed(input_with({})), folder.path());
  const auto check = verify_bundle(folder.path());
  REQUIRE(check.problems.empty());
  REQUIRE_FALSE(check.root);
  REQUIRE(check.paid == 0);
}

TEST_CASE("a bundle carries no account id and no place") {
  const TemporaryFolder folder;
  const auto input = town(6, 50, 4);
  write_bundle(closed(input), folder.path());
  for (auto [name, text] : contents(folder.path())) {
    if (name == "inputs.bin.gz") text = *gunzipped(text);
    for (const auto& unit : input.units) {
      REQUIRE(text.find(unit.account.text()) == std::string::npos);
      REQUIRE(text.find(std::string{reinterpret_cast<const char*>(unit.account.uuid.bytes.data()), 16}) == std::string::npos);
      for (const auto& form : forms_of(unit.place.lat_deg(), unit.place.lat_e7())) REQUIRE(text.find(form) == std::string::npos);
      for (const auto& form : forms_of(unit.place.lon_deg(), unit.place.lon_e7())) REQUIRE(text.find(form) == std::string::npos);
    }
  }
}

TEST_CASE("a folder with other things in it is not written over") {
  const TemporaryFolder folder;
  write(folder.path() / "precious.txt", "x");
  REQUIRE_THROWS(write_bundle(closed(input_with({})), folder.path()));
}
