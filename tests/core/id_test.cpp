#include "core/ordered_uuid.hpp"

#include "tests/catch.hpp"

using namespace cairn;

TEST_CASE("an id written as text reads back as itself") {
  const auto id = FrameId::random();
  REQUIRE(FrameId::parse(id.text()) == id);
}

TEST_CASE("the same parts give the same id, and moving a letter between parts gives another") {
  REQUIRE(FrameId::derived_from({"ab", "c"}) == FrameId::derived_from({"ab", "c"}));
  REQUIRE(FrameId::derived_from({"ab", "c"}) != FrameId::derived_from({"a", "bc"}));
}

TEST_CASE("a text that is not a UUID is no id") {
  for (const auto* text : {"", "x", "78a15eda-eeb3-44bd-9949-2951216eb1c", "78a15edaeeeb3-44bd-9949-2951216eb1cb",
                           "78a15eda-eeb3-44bd-9949-2951216eb1cg"}) {
    CAPTURE(text);
    REQUIRE_FALSE(Uuid::parse(text));
  }
}

TEST_CASE("random ids say version 4, derived ones version 8") {
  REQUIRE(Uuid::random().text()[14] == '4');
  REQUIRE(FrameId::derived_from({"x"}).text()[14] == '8');
}

TEST_CASE("ids made at a time say version 7 and stand in the order of their milliseconds") {
  const auto time = time_from_micros(1'777'636'800'123'456);
  const auto id = ordered_uuid(time);
  REQUIRE(id.text()[14] == '7');
  REQUIRE(Uuid::parse(id.text()) == id);
  REQUIRE(id != ordered_uuid(time));
  REQUIRE(id < ordered_uuid(time + std::chrono::milliseconds{1}));
}
