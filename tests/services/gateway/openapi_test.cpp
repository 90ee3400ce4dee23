// The OpenAPI document is true: requests made from it are answered as it says.

#include "services/gateway/endpoints.hpp"
#include "services/store/accounts.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/services/gateway/made_drive.hpp"

#include <algorithm>
#include <iostream>
#include <map>

using namespace cairn;
using namespace cairn::testing;
using nlohmann::json;

namespace {

bool is_of_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == "boolean" && value.is_boolean();
}

/// What of the value is not as the schema says: of JSON Schema what our schemas use.
void judge(const json& document, const json& schema, const json& value, const std::string& path, std::vector<std::string>& problems) {
  if (schema.contains("$ref")) {
    const std::string reference = schema["$ref"];
    return judge(document, document.at(json::json_pointer{reference.substr(1)}), value, path, problems);
  }
  if (schema.contains("type") && schema["type"].is_string() && !is_of_type(value, schema["type"])) return problems.push_back(path + " is no " + schema["type"].get<std::string>());
  if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) problems.push_back(path + " is none of the values");
  for (const auto& name : schema.value("required", json::array())) {
    if (!value.contains(name.get<std::string>())) problems.push_back(path + "." + name.get<std::string>() + " is missing");
  }
  const auto properties = schema.value("properties", json::object());
  for (const auto& [name, below] : properties.items()) {
    if (value.is_object() && value.contains(name)) judge(document, below, value[name], path + "." + name, problems);
  }
  if (!value.is_array() || !schema.contains("items")) return;
  for (const auto& one : value) judge(document, schema["items"], one, path + "[]", problems);
}

std::string replaced(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    for (auto at = text.find("{" + name + "}"); at != std::string::npos; at = text.find("{" + name + "}")) text.replace(at, name.size() + 2, value);
  }
  return text;
}

/// A server with something for every {name} of a path. Each operation gets a world of its own, so that none spoils another's.
struct World {
  Served served;
  std::map<std::string, std::string> values;

  World() {
    auto session = served.session();
    AccountId local;
    session.write([&](store::Session& writer) { local = store::account_named(writer, "local", kNow).id; });
    const auto drive = make_drive(session, served.blobs(), {.account = local});
    const auto picture = drive.frames[0].id.text();
    const auto made = [&](const std::string& path, const json& body) { return served.client().post_json(path, body).json()["id"].get<std::string>(); };
    values = {{"collection", drive.sequence.text()}, {"picture", picture}, {"id", drive.set.text()}, {"user", local.text()}, {"size", "thumb.jpg"}, {"z", "0"}, {"x", "0"}, {"y", "0.mvt"},
              {"annotation", made("/api/pictures/" + picture + "/annotations", {{"shape", {1, 1, 9, 9}}, {"semantics", {{{"key", "a"}, {"value", "b"}}}}})},
              {"report", made("/api/reports", {{"issue", "other"}, {"picture_id", picture}})}};
  }

  Answer send(const std::string& method, const std::string& path, const json& operation, const json& document, const std::string& query = {}) const {
    std::string verb = method;
    std::ranges::transform(verb, verb.begin(), [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
    std::string type, body;
    if (operation.contains("requestBody")) {
      const auto& content = operation["requestBody"]["content"];
      type = content.begin().key();
      if (type == "multipart/form-data") return send_form(path);
      const std::string reference = content.begin().value()["schema"]["$ref"];
      body = replaced(document.at(json::json_pointer{reference.substr(1)}).at("example").dump(), values);
    }
    return served.client().request(verb, replaced(path, values) + query, type, body);
  }

  Answer send_form(const std::string& path) const {
    const auto bytes = std::string{text_of(with_tags(make_jpeg(444), place_tags() + time_tags()))};
    const bool older = path.find("collections") != std::string::npos;
    const auto target = older ? "/api/collections/" + served.client().post_json("/api/collections", {{"title", "a"}}).json()["id"].get<std::string>() + "/items" : replaced(path, values);
    return served.client().post(target, "multipart/form-data; boundary=cut",
                                "--cut\r\nContent-Disposition: form-data; name=\"position\"\r\n\r\n1\r\n--cut\r\nContent-Disposition: form-data; name=\"" + std::string{older ? "picture" : "file"} +
                                    "\"; filename=\"a.jpg\"\r\n\r\n" + bytes + "\r\n--cut--\r\n");
  }
};

json the_document() { return Served{}.client().get("/api/docs/openapi.json").json(); }

template <class Visit>
void each_operation(const json& document, const Visit& visit) {
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) visit(path, method, operation);
  }
}

}  // namespace

