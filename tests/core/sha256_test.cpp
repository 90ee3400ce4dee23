#include "core/sha256.hpp"

#include "tests/catch.hpp"

using namespace cairn;

TEST_CASE("SHA-256 gives the digest that FIPS 180-4 names for abc") {
  REQUIRE(sha256_of("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a stream gives the digest of the whole, however it is cut") {
  Sha256Stream stream;
  stream.add(bytes_of("a"));
  stream.add(bytes_of("bc"));
  REQUIRE(stream.finish() == sha256_of("abc"));
}

TEST_CASE("a digest reads back from its hexadecimal form and from nothing else") {
  const auto digest = sha256_of("abc");
  REQUIRE(Sha256::from_hex(digest.hex()) == digest);
  REQUIRE_FALSE(Sha256::from_hex("ba78"));
  REQUIRE_FALSE(Sha256::from_hex(std::string(64, 'g')));
}
