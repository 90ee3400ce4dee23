#include "services/gateway/panoramax/upload_rules.hpp"

#include "tests/catch.hpp"

using namespace cairn;
using namespace cairn::gateway;
using nlohmann::json;

namespace {

store::UploadSet made(const json& body) { return std::get<store::UploadSet>(upload_set_from(body)); }
RulesProblem refused(const json& body) { return std::get<RulesProblem>(upload_set_from(body)); }

}  // namespace

TEST_CASE("an upload set needs a title only") {
  const auto set = made({{"title", "Monday"}});
  REQUIRE(set.title == "Monday");
  REQUIRE(set.visibility == "anyone");
  REQUIRE_FALSE(set.estimated_files);
  REQUIRE(json::parse(set.rules_json) == json{{"sort_method", "time-asc"}});
}

TEST_CASE("rules are kept as sent, null and unknown fields left out") {
  const auto set = made({{"title", "x"}, {"estimated_nb_files", 3}, {"split_distance", 50}, {"no_deduplication", true}, {"split_time", nullptr}, {"later", 1}, {"metadata", {{"a", 1}}}});
  REQUIRE(set.estimated_files == 3);
  REQUIRE(json::parse(set.rules_json) == json{{"sort_method", "time-asc"}, {"split_distance", 50}, {"no_deduplication", true}});
  REQUIRE(json::parse(set.metadata_json) == json{{"a", 1}});
}

TEST_CASE("each wrong field is named, with what was sent") {
  const auto problem = refused({{"sort_method", "random"}, {"split_distance", -1}});
  REQUIRE(problem.details.size() == 3);
  REQUIRE(problem.details[0] == json{{"fields", {"title"}}, {"error", "is missing"}});
  REQUIRE(problem.details[1]["fields"] == json::array({"sort_method"}));
  REQUIRE(problem.details[2]["input"] == -1);
  for (const json& bad : {json{{"title", ""}}, json{{"title", "a\nb"}}, json{{"title", 7}}, json{{"title", "x"}, {"estimated_nb_files", 0}},
                          json{{"title", "x"}, {"estimated_nb_files", 1.5}}, json{{"title", "x"}, {"visibility", "me"}},
                          json{{"title", std::string(501, 'x')}}, json::array(), json("x")})
    refused(bad);
}

TEST_CASE("rules that shut each other out are refused") {
  REQUIRE(refused({{"title", "x"}, {"no_split", true}, {"split_distance", 5}}).message == "no_split can't go with split_distance or split_time");
  REQUIRE(refused({{"title", "x"}, {"no_deduplication", true}, {"duplicate_rotation", 5}}).message ==
          "no_deduplication can't go with duplicate_distance or duplicate_rotation");
}
