#include "tiler/bulk/sorted_pile.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"
#include "tests/temporary_folder.hpp"

#include <algorithm>
#include <string>

using namespace cairn::tiler::bulk;
using cairn::testing::Random;

namespace {

using Record = std::pair<std::uint64_t, std::string>;

std::vector<Record> random_records(int count) {
  Random random{cairn::testing::seed_of_run()};
  std::vector<Record> records;
  for (int i = 0; i < count; ++i) records.emplace_back(static_cast<std::uint64_t>(random.whole(0, count / 3)), std::to_string(i) + std::string(static_cast<std::size_t>(random.whole(0, 40)), 'x'));
  return records;
}

std::vector<Record> walked(const SortedPile& pile, std::uint64_t from = 0) {
  std::vector<Record> records;
  for (auto walk = pile.from(from); !walk.at_end(); ++walk) records.emplace_back(walk->key, walk->bytes);
  return records;
}

}  // namespace

TEST_CASE("records come out by key, those of one key in the order in which they came, whether they fit in memory or not") {
  auto records = random_records(20'000);
  for (const std::size_t memory : {std::size_t{8} << 20, std::size_t{100'000}}) {
    const cairn::testing::TemporaryFolder folder;
    SortedPile pile{folder.path() / "x.pmtiles", memory};
    for (const auto& [key, bytes] : records) pile.add(key, bytes);
    pile.sort();
    auto expected = records;
    std::ranges::stable_sort(expected, {}, &Record::first);
    REQUIRE(walked(pile) == expected);
    for (const std::uint64_t key : {1, 17, 3333, 6000, 6666}) {
      REQUIRE(walked(pile, key) == std::vector<Record>(std::ranges::lower_bound(expected, key, {}, &Record::first), expected.end()));
    }
  }
}

TEST_CASE("a pile that nothing came to is empty, and its files are gone with it") {
  const cairn::testing::TemporaryFolder folder;
  {
    SortedPile pile{folder.path() / "x.pmtiles", 1 << 16};
    pile.sort();
    REQUIRE(pile.from(0).at_end());
    SortedPile spilled{folder.path() / "y.pmtiles", 1 << 12};
    for (const auto& [key, bytes] : random_records(1000)) spilled.add(key, bytes);
    spilled.sort();
  }
  REQUIRE(std::filesystem::is_empty(folder.path()));
}
