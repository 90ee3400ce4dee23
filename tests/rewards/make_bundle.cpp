// Writes the bundle of a made epoch, for the judges from outside: make_bundle FOLDER SEED FRAMES ACCOUNTS
#include "rewards/bundle.hpp"
#include "tests/rewards/made.hpp"

#include <cstdlib>
#include <iostream>

int main(int count, char** arguments) {
  using namespace cairn::rewards;
  if (count != 5) {
    std::cerr << "make_bundle FOLDER SEED FRAMES ACCOUNTS\n";
    return 2;
  }
  const auto input = testing::town(std::strtoull(arguments[2], nullptr, 10), std::atoi(arguments[3]), std::atoi(arguments[4]));
  const auto result = testing::closed(input);
  write_bundle(result, arguments[1]);
  const auto root = MerkleTree{result.totals}.root();
  std::cout << (root ? root->text() : "none") << "\n";
}
