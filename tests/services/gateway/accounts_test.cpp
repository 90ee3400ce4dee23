// Tokens, logins and claims, over HTTP.

#include "services/identity/device_key.hpp"
#include "services/store/accounts.hpp"
#include "services/store/devices.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/people.hpp"

using namespace cairn;
using namespace cairn::testing;

TEST_CASE("a program's token can be used when its holder has claimed it in a browser, and not before") {
  Served served{where_tokens_are_needed()};
  const auto client = served.client();
  const auto made = client.post("/api/auth/tokens/generate?description=phone", "", "").json();
  const auto bearer = "Authorization: Bearer " + made["jwt_token"].get<std::string>() + "\r\n";
  REQUIRE(client.get("/api/users/me", bearer).status == 403);

  const auto claim = "/api/auth/tokens/" + made["id"].get<std::string>() + "/claim";
  const auto sent_away = client.get(claim);
  REQUIRE(sent_away.status == 302);
  REQUIRE(sent_away.header("Location") == "/api/auth/login?next_url=http%3A%2F%2Fcairn.test%2Fapi%2Fauth%2Ftokens%2F" + made["id"].get<std::string>() + "%2Fclaim");

  const auto anna = logged_in(served, "anna");
  REQUIRE(client.get(claim, anna).body.find("phone") != std::string::npos);
  REQUIRE(client.get("/api/users/me", bearer).status == 403);
  REQUIRE(client.post(claim, kForm, "", anna + kOurOrigin).status == 200);
  REQUIRE(client.get("/api/users/me", bearer).json()["name"] == "anna");
  REQUIRE(client.post(claim, kForm, "", logged_in(served, "bob") + kOurOrigin).status == 409);
}

TEST_CASE("a page of another site can neither claim, log in nor act with the cookie") {
  Served served{where_tokens_are_needed()};
  const auto client = served.client();
  const auto anna = logged_in(served, "anna");
  const auto claim = client.post("/api/auth/tokens/generate", "", "").json()["links"][0]["href"].get<std::string>().substr(std::string{"http://cairn.test"}.size());
  for (const std::string origin : {"Origin: https://evil.example\r\n", "Origin: null\r\n", "Origin: http://cairn.test.evil.example\r\n", ""}) {
    REQUIRE(client.post(claim, kForm, "", anna + origin).status == 302);
    REQUIRE(client.post("/api/upload_sets", "application/json", R"({"title":"t"})", anna + origin).status == 401);
    REQUIRE(client.post("/api/auth/login", kForm, "name=anna&password=correct+horse+anna", origin).status == 403);
  }
  REQUIRE(client.get("/api/users/me", anna + "Origin: https://evil.example\r\n").status == 302);
  REQUIRE(client.post("/api/upload_sets", "application/json", R"({"title":"t"})", anna + kOurOrigin).status == 200);
}

TEST_CASE("the session cookie is out of reach of scripts and other sites, and dies with the logout") {
  Served served{where_tokens_are_needed()};
  const auto client = served.client();
  add_person(served, "anna");
  const auto answer = client.post("/api/auth/login", kForm, "name=anna&password=correct+horse+anna&next_url=%2Fapi%2Fusers%2Fme", kOurOrigin);
  REQUIRE(answer.status == 303);
  REQUIRE(answer.header("Location") == "/api/users/me");
  const auto cookie = answer.header("Set-Cookie");
  REQUIRE_THAT(cookie, ContainsText("; HttpOnly; SameSite=Lax"));
  REQUIRE_THAT(cookie, !ContainsText("Secure"));
  const auto anna = "Cookie: other=1; " + cookie.substr(0, cookie.find(';')) + "\r\n";
  REQUIRE(client.get("/api/users/me", anna).json()["name"] == "anna");
  REQUIRE(client.get("/api/users/me", anna).header("Cache-Control") == "private");
  REQUIRE(client.get("/api/auth/logout", anna).status == 202);
  REQUIRE(client.get("/api/users/me", anna).status == 302);
}

TEST_CASE("behind TLS the cookie is sent over TLS only") {
  auto options = where_tokens_are_needed();
  options.base_url = "https://maps.example";
  Served served{options};
  add_person(served, "anna");
  const auto answer = served.client().post("/api/auth/login", kForm, "name=anna&password=correct+horse+anna", "Origin: https://maps.example\r\n");
  REQUIRE_THAT(answer.header("Set-Cookie"), ContainsText("; Secure"));
}

TEST_CASE("the login leads to places of this server only") {
  Served served{where_tokens_are_needed()};
  add_person(served, "anna");
  for (const std::string place : {"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http://cairn.test.evil.example/x", "/%0d%0aSet-Cookie:x"}) {
    const auto answer = served.client().post("/api/auth/login", kForm, "name=anna&password=correct+horse+anna&next_url=" + place, kOurOrigin);
    REQUIRE(answer.header("Location") == "/api/account");
  }
  REQUIRE_THAT(served.client().get("/api/auth/login?next_url=/x%22%3E%3Cscript%3E").body, !ContainsText("<script>"));
}

