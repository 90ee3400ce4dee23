#include "services/identity/text_forms.hpp"

#include "tests/catch.hpp"
#include "tests/random.hpp"

#include <string>

using namespace cairn;
using namespace cairn::identity;

TEST_CASE("base64url has the vectors of RFC 4648, without padding") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    REQUIRE(base64url_of(bytes_of(plain)) == encoded);
    REQUIRE(text_of(*from_base64url(encoded)) == plain);
  }
  for (const char* wrong : {"Z", "Zg=", "Zh", "+/", "Zm9v Yg"}) REQUIRE_FALSE(from_base64url(wrong));
}

TEST_CASE("base58 has the vectors of its draft (draft-msporny-base58-03)") {
  REQUIRE(base58_of(bytes_of("Hello World!")) == "2NEpo7TZRRrLZSi2U");
  REQUIRE(base58_of(bytes_of("The quick brown fox jumps over the lazy dog.")) == "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z");
  REQUIRE(base58_of(bytes_of(std::string_view{"\0\0\x28\x7f\xb4\xcd", 6})) == "11233QC4");
  for (const char* wrong : {"0", "O", "I", "l", "a b"}) REQUIRE_FALSE(from_base58(wrong));
  REQUIRE_FALSE(from_base58(std::string(65, '2')));
}

TEST_CASE("any bytes come back from both forms") {
  const auto seed = testing::seed_of_run();
  CAPTURE(seed);
  testing::Random random{seed};
  for (int i = 0; i < 300; ++i) {
    Bytes bytes(static_cast<std::size_t>(random.whole(0, 40)));
    for (auto& byte : bytes) byte = static_cast<std::byte>(random.whole(0, 3) * random.whole(0, 85));
    REQUIRE(from_base64url(base64url_of(bytes)) == bytes);
    REQUIRE(from_base58(base58_of(bytes)) == bytes);
  }
}
