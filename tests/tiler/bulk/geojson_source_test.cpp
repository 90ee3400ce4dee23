#include "tiler/bulk/source.hpp"

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

#include <fstream>

using namespace cairn::tiler;
using namespace cairn::tiler::bulk;


namespace {

struct Read {
  std::vector<bulk::Feature> features;
  std::vector<std::string> attributes;  ///< "key=value", one text a feature
  LeftOutCounts left_out{};
};

struct Text {
  std::string operator()(std::string_view text) const { return "'" + std::string{text} + "'"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return std::to_string(number); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
};

Read read(const std::string& text, const char* name = "x.geojson") {
  const cairn::testing::TemporaryFolder folder;
  std::ofstream{folder.path() / name} << text;
  const auto source = open_geojson(folder.path() / name);
  Read read;
  bulk::Feature feature;
  while (source->next(feature)) {
    std::string attributes;
    for (const auto& [key, value] : feature.attributes) attributes += std::string{key} + "=" + std::visit(Text{}, value) + " ";
    read.attributes.push_back(attributes);
    read.features.push_back(feature);
  }
  read.left_out = source->left_out();
  return read;
}

std::string point(const std::string& coordinates, const std::string& properties = "{}") {
  return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":{"coordinates":)" + coordinates + R"(,"type":"Point"}})";
}

}  // namespace

TEST_CASE("a collection, a feature a line and a sequence with record separators read the same") {
  const auto one = point("[8.5,50]", R"({"name":"a"})");
  const auto two = point("[9,51,120.5]", R"({"name":"b"})");
  const auto collection = read(R"({"type":"FeatureCollection","features":[)" + one + ",\n" + two + "]}");
  const auto lines = read(one + "\n\n" + two);
  const auto sequence = read("\x1e" + one + "\n\x1e" + two + "\n");
  REQUIRE(collection.attributes == std::vector<std::string>{"name='a' ", "name='b' "});
  REQUIRE(lines.attributes == collection.attributes);
  REQUIRE(sequence.attributes == collection.attributes);
  REQUIRE(lines.features[0].vertices[0].x == Approx((8.5 / 360 + 0.5) * 4294967296.0));
}

TEST_CASE("an attribute keeps its type, what is empty is left out, and what is nested becomes text") {
  const auto one = read(point("[0,0]", R"({"t":"x","e":"","w":-3,"r":1.5,"b":true,"n":null,"l":[1,2],"o":{"a":1},"big":18446744073709551615})"));
  REQUIRE(one.attributes[0] == "t='x' w=-3 r=1.500000 b=true l='[1,2]' o='{\"a\":1}' big=18446744073709551616.000000 ");
}

TEST_CASE("parts, rings and polygons are told apart") {
  const auto shapes = read(
      R"({"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]]}})" "\n"
      R"({"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]],[[[20,0],[29,0],[29,9],[20,0]]]]}})");
  REQUIRE(shapes.features[0].geometry == Geometry::line);
  REQUIRE(shapes.features[0].part_ends == std::vector<std::uint32_t>{2, 5});
  REQUIRE(shapes.features[1].geometry == Geometry::polygon);
  REQUIRE(shapes.features[1].part_ends == std::vector<std::uint32_t>{4, 8, 12});
  REQUIRE(shapes.features[1].polygon_ends == std::vector<std::uint32_t>{2, 3});
}

TEST_CASE("what can't be shown is left out and counted by reason") {
  const auto all = read(point("[181,0]") + "\n" + point("[0,90.5]") + "\n" + point("[]") + "\n" + R"({"type":"Feature","geometry":null,"properties":{"a":1}})" "\n" +
                        R"({"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]}})" "\n" + point("[180,-90]"));
  REQUIRE(all.features.size() == 1);
  REQUIRE(all.left_out == LeftOutCounts{3, 2, 0});
}

TEST_CASE("what isn't GeoJSON is named with its line, and nothing crashes") {
  for (const std::string& bad : {std::string{"{"}, std::string{"nonsense"}, point("[1e400,0]"), point("[[[[[[1,2]]]]]]"), point("[\"a\",1]"), point("[0,0]", "{\"a\":\"\xff\xfe\"}"),
                          std::string(10'000, '['), std::string{R"({"type":"Feature","geometry":{"type":"Point","coordinates":[1,)"}}) {
    INFO(bad.substr(0, 80));
    REQUIRE_THROWS_WITH(read(point("[0,0]") + "\n" + bad + "\n"), ContainsText("line 2: not GeoJSON"));
  }
  REQUIRE(read("").features.empty());
}

TEST_CASE("a feature of more than a million vertices is left out") {
  std::string line = R"({"type":"Feature","geometry":{"type":"LineString","coordinates":[)";
  for (int i = 0; i <= 1'000'000; ++i) line += i == 0 ? "[0,0]" : ",[0,0]";
  const auto one = read(line + "]}}");
  REQUIRE(one.features.empty());
  REQUIRE(one.left_out[2] == 1);
}
