#include "services/identity/device_key.hpp"
#include "services/identity/manifest.hpp"
#include "services/identity/text_forms.hpp"
#include "tests/catch.hpp"
#include "tests/noon.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace cairn;
using namespace cairn::identity;
using cairn::testing::kNoon;

namespace {


/// The private key of docs/devices.md: 0x00, 0x01, … 0x1f.
std::array<std::byte, 32> example_seed() {
  std::array<std::byte, 32> seed{};
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::byte>(i);
  return seed;
}

nlohmann::json list_of(std::int64_t counter, const std::string& previous) {
  return {{"v", 1},
          {"nonce", "n1"},
          {"counter", counter},
          {"previous", previous},
          {"files", nlohmann::json::array({{{"name", "a.jpg"}, {"size", 5}, {"sha256", sha256_of("hello").hex()}}})}};
}

std::string sign(const nlohmann::json& list) { return sign_text(example_seed(), list.dump()); }
Manifest read(const std::string& jws) { return std::get<Manifest>(read_manifest(jws)); }
ManifestFault fault(const std::string& jws) { return std::get<ManifestFault>(read_manifest(jws)); }

std::string documentation() {
  std::ifstream stream{CAIRN_SOURCE "/docs/devices.md"};
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the key and the signature are those of RFC 8032's first test") {
  const auto bytes = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
  std::array<std::byte, 32> seed{};
  std::copy(bytes->begin(), bytes->end(), seed.begin());
  const auto key = public_key_of(seed);
  REQUIRE(base64url_of(key.bytes) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  // Its signature of the empty text, in hex e5564300…655141438e7a100b.
  const auto signature = from_base64url("5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw");
  REQUIRE(is_signature(key, "", *signature));
  REQUIRE_FALSE(is_signature(key, "x", *signature));
}

TEST_CASE("a device's name is its key as did:key writes it, and there is one name per key") {
  const auto key = public_key_of(example_seed());
  const auto did = did_of(key);
  REQUIRE(did.starts_with("did:key:z6Mk"));
  REQUIRE(key_from_did(did) == key);
  for (const auto& wrong : {std::string{}, std::string{"did:key:z"}, did + "1", did.substr(0, did.size() - 1), "did:web:" + did.substr(8), "did:key:" + did.substr(9)}) {
    REQUIRE_FALSE(key_from_did(wrong));
  }
}

TEST_CASE("the example in the documentation for makers is one that we take") {
  const auto text = documentation();
  const auto jws = sign_text(example_seed(), R"({"v":1,"nonce":"2f0c1b1e-9a39-4a3f-8f0e-6a1d5f7c1c52","counter":1,"previous":"","files":[{"name":"0001.jpg","size":5,"sha256":")" +
                                                 sha256_of("hello").hex() + R"("}]})");
  INFO(jws);
  REQUIRE_THAT(text, ContainsText(did_of(public_key_of(example_seed()))));
  REQUIRE_THAT(text, ContainsText(jws));
  REQUIRE_THAT(text, ContainsText(sha256_of(jws).hex()));
  REQUIRE(read(jws).files.at(0).content == sha256_of("hello"));
}

TEST_CASE("a manifest of which any character was changed is refused") {
  const auto jws = sign(list_of(1, ""));
  REQUIRE(read(jws).did == did_of(public_key_of(example_seed())));
  for (std::size_t i = 0; i < jws.size(); ++i) {
    auto changed = jws;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    REQUIRE(std::holds_alternative<ManifestFault>(read_manifest(changed)));
  }
}

TEST_CASE("signed nonsense is refused") {
  REQUIRE(fault("") == ManifestFault::unsigned_);
  REQUIRE(fault("a.b.c") == ManifestFault::unsigned_);
  REQUIRE(fault(sign_text(example_seed(), "no JSON")) == ManifestFault::malformed);
  REQUIRE(fault(sign_text(example_seed(), std::string(10'000, '['))) == ManifestFault::malformed);
  const auto with = [](const char* name, const nlohmann::json& value) {
    auto list = list_of(1, "");
    list[name] = value;
    return sign(list);
  };
  REQUIRE(fault(with("v", 2)) == ManifestFault::malformed);
  REQUIRE(fault(with("counter", -1)) == ManifestFault::malformed);
  REQUIRE(fault(with("counter", 1.5)) == ManifestFault::malformed);
  REQUIRE(fault(with("previous", "zz")) == ManifestFault::malformed);
  REQUIRE(fault(with("files", 3)) == ManifestFault::malformed);
  REQUIRE(fault(with("files", nlohmann::json::array({{{"name", ""}, {"size", 1}, {"sha256", sha256_of("").hex()}}}))) == ManifestFault::malformed);
  const nlohmann::json file{{"name", "a"}, {"size", 1}, {"sha256", sha256_of("").hex()}};
  REQUIRE(fault(with("files", nlohmann::json(5001, file))) == ManifestFault::too_many_files);
}

TEST_CASE("a manifest must carry the session's nonce, the next counter and the hash of the one before") {
  const auto first = read(sign(list_of(1, "")));
  const auto second = read(sign(list_of(2, first.hash)));
  const auto found = [](const Manifest& manifest, const DeviceState& state, UtcTime at) {
    const auto order = check_order(manifest, state, at);
    return std::holds_alternative<ManifestFault>(order) ? std::optional{std::get<ManifestFault>(order)} : std::nullopt;
  };
  const DeviceState fresh{first.did, "n1", kNoon + std::chrono::hours{1}, 0, ""};
  const DeviceState later{first.did, "n1", kNoon + std::chrono::hours{1}, 1, first.hash};
  REQUIRE_FALSE(found(first, fresh, kNoon));
  REQUIRE_FALSE(found(second, later, kNoon));
  REQUIRE(found(second, fresh, kNoon) == ManifestFault::wrong_counter);
  REQUIRE(found(first, later, kNoon) == ManifestFault::wrong_counter);
  REQUIRE(found(read(sign(list_of(2, sha256_of("other").hex()))), later, kNoon) == ManifestFault::wrong_previous);
  REQUIRE(found(first, {first.did, "n2", kNoon + std::chrono::hours{1}, 0, ""}, kNoon) == ManifestFault::stale_nonce);
  REQUIRE(found(first, {first.did, "", kNoon + std::chrono::hours{1}, 0, ""}, kNoon) == ManifestFault::stale_nonce);
  REQUIRE(found(first, fresh, kNoon + std::chrono::hours{1}) == ManifestFault::stale_nonce);
  REQUIRE(found(first, {"did:key:zOther", "n1", kNoon + std::chrono::hours{1}, 0, ""}, kNoon) == ManifestFault::other_device);
}
