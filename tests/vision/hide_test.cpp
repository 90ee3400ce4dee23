#include "vision/hide.hpp"

#include "tests/catch.hpp"

#include <cmath>

using namespace cairn;
using vision::boxes_to_hide;
using vision::HideScores;

namespace {
const Detection person{ObjectClass::person, {100, 100, 150, 300}, 0.8f};
const Detection car{ObjectClass::vehicle, {200, 100, 400, 200}, 0.7f};
}  // namespace

TEST_CASE("plates and heads from the threshold on are hidden, other things are not") {
  const std::vector<Detection> found{{ObjectClass::plate, {0, 0, 9, 9}, 0.30f},
                                     {ObjectClass::head, {0, 0, 9, 9}, 0.29f},
                                     {ObjectClass::sign, {0, 0, 9, 9}, 0.99f}};
  const auto hidden = boxes_to_hide(found, {});
  REQUIRE(hidden.size() == 1);
  REQUIRE(hidden[0].object == ObjectClass::plate);
}

TEST_CASE("a person without a head loses the upper 30 % of its box") {
  const auto hidden = boxes_to_hide(std::vector{person}, {});
  REQUIRE(hidden.size() == 1);
  REQUIRE(hidden[0].object == ObjectClass::head);
  REQUIRE(hidden[0].box == Box{100, 100, 150, 160});
}

TEST_CASE("a head found on a person hides both: the head may be a wrong one") {
  const Detection head{ObjectClass::head, {115, 105, 135, 130}, 0.5f};
  const auto hidden = boxes_to_hide(std::vector{person, head}, {});
  REQUIRE(hidden.size() == 2);
  REQUIRE(hidden[0].box == Box{100, 100, 150, 160});
  REQUIRE(hidden[1].box == head.box);
}

TEST_CASE("every class has its own least score") {
  const HideScores least{.plate = 0.5, .head = 0.1, .person = 0.9, .vehicle = 0.6};
  const std::vector<Detection> found{{ObjectClass::plate, {0, 0, 9, 9}, 0.49f}, {ObjectClass::head, {0, 0, 9, 9}, 0.11f}, person, car};
  const auto hidden = boxes_to_hide(found, least);
  REQUIRE(hidden.size() == 2);
  REQUIRE(hidden[0].object == ObjectClass::head);
  REQUIRE(hidden[1].box == Box{250, 145, 350, 200});
  REQUIRE(least.least() == 0.1);
}

TEST_CASE("a vehicle without a plate loses its lower centre, unless it is too narrow for a legible plate") {
  REQUIRE(boxes_to_hide(std::vector{car}, {}).at(0).box == Box{250, 145, 350, 200});
  const Detection far_car{ObjectClass::vehicle, {200, 100, 280, 160}, 0.7f};
  REQUIRE(boxes_to_hide(std::vector{far_car}, {}).empty());
}

TEST_CASE("a score that is not a number hides") {
  REQUIRE(boxes_to_hide(std::vector{Detection{ObjectClass::plate, {0, 0, 9, 9}, std::nanf("")}}, {}).size() == 1);
}

TEST_CASE("a box that is not finite is an error, whatever its class and score") {
  const Detection odd{ObjectClass::sign, {0, 0, INFINITY, 9}, 0.1f};
  REQUIRE_THROWS_WITH(boxes_to_hide(std::vector{odd}, {}), "a detector gave a sign whose box is not finite");
}
