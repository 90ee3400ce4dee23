#include "services/gateway/remembered.hpp"

#include "tests/catch.hpp"

#include <stdexcept>

using namespace cairn::gateway;
using namespace std::chrono_literals;

namespace {

/// A value that counts how often it was made, each time for so long.
struct Maker {
  std::chrono::steady_clock::time_point now{1h};
  std::chrono::milliseconds cost;
  int made = 0;
  Remembered<int> remembered{[this] { return now; }};

  explicit Maker(std::chrono::milliseconds each) : cost{each} {}
  int get() {
    return *remembered.get([this] {
      now += cost;
      return ++made;
    });
  }
};

}  // namespace

TEST_CASE("what is quickly made is made anew for everybody who asks") {
  Maker maker{4ms};
  REQUIRE(maker.get() == 1);
  REQUIRE(maker.get() == 2);
}

TEST_CASE("what takes a second is not made anew within twenty") {
  Maker maker{1s};
  REQUIRE(maker.get() == 1);
  maker.now += 19s;
  REQUIRE(maker.get() == 1);
  maker.now += 1s;
  REQUIRE(maker.get() == 2);
}

TEST_CASE("while one makes it the others get what was before") {
  Maker maker{1s};
  REQUIRE(maker.get() == 1);
  maker.now += 1min;
  const auto outer = maker.remembered.get([&] {
    REQUIRE(maker.get() == 1);
    return 7;
  });
  REQUIRE(*outer == 7);
}

TEST_CASE("when making it fails the next one tries again") {
  Maker maker{1s};
  REQUIRE(maker.get() == 1);
  maker.now += 1min;
  REQUIRE_THROWS_AS(maker.remembered.get([]() -> int { throw std::runtime_error{"no catalogue"}; }), std::runtime_error);
  REQUIRE(maker.get() == 2);
}
