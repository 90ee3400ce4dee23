// Every route, with every kind of token.

#include "services/gateway/endpoints.hpp"
#include "services/identity/jwt.hpp"
#include "services/identity/text_forms.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/people.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>

using namespace cairn;
using namespace cairn::testing;
using gateway::Needs;

namespace {

std::string bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

/// "/api/upload_sets/{id}/files" with an id that nothing has.
std::string filled_in(std::string_view pattern) {
  std::string path;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      path += pattern[i];
      continue;
    }
    i = pattern.find('}', i);
    path += Uuid{}.text();
  }
  return path;
}

int status_of(const Served& served, const gateway::Route& route, const std::string& headers) {
  return served.client()
      .send(std::string{gateway::name_of(route.method)} + " " + filled_in(route.pattern) + " HTTP/1.1\r\nHost: cairn.test\r\nConnection: close\r\nContent-Length: 0\r\n" + headers + "\r\n")
      .status;
}

bool is_turned_away(int status) { return status == 401 || status == 403 || status == 302; }

struct Tokens {
  std::string foreign = bearer(identity::signed_token({std::string(32, 'x')}, Uuid{}.text()));
  std::string unsigned_of_anna;  ///< {"alg":"none"} with a token of hers that would be good
  std::string expired, revoked, unclaimed, upload, read, admin, user_admin;

  explicit Tokens(const Served& served) {
    expired = bearer_of(served, "anna", "upload read admin", kNow);
    upload = bearer_of(served, "anna", "upload");
    read = bearer_of(served, "anna", "read");
    user_admin = bearer_of(served, "bob", "admin");
    add_person(served, "anna", true);
    admin = bearer_of(served, "anna", "admin");
    const auto made = [&] { return served.client().post("/api/auth/tokens/generate", "", "").json(); };
    const auto claimed = made()["id"].get<std::string>();
    const auto claims = nlohmann::json{{"iss", "geovisio"}, {"sub", claimed}}.dump();
    unsigned_of_anna = bearer(identity::base64url_of(bytes_of(R"({"alg":"none","typ":"JWT"})")) + "." + identity::base64url_of(bytes_of(claims)) + ".");
    unclaimed = bearer(made()["jwt_token"]);
    const auto taken = made();
    revoked = bearer(taken["jwt_token"]);
    served.session().write([&](store::Session& session) {
      for (const auto& id : {claimed, taken["id"].get<std::string>()}) store::claim_token(session, id, store::find_account_named(session, "anna")->id);
      store::revoke_token(session, taken["id"], kNow);
    });
  }
};

}  // namespace

TEST_CASE("a token that is none of ours, not signed, expired, revoked or unclaimed opens no route at all") {
  Served served{where_tokens_are_needed()};
  const Tokens tokens{served};
  for (const auto& route : gateway::all_routes()) {
    CAPTURE(gateway::name_of(route.method), route.pattern);
    REQUIRE(status_of(served, route, tokens.foreign) == 401);
    REQUIRE(status_of(served, route, tokens.unsigned_of_anna) == 401);
    REQUIRE(status_of(served, route, tokens.expired) == 401);
    REQUIRE(status_of(served, route, tokens.revoked) == 403);
    REQUIRE(status_of(served, route, tokens.unclaimed) == 403);
  }
}

TEST_CASE("each route opens to the scopes that it needs, and to no others") {
  Served served{where_tokens_are_needed()};
  const Tokens tokens{served};
  for (const auto& route : gateway::all_routes()) {
    CAPTURE(gateway::name_of(route.method), route.pattern);
    const bool reads = route.method == gateway::Method::get || route.method == gateway::Method::head;
    if (route.needs == Needs::nobody) continue;
    REQUIRE(status_of(served, route, "") == (route.needs == Needs::read && reads ? 302 : 401));
    REQUIRE((status_of(served, route, tokens.upload) == 403) == (route.needs != Needs::upload));
    REQUIRE((status_of(served, route, tokens.user_admin) == 403) == (route.needs == Needs::admin));
    if (route.needs != Needs::read) REQUIRE(status_of(served, route, tokens.read) == 403);
    REQUIRE_FALSE(is_turned_away(status_of(served, route, tokens.admin)));
  }
}

TEST_CASE("no password, token or cookie is written to the log or the disk") {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  const auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  logger->set_level(spdlog::level::trace);
  spdlog::set_default_logger(logger);
  std::vector<std::string> secrets{"correct horse anna", "correct+horse+anna", "wrong-guess"};
  {
    Served served{where_tokens_are_needed()};
    const auto client = served.client();
    add_person(served, "anna");
    client.post("/api/auth/login", kForm, "name=anna&password=wrong-guess", kOurOrigin);
    const auto cookie = client.post("/api/auth/login", kForm, "name=anna&password=correct+horse+anna", kOurOrigin).header("Set-Cookie");
    secrets.push_back(cookie.substr(14, 64));
    const auto anna = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
    const auto made = client.post("/api/auth/tokens/generate", "", "").json();
    secrets.push_back(made["jwt_token"]);
    client.post("/api/auth/tokens/" + made["id"].get<std::string>() + "/claim", kForm, "", anna + kOurOrigin);
    client.post("/api/upload_sets", "application/json", R"({"title":"t"})", bearer(made["jwt_token"]));
    const auto plain = bearer_of(served, "anna", "upload read");
    secrets.push_back(plain.substr(22, plain.size() - 24));
    client.get("/api/users/me", plain);
    client.get("/api/users/me?%zz", plain);
    client.get("/api/users/me", bearer("cairn_of_another_server"));
    secrets.push_back("cairn_of_another_server");
    client.get("/api/auth/logout", anna);
    for (const auto& entry : std::filesystem::recursive_directory_iterator{served.folder()}) {
      if (!entry.is_regular_file() || entry.path().filename() == "token-secret") continue;
      std::ifstream file{entry.path(), std::ios::binary};
      const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
      for (const auto& secret : secrets) {
        CAPTURE(entry.path(), secret);
        REQUIRE(bytes.find(secret) == std::string::npos);
      }
    }
  }
  spdlog::set_default_logger(before);
  REQUIRE_THAT(log.str(), ContainsText("a login failed"));
  for (const auto& secret : secrets) REQUIRE_THAT(log.str(), !ContainsText(secret));
}
