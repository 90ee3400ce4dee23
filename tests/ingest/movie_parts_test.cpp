#include "ingest/telemetry/movie_parts.hpp"

#include "tests/catch.hpp"
#include "tests/ingest/vendor_writer.hpp"

using namespace cairn;
using namespace cairn::ingest;
using namespace cairn::testing;

namespace {

std::vector<std::string> types_of(const std::string& bytes) {
  std::vector<std::string> types;
  BoxReader boxes{bytes_of(bytes)};
  while (const auto box = boxes.next()) types.emplace_back(box->type);
  return types;
}
std::optional<std::string> content_at(const std::string& bytes, const char* path) {
  const auto found = box_at(bytes_of(bytes), path);
  return found ? std::optional{std::string{text_of(*found)}} : std::nullopt;
}

}  // namespace

TEST_CASE("boxes come one after the other, with sizes of 32 and 64 bits and to the end") {
  std::string large = numbers({1}, 4) + "mdat" + numbers({18}, 8) + "ab";
  const auto last = numbers({0}, 4) + "moovrest";
  CHECK(types_of(box("ftyp", "x") + large + last) == std::vector<std::string>{"ftyp", "mdat", "moov"});
  CHECK(content_at(large, "mdat") == "ab");
  CHECK(content_at(last, "moov") == "rest");
}

TEST_CASE("a box that is longer than its parent ends with it, a size that can't be ends the reading") {
  CHECK(content_at(numbers({1000}, 4) + "freeabc", "free") == "abc");
  CHECK(types_of(box("ftyp", "") + numbers({7}, 4) + "free" + box("moov", "")) == std::vector<std::string>{"ftyp"});
  CHECK(types_of(numbers({1}, 4) + "mdat" + numbers({15}, 8) + "more").empty());
  CHECK(types_of("short").empty());
}

TEST_CASE("a path leads through every box of a name") {
  const auto movie = box("free", "") + box("free", box("cprt", "model")) + box("moov", box("udta", box("gps ", "here")));
  CHECK(content_at(movie, "free/cprt") == "model");
  CHECK(content_at(movie, "moov/udta/gps ") == "here");
  CHECK_FALSE(content_at(movie, "moov/gps "));
}
