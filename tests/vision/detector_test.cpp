#include "vision/detector.hpp"

#include "tests/catch.hpp"

using namespace cairn;
using namespace cairn::vision;

TEST_CASE("the union holds every box of every detector, in their order") {
  const Detection sign{ObjectClass::sign, {1, 2, 3, 4}, 0.9f}, plate{ObjectClass::plate, {5, 6, 7, 8}, 0.4f};
  const auto all = united({{sign, plate}, {}, {plate}});
  REQUIRE(all.size() == 3);
  CHECK(all[0].object == ObjectClass::sign);
  CHECK(all[2].box == plate.box);
}
