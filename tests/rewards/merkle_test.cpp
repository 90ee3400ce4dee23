#include "rewards/merkle.hpp"

#include "tests/catch.hpp"
#include "tests/rewards/made.hpp"

#include <algorithm>

using namespace cairn::rewards;
using cairn::rewards::testing::address;

namespace {

Address repeated(std::uint8_t byte) {
  Address made;
  made.bytes.fill(byte);
  return made;
}

std::vector<Total> some_totals(int count) {
  std::vector<Total> totals;
  for (int i = 0; i < count; ++i) totals.push_back({address(i), 1000 + i});
  return totals;
}

}  // namespace

TEST_CASE("the root is the one that @openzeppelin/merkle-tree gives") {
  const MerkleTree tree{{{repeated(0x11), 5'000'000'000'000'000'000}, {repeated(0x22), 2'500'000'000'000'000'000}, {repeated(0x33), 1}}};
  REQUIRE(tree.root()->text() == "0xd673f832e8ae578ea16450035956e30f27212b91d6cd26edbef07c90546302ff");
}

TEST_CASE("every leaf's proof leads to the root, and to no other amount") {
  for (const int count : {1, 2, 3, 7, 64, 65}) {
    CAPTURE(count);
    const MerkleTree tree{some_totals(count)};
    for (std::size_t i = 0; i < tree.size(); ++i) {
      auto leaf = tree.leaves()[i];
      const auto proof = tree.proof_of(i);
      REQUIRE(proves(proof, leaf, *tree.root()));
      ++leaf.amount;
      REQUIRE_FALSE(proves(proof, leaf, *tree.root()));
    }
  }
}

TEST_CASE("the root does not depend on the order of the leaves") {
  auto totals = some_totals(33);
  const auto root = MerkleTree{totals}.root();
  std::ranges::reverse(totals);
  REQUIRE(MerkleTree{totals}.root() == root);
}

TEST_CASE("a tree without leaves has no root") { REQUIRE_FALSE(MerkleTree{{}}.root()); }
