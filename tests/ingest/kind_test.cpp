#include "ingest/decode_file.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/file_to_decode.hpp"

using namespace cairn;
using namespace cairn::ingest;

TEST_CASE("a file is what its first bytes say") {
  REQUIRE(kind_of(bytes_of("\xFF\xD8\xFF\xE1 and so on")) == FileKind::picture);
  REQUIRE(kind_of(bytes_of(std::string_view{"\0\0\0\x20" "ftypheic\0\0", 14})) == FileKind::picture);
  REQUIRE(kind_of(bytes_of(std::string_view{"\0\0\0\x20" "ftypmp42\0\0", 14})) == FileKind::video);
  REQUIRE(kind_of(bytes_of(std::string_view{"\0\0\0\x08" "wide\0\0\0\0", 12})) == FileKind::video);
  REQUIRE(kind_of(bytes_of("<?xml version='1.0'?>\n<!-- a drive -->\n<gpx version='1.1'>")) == FileKind::track);
  REQUIRE(kind_of(bytes_of("\xEF\xBB\xBF <gpx>")) == FileKind::track);
}

TEST_CASE("other files of the same containers are of no kind") {
  REQUIRE_FALSE(kind_of({}));
  REQUIRE_FALSE(kind_of(bytes_of("\xFF\xD8")));
  REQUIRE_FALSE(kind_of(bytes_of(std::string_view{"\0\0\0\x20" "ftypavif\0\0", 14})));
  REQUIRE_FALSE(kind_of(bytes_of(std::string_view{"\0\0\0\x20" "ftypM4A \0\0", 14})));
  REQUIRE_FALSE(kind_of(bytes_of("<?xml version='1.0'?><kml>")));
  REQUIRE_FALSE(kind_of(bytes_of("PK\x03\x04")));
}

TEST_CASE("a file that is empty or of no kind is refused with that reason") {
  REQUIRE(testing::decoded(testing::file_of({})).report.refusal->reason == Reason::empty_file);
  REQUIRE(testing::decoded(testing::file_of(bytes_of("GIF89a"))).report.refusal->reason == Reason::not_supported);
}