TEST_CASE("every described operation answers a valid request with the status and the schema that it names") {
  const auto document = the_document();
  std::vector<std::string> wrong;
  int operations = 0;
  each_operation(document, [&](const std::string& path, const std::string& method, const json& operation) {
    ++operations;
    const World world;
    const std::string query = path == "/api/users/search" ? "?q=loc" : "";
    const auto answer = world.send(method, path, operation, document, query);
    const auto expected = operation["responses"].begin().key();
    if (std::to_string(answer.status) != expected) return wrong.push_back(method + " " + path + ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 200));
    const auto& success = operation["responses"][expected];
    if (!success.contains("content")) return;
    const auto& content = success["content"];
    if (!content.begin().value().contains("schema")) return;
    std::vector<std::string> problems;
    judge(document, content.begin().value()["schema"], answer.json(), "", problems);
    for (const auto& problem : problems) wrong.push_back(method + " " + path + ": " + problem);
  });
  REQUIRE(wrong == std::vector<std::string>{});
  std::cout << "openapi: " << operations << " operations answered as described\n";
}

TEST_CASE("unknown ids are answered 404 or 400 and every parameter's nonsense 400, as errors with a sentence") {
  const auto document = the_document();
  std::vector<std::string> wrong;
  const World world;
  each_operation(document, [&](const std::string& path, const std::string& method, const json& operation) {
    if (path.find('{') == std::string::npos) return;
    for (const auto& id : {Uuid{}.text(), std::string{"%00"}, std::string{"not-an-id"}}) {
      auto path_of_none = path;
      for (auto open = path_of_none.find('{'); open != std::string::npos; open = path_of_none.find('{')) path_of_none.replace(open, path_of_none.find('}') - open + 1, id);
      if (operation.contains("requestBody") && operation["requestBody"]["content"].contains("multipart/form-data")) continue;
      const auto answer = world.send(method, path_of_none, operation, document);
      const bool sound = (answer.status == 404 || answer.status == 400) && (method == "head" || answer.json().contains("message"));
      if (!sound) wrong.push_back(method + " " + path_of_none + ": " + std::to_string(answer.status));
    }
  });
  REQUIRE(wrong == std::vector<std::string>{});
}

TEST_CASE("parameters that make no sense are answered 400") {
  const World world;
  for (const auto& path : {std::string{"/api/search"}, std::string{"/api/collections"}, "/api/collections/" + world.values.at("collection") + "/items"}) {
    for (const std::string query : {"limit=none", "limit=0", "limit=-1", "limit=1e400"}) {
      CAPTURE(path, query);
      REQUIRE(world.served.client().get(path + "?" + query).status == 400);
    }
  }
  for (const std::string query : {"bbox=1,2", "bbox=200,1,201,2", "bbox=nan,0,1,1", "datetime=yesterday", "filter=nonsense%20=%201", "sortby=colour", "ids=one", "collections=one", "intersects=%7B%7D",
                                  "place_position=1", "bbox=1,1,2,2&intersects=%7B%22type%22:%22Point%22,%22coordinates%22:%5B1,1%5D%7D"}) {
    CAPTURE(query);
    REQUIRE(world.served.client().get("/api/search?" + query).status == 400);
  }
  REQUIRE(world.served.client().get("/api/collections?page=two").status == 400);
}

TEST_CASE("what is described is there, and what is there is described") {
  const auto document = the_document();
  std::string missing;
  for (const auto& route : gateway::all_routes()) {
    const std::string pattern{route.pattern};
    const auto method = gateway::lower_case(gateway::name_of(route.method));
    if (pattern.starts_with("/api/") && !(document["paths"].contains(pattern) && document["paths"][pattern].contains(method))) missing += " " + method + " " + pattern;
  }
  std::cout << "openapi: not described yet:" << missing << "\n";
  each_operation(document, [&](const std::string& path, const std::string& method, const json&) {
    CAPTURE(path, method);
    const auto routes = gateway::all_routes();
    REQUIRE(std::ranges::any_of(routes, [&](const auto& route) { return route.pattern == path && gateway::lower_case(gateway::name_of(route.method)) == method; }));
  });
}

TEST_CASE("the page for people names no other host") {
  const auto page = Served{}.client().get("/api/docs");
  REQUIRE(page.status == 200);
  REQUIRE(page.body.find("http://") == std::string::npos);
  REQUIRE(page.body.find("https://") == std::string::npos);
}
