// The OpenAPI document is true: requests made from it are answered as it says.

#include "services/gateway/endpoints.hpp"
#include "services/identity/device_key.hpp"
#include "services/store/map.hpp"
#include "services/store/tiles.hpp"
#include "tests/catch.hpp"
#include "tests/ingest/make_picture.hpp"
#include "tests/services/gateway/made_drive.hpp"
#include "tests/services/gateway/people.hpp"
#include "tiler/gzip.hpp"
#include "tiler/tile_set.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

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

/// What a generated request can't have here; each has tests of its own.
bool is_told_elsewhere(const std::string& path) {
  return path == "/api/upload_sets/{id}/events"                     // never ends by itself
         || path == "/api/rewards/epochs/{epoch}" || path == "/api/rewards/statements/{account}";  // needs a closed epoch
}

gateway::GatewayOptions all_open(const std::filesystem::path& web) {
  gateway::GatewayOptions options;
  options.auth_required = options.registration_is_open = true;
  options.web = web;
  return options;
}

/// The folder of a map page.
struct Page {
  ScratchFolder scratch;
  Page() {
    for (const char* folder : {"assets", "sprites", "fonts/Noto Sans Regular"}) std::filesystem::create_directories(scratch.path() / folder);
    for (const char* name : {"index.html", "page.html", "assets/page.html", "sprites/page.html", "fonts/Noto Sans Regular/0-255.pbf"}) std::ofstream{scratch.path() / name} << "<!doctype html>";
  }
};

/// A server with something for every {name} of a path, and a token that may do all. Each operation gets a world of its own, so
/// that none spoils another's.
struct World {
  Page page;
  Served served{all_open(page.scratch.path())};
  std::string token = bearer_of(served, "local", "upload read admin");
  std::map<std::string, std::string> values;

  World() {
    auto session = served.session();
    auto account = *store::find_account_named(session, "local");
    account.is_admin = true;
    session.write([&account](store::Session& writer) { store::update_account(writer, account); });
    const auto local = account.id;
    const auto drive = make_drive(session, served.blobs(), {.account = local});
    const auto round = make_drive(session, served.blobs(), {.name = "round", .account = local, .frames = 1, .projection = Projection::equirectangular, .redacted = make_jpeg(1024, 512)});
    values = {{"collection", drive.sequence.text()}, {"picture", drive.frames[0].id.text()}, {"round", round.frames[0].id.text()}, {"id", drive.set.text()}, {"user", local.text()},
              {"size", "thumb.jpg"}, {"tile", "0_0.jpg"}, {"z", "0"}, {"x", "0"}, {"y", "0.mvt"}, {"set", "map"}, {"key", "a-file"}, {"tiling", "WebMercatorQuad"}, {"row", "0"}, {"column", "0"}, {"stack", "Noto%20Sans%20Regular"}, {"range", "0-255.pbf"}};
    add_tile(session);
    add_feature(session);
    const auto picture = "/api/pictures/" + values["picture"];
    values["annotation"] = made(picture + "/annotations", {{"shape", {1, 1, 9, 9}}, {"semantics", {{{"key", "a"}, {"value", "b"}}}}})["id"];
    values["report"] = made("/api/reports", {{"issue", "other"}, {"picture_id", values["picture"]}})["id"];
    values["token"] = made("/api/users/me/tokens", {})["id"];
    values["secret"] = token.substr(token.rfind(' ') + 1, token.size() - token.rfind(' ') - 3);
  }

  /// What takes a while to make, for the paths that ask for it.
  void prepare(const std::string& path) {
    if (path == "/api/pictures/{picture}/tiled/{tile}") values["picture"] = values["round"];
    if (path.ends_with("/claim")) values["token"] = made("/api/auth/tokens/generate", {})["id"];
    if (path == "/{file}" || path == "/assets/{file}" || path == "/sprites/{file}") values["file"] = "page.html";
    if (path == "/tiles/{file}") values["file"] = "map.json";
    if (path.starts_with("/ogc/")) values["collection"] = path.find("/items") != std::string::npos ? "features" : "map";
    if (path.starts_with("/api/auth/")) add_password();
    if (path.starts_with("/api/devices")) add_device(path == "/api/devices");
    if (path.ends_with("/{area}")) values["area"] = made(path.substr(0, path.rfind('/')), {{"name", "far"}, {"shape", {{"type", "Circle"}, {"center", {2.35, 48.85}}, {"radius_m", 200}}}})["id"];
    if (path.starts_with("/files/")) add_tus_upload();
    if (path == "/mapillary/finish_upload") add_mapillary_upload();
  }