TEST_CASE("a wrong password and an unknown name get the same answer, after five wrong ones the right one waits") {
  Served served{where_tokens_are_needed()};
  add_person(served, "anna");
  const auto tried = [&](const std::string& name, const std::string& password) {
    return served.client().post("/api/auth/login", kForm, "name=" + name + "&password=" + password, kOurOrigin);
  };
  REQUIRE(tried("nobody", "x").status == 401);
  for (int i = 0; i < 5; ++i) REQUIRE(tried("anna", "wrong").status == 401);
  const auto waiting = tried("anna", "correct+horse+anna");
  REQUIRE(waiting.status == 429);
  REQUIRE(waiting.header("Retry-After") == "60");
}

TEST_CASE("anyone may make an account where the operator opened that, and nowhere else") {
  Served closed{where_tokens_are_needed()};
  REQUIRE(closed.client().post("/api/auth/register", kForm, "name=eve&password=0123456789", kOurOrigin).status == 403);

  auto options = where_tokens_are_needed();
  options.registration_is_open = true;
  Served open{options};
  const auto made = open.client().post("/api/auth/register", kForm, "name=eve&password=0123456789", kOurOrigin);
  REQUIRE(made.status == 303);
  const auto cookie = made.header("Set-Cookie");
  REQUIRE(open.client().get("/api/users/me", "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n").json()["permissions"]["role"] == "user");
  REQUIRE(open.client().post("/api/auth/register", kForm, "name=eve&password=0123456789", kOurOrigin).status == 409);
  REQUIRE(open.client().post("/api/auth/register", kForm, "name=adam&password=short", kOurOrigin).status == 400);
  REQUIRE(open.client().get("/api/configuration").json()["auth"]["registration_is_open"] == true);
}

TEST_CASE("an account lists, makes and revokes its tokens, and nobody else's") {
  Served served{where_tokens_are_needed()};
  const auto client = served.client();
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto bob = bearer_of(served, "bob", "upload read");
  const auto made = client.post("/api/users/me/tokens?description=camera", "", "", anna).json();
  REQUIRE(client.get("/api/users/me/tokens", anna).json().size() == 2);
  REQUIRE(client.get("/api/users/me/tokens", bob).json().size() == 1);

  const auto url = "/api/users/me/tokens/" + made["id"].get<std::string>();
  const auto camera = "Authorization: Bearer " + made["jwt_token"].get<std::string>() + "\r\n";
  REQUIRE(client.get("/api/users/me", camera).json()["name"] == "anna");
  REQUIRE(client.get(url, bob).status == 404);
  REQUIRE(remove(client, url, bob).status == 404);
  REQUIRE_FALSE(client.get(url, anna).json().contains("jwt_token"));
  REQUIRE(client.get(url, logged_in(served, "anna")).json()["jwt_token"] == made["jwt_token"]);
  REQUIRE(remove(client, url, anna).json()["message"] == "token revoked");
  REQUIRE(client.get("/api/users/me", camera).status == 403);
  REQUIRE(client.get("/api/users/me", camera).json()["details"]["error"] == "Token does not exist anymore");
}

TEST_CASE("nobody gives a token more than they have") {
  Served served{where_tokens_are_needed()};
  const auto client = served.client();
  const auto reader = bearer_of(served, "anna", "read");
  const auto create = [&](const std::string& scopes, const std::string& who) { return client.post("/api/users/me/tokens?scopes=" + scopes, "", "", who).status; };
  REQUIRE(create("read", reader) == 200);
  REQUIRE(create("upload%20read", reader) == 403);
  REQUIRE(create("admin", bearer_of(served, "anna", "upload read")) == 403);
  REQUIRE(create("everything", logged_in(served, "anna") + kOurOrigin) == 403);
  REQUIRE(create("admin", logged_in(served, "anna") + kOurOrigin) == 200);
}

TEST_CASE("the last use of a token is kept to the hour") {
  Served served{where_tokens_are_needed()};
  const auto anna = bearer_of(served, "anna", "read");
  REQUIRE(served.client().get("/api/users/me/tokens", anna).json()[0]["last_used_at"] == "2026-05-01T12:00:00.000000+00:00");
}

TEST_CASE("tokens that nobody claims can't fill the catalogue") {
  Served served{where_tokens_are_needed()};
  auto session = served.session();
  session.write([](store::Session& writer) {
    for (int i = 0; i < 10'000; ++i) {
      const auto id = Uuid::random().text();
      store::insert_token(writer, {id, {}, "", "upload", kNow, {}, {}, {}}, sha256_of(id));
    }
  });
  const auto refused = served.client().post("/api/auth/tokens/generate", "", "");
  REQUIRE(refused.status == 429);
  REQUIRE(refused.header("Retry-After") == "3600");
  REQUIRE(store::drop_unclaimed_tokens(session, kNow + std::chrono::hours{1}) == 0);
}

