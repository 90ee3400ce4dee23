#include "rewards/keccak.hpp"

#include "tests/catch.hpp"

#include <string>

using namespace cairn;
using namespace cairn::rewards;

TEST_CASE("Keccak-256 gives Ethereum's known digests") {
  // Of nothing: the Yellow Paper's KEC(()). Of the event signature: the topic of every ERC-20 transfer.
  REQUIRE(keccak256_of({}).text() == "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  REQUIRE(keccak256_of(bytes_of("Transfer(address,address,uint256)")).text() ==
          "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
}

TEST_CASE("an address written as text reads back as itself, in either case of its digits") {
  const auto address = pseudonym_of(AccountId::derived_from({"a"}));
  REQUIRE(Address::parse(address.text()) == address);
  REQUIRE(Address::parse("0x00000000000000000000000000000000000000Ab")->text() == "0x00000000000000000000000000000000000000ab");
}

TEST_CASE("what is not 0x and 40 digits is no address") {
  for (const std::string text : {"", "0x", "0x00000000000000000000000000000000000000a", "0x00000000000000000000000000000000000000ag",
                                 "000000000000000000000000000000000000000000", "0x00000000000000000000000000000000000000abc"}) {
    CAPTURE(text);
    REQUIRE_FALSE(Address::parse(text));
  }
}
