#include "services/identity/jwt.hpp"

#include "services/identity/server_secret.hpp"
#include "services/identity/text_forms.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"
#include "tests/services/scratch.hpp"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <fstream>
#include <thread>

using namespace cairn;
using identity::TokenFault;
using cairn::testing::kNoon;

namespace {

const identity::ServerSecret secret{"0123456789abcdef0123456789abcdef"};
const std::string id = "ef96593c-245c-4138-b3f7-6c8f3349e2b6";

std::string part(const nlohmann::json& json) { return identity::base64url_of(bytes_of(json.dump())); }

TokenFault fault_of(const std::string& token, const identity::ServerSecret& with = secret) {
  const auto found = identity::token_id_of(token, with, kNoon);
  return std::get<TokenFault>(found);
}

/// The token that another library would sign over these parts: ours is one such library, as the fixed token below shows.
std::string unsigned_token(const nlohmann::json& header, const nlohmann::json& claims) { return part(header) + "." + part(claims) + "."; }

}  // namespace

TEST_CASE("a signed token gives its id back, to the same secret only") {
  const auto token = identity::signed_token(secret, id);
  REQUIRE(std::get<std::string>(identity::token_id_of(token, secret, kNoon)) == id);
  REQUIRE(fault_of(token, {"another secret of 32 bytes and more"}) == TokenFault::wrong_signature);
}

TEST_CASE("a token that another program signed with HS256 is read") {
  // Python: hmac.new(key, b"<header>.<claims>", sha256), base64url without padding.
  const std::string token =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJnZW92aXNpbyIsInN1YiI6ImVmOTY1OTNjLTI0NWMtNDEzOC1iM2Y3LTZjOGYzMzQ5ZTJiNiJ9.Rnvl8bv2C1HBhaqJXAqgkGzELiNEZQC2GvHFXcYbPGE";
  REQUIRE(std::get<std::string>(identity::token_id_of(token, secret, kNoon)) == id);
}

TEST_CASE("a token without a signature is refused, whatever it calls its algorithm") {
  const nlohmann::json claims{{"iss", "geovisio"}, {"sub", id}};
  for (const char* algorithm : {"none", "None", "", "HS512", "RS256"}) {
    REQUIRE(fault_of(unsigned_token({{"alg", algorithm}}, claims)) == TokenFault::wrong_algorithm);
  }
  REQUIRE(fault_of(unsigned_token({{"typ", "JWT"}}, claims)) == TokenFault::wrong_algorithm);
  REQUIRE(fault_of(unsigned_token({{"alg", "HS256"}}, claims)) == TokenFault::wrong_signature);
}

TEST_CASE("a token of which any character was changed is refused") {
  const auto token = identity::signed_token(secret, id);
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    REQUIRE(std::holds_alternative<TokenFault>(identity::token_id_of(changed, secret, kNoon)));
  }
}

TEST_CASE("what is no token is refused") {
  for (const auto* text : {"", ".", "..", "abc", "zz", "a.b.c", "e30.e30.e30", "{}.{}.{}"}) {
    REQUIRE(std::holds_alternative<TokenFault>(identity::token_id_of(text, secret, kNoon)));
  }
  REQUIRE(fault_of(std::string(100'000, 'A')) == TokenFault::not_a_token);
  REQUIRE(fault_of(identity::base64url_of(bytes_of(std::string(1000, '['))) + ".e30.") == TokenFault::not_a_token);
}

TEST_CASE("tokens of other issuers and expired ones are refused, though the signature is right") {
  REQUIRE(fault_of("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJlbHNld2hlcmUiLCJzdWIiOiJlZjk2NTkzYy0yNDVjLTQxMzgtYjNmNy02YzhmMzM0OWUyYjYifQ.9f23mL59wrpPTZFdOf-fX61nWVuQ128uSQNsWpRh6Wk") == TokenFault::foreign);
  REQUIRE(fault_of("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJnZW92aXNpbyIsInN1YiI6ImVmOTY1OTNjLTI0NWMtNDEzOC1iM2Y3LTZjOGYzMzQ5ZTJiNiIsImV4cCI6MTc3NzYzNjgwMH0.pIBiovvAbx8V9cD_6PKazRRRMYH5GnIs5jM_SUegwWI") == TokenFault::expired);
  REQUIRE(fault_of("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJnZW92aXNpbyIsInN1YiI6ImVmOTY1OTNjLTI0NWMtNDEzOC1iM2Y3LTZjOGYzMzQ5ZTJiNiIsIm5iZiI6MTc3NzYzNjg2MH0.D00gfNjEv7TVdzvm8YGX2_mqFOA2pYx96BzPIzTF0tg") == TokenFault::expired);
  REQUIRE(fault_of("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJnZW92aXNpbyIsInN1YiI6ImVmOTY1OTNjLTI0NWMtNDEzOC1iM2Y3LTZjOGYzMzQ5ZTJiNiIsImV4cCI6InNvb24ifQ.j3KQ2z4EdPZYtcoakMuOK9LB_95x2e_tXlObRTLkZP8") == TokenFault::expired);
}

TEST_CASE("the server's secret is made once, is the same for all who ask at once, and is its owner's only") {
  testing::ScratchFolder scratch;
  const auto file = scratch.path() / "token-secret";
  std::vector<std::string> seen(8);
  {
    std::vector<std::jthread> threads;
    for (auto& one : seen) threads.emplace_back([&one, &file] { one = identity::server_secret(file).bytes; });
  }
  for (const auto& one : seen) REQUIRE(one == seen[0]);
  REQUIRE(seen[0].size() >= 32);
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  REQUIRE((status.st_mode & 0777) == 0600);
}

TEST_CASE("a secret that everybody can read, or that is too short, is refused with what to do") {
  testing::ScratchFolder scratch;
  const auto file = scratch.path() / "token-secret";
  std::ofstream{file} << std::string(40, 'x');
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  REQUIRE_THROWS_WITH(identity::server_secret(file), ContainsText("chmod 600"));
  std::ofstream{file} << "short";
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  REQUIRE_THROWS_WITH(identity::server_secret(file), ContainsText("fewer than 32 bytes"));
}