TEST_CASE("on loopback without tokens there is no login, and the local account may do all") {
  Served served;
  REQUIRE(served.client().get("/api/auth/login").status == 501);
  REQUIRE(served.client().get("/api/users/me").json()["name"] == "local");
  REQUIRE(served.client().get("/api/users/me").json()["permissions"]["role"] == "admin");
}

TEST_CASE("on loopback a page of another site may not act for the local account, nor read what is its own") {
  Served served;
  const std::string other = "Origin: https://evil.example\r\n";
  const auto client = served.client();
  const auto set = client.post("/api/upload_sets", "application/json", R"({"title": "t"})").json()["id"].get<std::string>();
  REQUIRE(client.get("/api/users/me", other).status != 200);
  REQUIRE(client.post("/api/upload_sets", "application/json", R"({"title": "t"})", other).status == 401);
  REQUIRE(client.request("DELETE", "/api/upload_sets/" + set, "", "", other).status == 401);
  REQUIRE(client.get("/api/collections", other).status == 200);
}

namespace {

std::array<std::byte, 32> seed_of_device(int number) {
  std::array<std::byte, 32> seed{};
  seed[0] = static_cast<std::byte>(number);
  return seed;
}

}  // namespace

TEST_CASE("a device is registered by who holds its key and for one account, and its manifests follow on each other") {
  Served served{where_tokens_are_needed()};
  const auto client = served.client();
  const auto anna = bearer_of(served, "anna", "upload read");
  const auto bob = bearer_of(served, "bob", "upload read");
  const auto seed = seed_of_device(1);
  const auto send = [&](const std::string& path, const std::string& body, const std::string& who) { return client.post(path, "application/json", body, who); };
  const auto proof = identity::sign_text(seed, R"({"account":")" + client.get("/api/users/me", anna).json()["id"].get<std::string>() + R"("})");
  const auto registration = nlohmann::json{{"name", "front"}, {"proof", proof}}.dump();
  REQUIRE(send("/api/devices", registration, bob).status == 400);
  for (const auto& wrong : {nlohmann::json(""), nlohmann::json(std::string(47, 'a')), nlohmann::json(std::string(48, 'x')), nlohmann::json(7), nlohmann::json(nullptr)}) {
    auto body = nlohmann::json::parse(registration);
    body["receiver_key"] = wrong;
    const auto answer = send("/api/devices", body.dump(), anna);
    REQUIRE(answer.status == 400);
    REQUIRE(answer.json()["message"].get<std::string>().find("48 hexadecimal digits") != std::string::npos);
  }
  auto with_receiver = nlohmann::json::parse(registration);
  with_receiver["receiver_key"] = std::string(48, 'a');
  const auto made = send("/api/devices", with_receiver.dump(), anna);
  REQUIRE(made.status == 201);
  REQUIRE(client.get("/api/devices", anna).json()["devices"][0]["receiver_key"] == std::string(48, 'a'));
  REQUIRE(send("/api/devices", registration, anna).status == 409);
  const auto did = made.json()["id"].get<std::string>();
  REQUIRE(did == identity::did_of(identity::public_key_of(seed)));

  REQUIRE(send("/api/devices/" + did + "/nonce", "", bob).status == 404);
  auto session = send("/api/devices/" + did + "/nonce", "", anna).json();
  nlohmann::json list{{"v", 1}, {"nonce", session["nonce"]}, {"counter", 1}, {"previous", ""}, {"files", nlohmann::json::array()}};
  list["files"].push_back({{"name", "a.jpg"}, {"size", 5}, {"sha256", sha256_of("hello").hex()}});
  const auto first = identity::sign_text(seed, list.dump());
  const auto url = "/api/devices/" + did + "/manifests";
  REQUIRE(send(url, first, bob).status == 404);
  REQUIRE(send(url, identity::sign_text(seed_of_device(2), list.dump()), anna).json()["details"]["error"] == "other_device");
  REQUIRE(send(url, first, anna).status == 201);
  REQUIRE(send(url, first, anna).status == 201);
  list["counter"] = 2;
  REQUIRE(send(url, identity::sign_text(seed, list.dump()), anna).json()["details"]["error"] == "wrong_previous");
  list["previous"] = sha256_of(first).hex();
  REQUIRE(send(url, identity::sign_text(seed, list.dump()), anna).status == 201);
  REQUIRE(send(url, first, anna).status == 409);

  REQUIRE(remove(client, "/api/devices/" + did, bob).status == 404);
  REQUIRE(remove(client, "/api/devices/" + did, anna).status == 204);
  REQUIRE(send("/api/devices/" + did + "/nonce", "", anna).status == 409);
  REQUIRE(client.get("/api/devices", anna).json()["devices"][0].contains("revoked_at"));
}