  json made(const std::string& path, const json& body) const {
    const auto answer = served.client().request("POST", path, "application/json", body.dump(), token);
    CAPTURE(path, answer.body);
    REQUIRE(answer.status < 300);
    return answer.json();
  }
  void add_tile(store::Session& session) const {
    const auto tile = bytes_of("a tile");
    store::TileRow row{"map", TileId{}, sha256_of(tile), served.blobs().put(store::Namespace::public_, tiler::gzipped(tile, 1)), 6, {}};
    session.write([&](store::Session& writer) {
      for (const char* set : {"map", "panoramax"}) {
        row.tileset = set;
        store::put_tile(writer, row);
      }
    });
  }
  void add_feature(store::Session& session) {
    Feature feature;
    feature.id = FeatureId::derived_from({"a feature"});
    feature.place = *LatLon::from_degrees(55.698, 13.195);
    values["feature"] = feature.id.text();
    session.write([&](store::Session& writer) { store::replace_features(writer, tile_of(feature.place, 14), {feature}); });
  }
  void add_password() {
    values["password"] = "correct horse local";
    add_person(served, "local", true);
  }
  void add_device(bool is_new) {
    std::array<std::byte, 32> seed{};
    values["proof"] = identity::sign_text(seed, R"({"account":")" + values["user"] + R"("})");
    if (is_new) return;
    values["device"] = made("/api/devices", {{"name", "front"}, {"proof", values["proof"]}})["id"];
    const auto nonce = made("/api/devices/" + values["device"] + "/nonce", {})["nonce"];
    json list{{"v", 1}, {"nonce", nonce}, {"counter", 1}, {"previous", ""}, {"files", json::array()}};
    list["files"].push_back({{"name", "a.jpg"}, {"size", 5}, {"sha256", sha256_of("hello").hex()}});
    values["manifest"] = identity::sign_text(seed, list.dump());
  }
  void add_tus_upload() {
    const auto answer = served.client().request("POST", "/files", "", "", token + "Tus-Resumable: 1.0.0\r\nUpload-Length: 500\r\nContent-Length: 0\r\n");
    const auto location = answer.header("Location");
    values["upload"] = location.substr(location.rfind('/') + 1);
  }
  void add_mapillary_upload() {
    const auto bytes = std::string{text_of(with_tags(make_jpeg(444), place_tags() + time_tags()))};
    values["handle"] = served.client().request("POST", "/mapillary/upload/a.jpg", "application/octet-stream", bytes, token + "Offset: 0\r\n").json()["h"];
  }

  Answer send(const std::string& method, const std::string& path, const json& operation, const json& document) const {
    std::string verb = method;
    std::ranges::transform(verb, verb.begin(), [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
    std::string type, body;
    if (operation.contains("requestBody")) {
      const auto& content = operation["requestBody"]["content"];
      type = content.begin().key();
      if (type == "multipart/form-data") return send_form(path);
      body = body_for(type, content.begin().value(), document);
    }
    return served.client().request(verb, replaced(path, values) + (path == "/api/users/search" ? "?q=loc" : ""), type, body, token + "Origin: http://cairn.test\r\n" + headers_for(operation));
  }

  static std::string headers_for(const json& operation) {
    std::string headers;
    for (const auto& parameter : operation["parameters"]) {
      if (parameter["in"] == "header") headers += parameter["name"].get<std::string>() + ": " + parameter["example"].get<std::string>() + "\r\n";
    }
    return headers;
  }

  /// The schema's example in the form that the type asks for.
  std::string body_for(const std::string& type, const json& content, const json& document) const {
    if (!content.contains("schema")) return "hello";
    const std::string reference = content["schema"]["$ref"];
    const auto& example = document.at(json::json_pointer{reference.substr(1)}).at("example");
    if (type == "application/json") return replaced(example.dump(), values);
    if (example.is_string()) return replaced(example, values);
    std::string form;
    for (const auto& [name, value] : example.items()) form += (form.empty() ? "" : "&") + name + "=" + gateway::percent_encoded(replaced(value, values));
    return form;
  }

  Answer send_form(const std::string& path) const {
    const auto bytes = std::string{text_of(with_tags(make_jpeg(444), place_tags() + time_tags()))};
    const bool older = path.find("collections") != std::string::npos;
    const auto target = older ? "/api/collections/" + made("/api/collections", {{"title", "a"}})["id"].get<std::string>() + "/items" : replaced(path, values);
    return served.client().post(target, "multipart/form-data; boundary=cut",
                                "--cut\r\nContent-Disposition: form-data; name=\"position\"\r\n\r\n1\r\n--cut\r\nContent-Disposition: form-data; name=\"" + std::string{older ? "picture" : "file"} +
                                    "\"; filename=\"a.jpg\"\r\n\r\n" + bytes + "\r\n--cut--\r\n",
                                token);
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
    if (is_told_elsewhere(path)) return;
    ++operations;
    World world;
    world.prepare(path);
    const auto answer = world.send(method, path, operation, document);
    const auto expected = operation["responses"].begin().key();
    if (std::to_string(answer.status) != expected) return wrong.push_back(method + " " + path + ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 200));
    const auto& success = operation["responses"][expected];
    if (!success.contains("content")) return;
    const auto& content = success["content"];
    const auto type = answer.header("Content-Type");
    if (!content.contains(type.substr(0, type.find(';')))) wrong.push_back(method + " " + path + " is " + type);
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
    const bool takes_any = method == "options" || path == "/mapillary/upload/{key}";   // any name is a key
    if (path.find('{') == std::string::npos || takes_any) return;
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
  std::set<std::pair<std::string, std::string>> described, there;
  each_operation(the_document(), [&](const std::string& path, const std::string& method, const json&) { described.emplace(path, method); });
  for (const auto& route : gateway::all_routes()) there.emplace(route.pattern, gateway::lower_case(gateway::name_of(route.method)));
  REQUIRE(described == there);
}

TEST_CASE("the page for people names no other host") {
  const auto page = Served{}.client().get("/api/docs");
  REQUIRE(page.status == 200);
  REQUIRE(page.body.find("http://") == std::string::npos);
  REQUIRE(page.body.find("https://") == std::string::npos);
}
