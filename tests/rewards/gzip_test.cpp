#include "rewards/gzip.hpp"

#include "core/sha256.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::rewards;

namespace {

/// Text with repeats near and far, from few letters or all bytes.
std::string random_text(cairn::testing::Random& random) {
  const auto letters = random.whole(0, 1) == 0 ? 2 : 255;
  std::string text;
  const auto size = static_cast<std::size_t>(random.whole(0, 70'000));
  while (text.size() < size) {
    if (!text.empty() && random.whole(0, 20) == 0) {
      const auto from = static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(text.size()) - 1));
      text += std::string{text.substr(from, static_cast<std::size_t>(random.whole(1, 600)))};
    } else {
      text += static_cast<char>(random.whole(0, letters));
    }
  }
  return text;
}

}  // namespace

TEST_CASE("libdeflate reads back what the compressor writes") {
  const auto seed = cairn::testing::seed_of_run();
  CAPTURE(seed);
  cairn::testing::Random random{seed};
  for (int round = 0; round < 60; ++round) {
    const auto text = random_text(random);
    REQUIRE(gunzipped(gzipped(text)) == text);
  }
  for (const auto& text : {std::string{}, std::string{"a"}, std::string(100'000, 'x')}) REQUIRE(gunzipped(gzipped(text)) == text);
}

TEST_CASE("a match of every length comes back, and of distances up to the window") {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 40'000; ++i) noise += static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24);
  for (std::size_t length = 3; length <= 260; ++length) {
    const auto text = noise.substr(0, length) + "|" + noise.substr(0, length);
    REQUIRE(gunzipped(gzipped(text)) == text);
  }
  std::vector<std::size_t> distances{32'767, 32'768};
  for (std::size_t distance = 1; distance < 32'768; distance = distance * 5 / 4 + 1) distances.push_back(distance);
  for (const auto distance : distances) {
    const auto text = noise.substr(0, distance) + noise.substr(0, 40);
    REQUIRE(gunzipped(gzipped(text)) == text);
  }
}

TEST_CASE("repeats are not written twice") { REQUIRE(gzipped(std::string(100'000, 'x')).size() < 1000); }

TEST_CASE("the same text gives these bytes for ever") {
  // The digest stands here so that a change of the compressor, which would change every bundle, is seen.
  REQUIRE(sha256_of(gzipped("a cairn is a pile of stones, a pile of stones, a pile of stones")).hex() ==
          "a8679d273ba72772f96b95c698d0bcd5a840112693feced0dbb5ca6bc57eb5b8");
}

TEST_CASE("damaged gzip files and false sizes are noticed") {
  const auto file = gzipped("a cairn is a pile of stones, a pile of stones");
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (i >= 4 && i < 10) continue;  // time, flags for the compressor and system: no part of the text
    auto damaged = file;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x21);
    CAPTURE(i);
    REQUIRE_FALSE(gunzipped(damaged) == gunzipped(file));
  }
  for (std::size_t size = 0; size < file.size(); ++size) REQUIRE_FALSE(gunzipped(file.substr(0, size)));
  REQUIRE_FALSE(gunzipped(file + "x"));
  REQUIRE_FALSE(gunzipped(file.substr(0, file.size() - 4) + "\xff\xff\xff\xff"));
}
