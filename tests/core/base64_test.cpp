#include "core/base64.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;

TEST_CASE("Base64 is written as RFC 4648, section 10, prints it, and read with or without padding") {
  const std::pair<const char*, const char*> known[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : known) {
    REQUIRE(base64_of(bytes_of(plain)) == coded);
    std::string bare{coded};
    while (bare.ends_with('=')) bare.pop_back();
    for (const auto& text : {std::string{coded}, bare}) REQUIRE(text_of(*bytes_from_base64(text)) == plain);
  }
}

TEST_CASE("what is no Base64 gives nothing") {
  for (const char* text : {"Z", "Zm9vY", "Zm9v\n", "Zm-_", "Z===", "====", "Zg=a"}) REQUIRE_FALSE(bytes_from_base64(text));
}

TEST_CASE("any bytes come back from Base64") {
  testing::Random random{testing::seed_of_run()};
  for (int round = 0; round < 200; ++round) {
    Bytes bytes(static_cast<std::size_t>(random.whole(0, 100)));
    for (auto& byte : bytes) byte = static_cast<std::byte>(random.whole(0, 255));
    REQUIRE(*bytes_from_base64(base64_of(bytes)) == bytes);
  }
}
