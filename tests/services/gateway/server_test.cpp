#include "services/store/accounts.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/served.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

gateway::GatewayOptions with_limits(const std::function<void(gateway::Limits&)>& change) {
  gateway::GatewayOptions options;
  change(options.limits);
  return options;
}

}  // namespace

TEST_CASE("health, landing page and status are answered with or without a slash at the end") {
  Served served;
  REQUIRE(served.client().get("/healthz").body == "alive\n");
  REQUIRE(served.client().get("/readyz").status == 200);
  REQUIRE(served.client().get("/api/").json()["stac_version"] == "1.0.0");
  REQUIRE(served.client().get("/api/status").json()["totals"]["files"] == 0);
  REQUIRE(served.client().get("/metrics").body.find("cairn_http_requests_total") != std::string::npos);
}

TEST_CASE("what the operator calls the map, its licence and who is to be named stand in every description of it, whatever signs are in them") {
  gateway::GatewayOptions options;
  options.terms = {"Signs & <roads> of \"Lund\"", "ODbL-1.0", "https://lund.test/licence", "People of <Lund>", "Seen from & for bicycles"};
  const Served served{options};
  const auto client = served.client();
  for (const auto* path : {"/api", "/api/docs/openapi.json", "/api/status", "/ogc", "/tiles/map.json", "/style.json"}) {
    CAPTURE(path);
    REQUIRE(client.get(path).json().dump().find(nlohmann::json(options.terms.title).dump()) != std::string::npos);
  }
  for (const auto* path : {"/api", "/api/configuration", "/api/status"}) {
    CAPTURE(path);
    REQUIRE(client.get(path).body.find("https://lund.test/licence") != std::string::npos);
  }
  for (const auto* path : {"/api/status", "/ogc", "/tiles/map.json"}) {
    CAPTURE(path);
    REQUIRE(client.get(path).body.find(options.terms.attribution) != std::string::npos);
  }
  for (const auto* path : {"/api/docs", "/ogc/wmts/1.0.0/WMTSCapabilities.xml"}) {
    CAPTURE(path);
    REQUIRE(client.get(path).body.find("Signs &amp; &lt;roads&gt; of") != std::string::npos);
  }
}

TEST_CASE("links are absolute, at the host that was asked") {
  Served served;
  const auto landing = served.client().get("/api").json();
  for (const auto& link : landing["links"]) REQUIRE(link["href"].get<std::string>().starts_with("http"));
  REQUIRE(landing["links"][0]["href"] == "http://cairn.test/api");
}

TEST_CASE("an unknown address is answered 404 in JSON, another method 405 with what there is") {
  Served served;
  REQUIRE(served.client().get("/api/nothing").json()["status_code"] == 404);
  const auto refused = served.client().post_json("/api/conformance", {});
  REQUIRE(refused.status == 405);
  REQUIRE(refused.header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("a browser of another origin may read, errors included, and ask beforehand") {
  Served served;
  const auto missing = served.client().get("/api/nothing", "Origin: https://x.example\r\n");
  REQUIRE(missing.header("Access-Control-Allow-Origin") == "https://x.example");
  REQUIRE(missing.header("Access-Control-Allow-Credentials") == "true");
  const auto asked = served.client().send(
      "OPTIONS /api/upload_sets HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: https://x.example\r\n"
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n");
  REQUIRE(asked.status == 200);
  REQUIRE(asked.header("Access-Control-Allow-Headers") == "authorization");
  REQUIRE(asked.header("Access-Control-Allow-Methods") == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
}

TEST_CASE("requests that hide another one, or are none, are refused") {
  Served served;
  const auto both = served.client().send("POST /api/search HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  REQUIRE(both.status == 400);
  REQUIRE(served.client().send("nonsense\r\n\r\n").status == 400);
  REQUIRE(served.client().get("/api/search?bbox=%f").status == 400);
  REQUIRE(served.client().get("/api/%2e%2e/x").status == 400);
}

TEST_CASE("a header above the limit is answered 431, a slow one 408") {
  Served served{with_limits([](auto& limits) { limits.header_time = std::chrono::seconds{1}; })};
  REQUIRE(served.client().get("/api", "X: " + std::string(70'000, 'x') + "\r\n").status == 431);
  REQUIRE(served.client().send("GET /api HTTP/1.1\r\nHost").status == 408);
}

TEST_CASE("bodies above their limit are answered 413, whether or not they say their length") {
  Served served{with_limits([](auto& limits) {
    limits.largest_text = 1000;
    limits.upload.largest_file = 10'000;
  })};
  REQUIRE(served.client().post("/api/search", "application/json", std::string(2000, ' ')).status == 413);
  const auto id = served.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>();
  REQUIRE(served.client().post_file("/api/upload_sets/" + id + "/files", "a.jpg", std::string(20'000, 'x')).status == 413);
  REQUIRE(served.client().post_file("/api/upload_sets/" + id + "/files", "a.jpg", std::string(5'000'000, 'x')).status == 413);
  const auto chunked = served.client().send("POST /api/search HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                            "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, ' ') + "\r\n0\r\n\r\n");
  REQUIRE(chunked.status == 413);
}

TEST_CASE("where tokens are needed, an upload without a good one is refused before its body") {
  gateway::GatewayOptions options;
  options.auth_required = true;
  Served served{options};
  std::string may_upload, may_read;
  served.session().write([&](store::Session& session) {
    const auto anna = store::account_named(session, "anna", kNow).id;
    may_upload = store::make_token(session, anna, "camera", "upload read", kNow);
    may_read = store::make_token(session, anna, "viewer", "read", kNow);
  });
  const auto create = [&](const std::string& headers) {
    return served.client().post("/api/upload_sets", "application/json", R"({"title":"t"})", headers).status;
  };
  REQUIRE(create("") == 401);
  REQUIRE(create("Authorization: Bearer wrong\r\n") == 401);
  REQUIRE(create("Authorization: Basic abc\r\n") == 401);
  REQUIRE(create("Authorization: Bearer " + may_read + "\r\n") == 403);
  REQUIRE(create("Authorization: Bearer " + may_upload + "\r\n") == 200);
  REQUIRE(served.client().get("/api/users/me", "Authorization: Bearer " + may_upload + "\r\n").json()["name"] == "anna");
  REQUIRE(served.client().get("/api/users/me").status == 302);
}

TEST_CASE("a client that waits for 100 Continue gets it") {
  Served served;
  const auto answer = served.client().post("/api/upload_sets", "application/json", R"({"title":"t"})", "Expect: 100-continue\r\n");
  REQUIRE(answer.status == 100);
  REQUIRE(answer.body.starts_with("HTTP/1.1 200"));
}

TEST_CASE("several requests go over one connection, and HEAD has no body") {
  Served served;
  const auto answers = served.client().send("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  REQUIRE(answers.header("Content-Length") == "6");
  REQUIRE(answers.body.starts_with("HTTP/1.1 200"));
  REQUIRE(answers.body.ends_with("\r\n\r\nalive\n"));
}

TEST_CASE("a stopped server takes no more connections") {
  Served served;
  REQUIRE(served.client().get("/healthz").status == 200);
  served.stop();
  REQUIRE_THROWS(served.client().get("/healthz"));
}
