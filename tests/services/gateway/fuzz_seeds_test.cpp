#include "tests/catch.hpp"
#include "tests/fuzz/gateway_entries.hpp"
#include "tests/random.hpp"

#include <string>

using namespace cairn;

namespace {

/// The seed with a few bytes changed, added or cut away.
std::string mutated(std::string text, testing::Random& random) {
  for (auto changes = random.whole(1, 6); changes > 0 && !text.empty(); --changes) {
    const auto at = static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(text.size()) - 1));
    switch (random.whole(0, 2)) {
      case 0: text[at] = static_cast<char>(random.whole(0, 255)); break;
      case 1: text.insert(at, text.substr(at / 2, 9)); break;
      default: text.erase(at, static_cast<std::size_t>(random.whole(1, 5))); break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("mutated forms and addresses harm nothing, and cutting forms changes nothing") {
  testing::Random random{testing::seed_of_run()};
  const std::string form =
      "\x03--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n--XX--\r\n";
  const std::string address = "/api/collections/0a7e804e-086e-49b0-ad8b-47977f16273b/items?limit=%31&bbox=1,2,3,4";
  for (int round = 0; round < 3000; ++round) {
    fuzz::multipart(bytes_of(mutated(form, random)));
    fuzz::target(bytes_of(mutated(address, random)));
  }
  SUCCEED();
}
