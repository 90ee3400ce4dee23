// Our answers beside those that a Panoramax server gave: every field it has, of the same JSON type, must be in ours. What we
// leave out on purpose stands in each test.

#include "tests/catch.hpp"
#include "tests/services/gateway/pipeline_by_hand.hpp"
#include "tests/shared_data.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

/// The recorded body; nothing, and a word about it, where the recordings are absent.
std::optional<json> recorded(const std::string& name) {
  const auto path = shared_path("panoramax-samples/" + name + ".json", "CAIRN_CONTRACTS");
  if (!path) return std::nullopt;
  std::ifstream stream{*path};
  return json::parse(stream).at("body");
}

bool same_kind(const json& a, const json& b) { return (a.is_number() && b.is_number()) || a.type() == b.type(); }

/// Paths of `theirs` that `ours` lacks or has with another type; of lists the first elements are compared.
void collect(const json& theirs, const json& ours, const std::string& path, const std::set<std::string>& left_out, std::vector<std::string>& problems) {
  if (left_out.contains(path)) return;
  if (!same_kind(theirs, ours)) return problems.push_back(path + " has another type");
  if (theirs.is_array() && !theirs.empty() && !ours.empty() && !path.ends_with("links")) collect(theirs[0], ours[0], path + "[]", left_out, problems);
  if (!theirs.is_object()) return;
  for (const auto& [name, value] : theirs.items()) {
    const auto below = path.empty() ? name : path + "." + name;
    if (ours.contains(name)) {
      collect(value, ours[name], below, left_out, problems);
    } else if (!left_out.contains(below)) {
      problems.push_back(below + " is missing");
    }
  }
}

std::vector<std::string> differences(const std::string& sample, const json& ours, const std::set<std::string>& left_out = {}) {
  std::vector<std::string> problems;
  if (const auto theirs = recorded(sample)) collect(*theirs, ours, "", left_out, problems);
  return problems;
}

const std::vector<std::string> none;

}  // namespace

TEST_CASE("landing page and configuration have the fields of a Panoramax server", "[shared]") {
  Served served;
  REQUIRE(differences("landing", served.client().get("/api").json(), {"contacts", "extent.temporal.interval[][]"}) == none);
  REQUIRE(differences("configuration", served.client().get("/api/configuration").json(), {"defaults.collaborative_metadata"}) == none);
}

TEST_CASE("upload sets and files have the fields of a Panoramax server", "[shared]") {
  Served served;
  const auto set = new_set(served, {{"estimated_nb_files", 5}});
  REQUIRE(differences("us_get_new", served.client().get("/api/upload_sets/" + set).json()) == none);
  REQUIRE(differences("file_202", served.client().post_file(files_url(set), "a.jpg", picture(400)).json()) == none);
  REQUIRE(differences("file_dup_same_set", served.client().post_file(files_url(set), "a.jpg", picture(400)).json()) == none);
  REQUIRE(differences("file_dup_past_set", served.client().post_file(files_url(new_set(served)), "a.jpg", picture(400)).json()) == none);
  REQUIRE(differences("file_nogps", served.client().post_file(files_url(set), "b.jpg", picture(404, false)).json()) == none);
  REQUIRE(differences("us_files", served.client().get(files_url(set)).json()) == none);
  REQUIRE(differences("us_get_404", served.client().get("/api/upload_sets/" + Uuid{}.text()).json()) == none);
}

TEST_CASE("collections, items and searches have the fields of a Panoramax server", "[shared]") {
  Served served;
  const auto set = new_set(served);
  served.client().post_file(files_url(set), "a.jpg", picture(400));
  const auto frame = publish(served, set);
  const auto get = [&](const std::string& path) { return served.client().get(path).json(); };
  const auto collection = "/api/collections/" + frame.sequence->text();
  // Accuracy of a sequence: each picture has its own. Focal length in mm: cameras that say it in pixels don't know it.
  const std::set<std::string> of_collection{"quality:horizontal_accuracy", "quality:horizontal_accuracy_type",
                                            "summaries.pers:interior_orientation[].focal_length"};
  REQUIRE(differences("collection", get(collection), of_collection) == none);
  const std::set<std::string> of_item{"properties.pers:interior_orientation.focal_length", "properties.exif"};
  auto of_list = std::set<std::string>{};
  for (const auto& path : of_item) of_list.insert("features[]." + path);
  for (const char* size : {"hd", "sd", "thumb"}) of_list.insert(std::string{"features[].assets."} + size + ".description");
  auto of_one = of_item;
  for (const char* size : {"hd", "sd", "thumb"}) of_one.insert(std::string{"assets."} + size + ".description");
  REQUIRE(differences("item", get("/api/pictures/" + frame.id.text()), of_one) == none);
  REQUIRE(differences("items", get(collection + "/items"), of_list) == none);
  REQUIRE(differences("search", get("/api/search?limit=2&bbox=13,55,14,56"), of_list) == none);
  REQUIRE(differences("collection_status", get(collection + "/geovisio_status"), {"items[].processed_at"}) == none);
}
