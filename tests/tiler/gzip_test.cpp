#include "tiler/gzip.hpp"

#include "tests/catch.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

using namespace cairn;
using namespace cairn::tiler;

TEST_CASE("what is packed comes back at every level, and the same bytes pack the same") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::to_string(i * i);
  for (const std::string& plain : {std::string{}, std::string{"a"}, text}) {
    for (int level = 1; level <= 12; ++level) {
      const auto packed = gzipped(bytes_of(plain), level);
      REQUIRE(text_of(gunzipped(packed, plain.size())) == plain);
      REQUIRE(gzipped(bytes_of(plain), level) == packed);
    }
  }
}

TEST_CASE("packed bytes carry no time stamp") {
  const auto packed = gzipped(bytes_of("tile"), 6);
  for (std::size_t i = 4; i < 8; ++i) REQUIRE(packed[i] == std::byte{0});  // MTIME of RFC 1952
}

TEST_CASE("more than allowed is refused before it is unpacked") {
  const auto packed = gzipped(bytes_of(std::string(1000, 'x')), 6);
  REQUIRE(gunzipped(packed, 1000).size() == 1000);
  REQUIRE_THROWS_AS(gunzipped(packed, 999), std::runtime_error);
}

TEST_CASE("corrupt gzip is refused: cut, lengthened, changed, lying about its length") {
  const auto packed = gzipped(bytes_of(std::string(1000, 'x') + "yz"), 6);
  for (std::size_t size = 0; size < packed.size(); ++size) REQUIRE_THROWS_AS(gunzipped(ByteView{packed}.first(size), 1 << 20), std::runtime_error);
  auto longer = packed;
  longer.push_back(std::byte{0});
  REQUIRE_THROWS_AS(gunzipped(longer, 1 << 20), std::runtime_error);
  for (const std::size_t place : {std::size_t{0}, packed.size() - 1, packed.size() - 5}) {
    auto changed = packed;
    changed[place] ^= std::byte{0x40};
    REQUIRE_THROWS_AS(gunzipped(changed, std::size_t{1} << 31), std::runtime_error);
  }
}
