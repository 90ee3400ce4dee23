#include "services/identity/password.hpp"

#include "tests/catch.hpp"

using namespace cairn::identity;

TEST_CASE("a password is known by its hash, another one isn't") {
  const auto hash = hash_password("correct horse battery");
  REQUIRE(hash.starts_with("scrypt$14$8$5$"));
  REQUIRE(is_password("correct horse battery", hash));
  REQUIRE_FALSE(is_password("correct horse batterz", hash));
  REQUIRE_FALSE(is_password("", hash));
  REQUIRE(hash_password("correct horse battery") != hash);
}

TEST_CASE("a hash of RFC 7914's third vector is read") {
  // scrypt("pleaseletmein", "SodiumChloride", N = 16384, r = 8, p = 1): the first 32 of its 64 bytes.
  REQUIRE(is_password("pleaseletmein", "scrypt$14$8$1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046_2o-7qQT44-qbVD9lRdofI"));
}

TEST_CASE("what is no hash fits no password, and costs neither memory nor time beyond a hash") {
  for (const char* hash : {"", "x", "scrypt$", "scrypt$63$8$5$AAAA$AAAA", "scrypt$14$8$0$AAAA$AAAA", "scrypt$14$8$5$AAAA$AAAA", "md5$1$1$1$1$1", "scrypt$14$8$5$*$*"}) {
    REQUIRE_FALSE(is_password("correct horse battery", hash));
  }
}

TEST_CASE("short and endless passwords are refused with what to do") {
  REQUIRE_THROWS_WITH(hash_password("123456789"), ContainsText("at least 10"));
  REQUIRE_THROWS_WITH(hash_password(std::string(1001, 'x')), ContainsText("at most 1000"));
  REQUIRE_FALSE(is_password(std::string(1'000'000, 'x'), "scrypt$14$8$5$AAAA$AAAA"));
}
