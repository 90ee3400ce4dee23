// The headers of tus 1.0 as values, without a server.

#include "core/base64.hpp"
#include "services/gateway/tus/checksum.hpp"
#include "services/gateway/tus/protocol.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::gateway;
using namespace cairn::gateway::tus;

namespace {

constexpr std::uint64_t kLargest = 1000;

Request with(Pairs headers, Method method = Method::post) {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  return request;
}

int status_of_creation(Pairs headers) {
  const auto asked = creation_from(with(std::move(headers)), kLargest);
  const auto* problem = std::get_if<Problem>(&asked);
  return problem ? problem->status : 201;
}

Creation creation(Pairs headers) { return std::get<Creation>(creation_from(with(std::move(headers)), kLargest)); }

int status_of_chunk(Pairs headers) {
  const auto asked = chunk_from(with(std::move(headers), Method::patch), kLargest);
  const auto* problem = std::get_if<Problem>(&asked);
  return problem ? problem->status : 204;
}

const std::string kType{kBytesType};
const std::string kPart = "http://cairn.test/files/0a7e804e-086e-49b0-ad8b-47977f16273b";

}  // namespace

TEST_CASE("a creation states its length, or that it comes later, but not both and not none") {
  REQUIRE(creation({{"upload-length", "12"}}).length == 12);
  REQUIRE_FALSE(creation({{"upload-defer-length", "1"}}).length);
  REQUIRE(creation({{"upload-length", "0"}}).length == 0);
  REQUIRE(status_of_creation({}) == 400);
  REQUIRE(status_of_creation({{"upload-length", "12"}, {"upload-defer-length", "1"}}) == 400);
  REQUIRE(status_of_creation({{"upload-defer-length", "2"}}) == 400);
  for (const char* length : {"-1", "1.5", "", " 1", "0x10", "99999999999999999999999"}) REQUIRE(status_of_creation({{"upload-length", length}}) == 400);
}

TEST_CASE("more than the largest upload is 413 before any byte") {
  REQUIRE(status_of_creation({{"upload-length", "1000"}}) == 201);
  REQUIRE(status_of_creation({{"upload-length", "1001"}}) == 413);
  REQUIRE(status_of_chunk({{"content-type", kType}, {"upload-offset", "0"}, {"upload-length", "1001"}}) == 413);
}

TEST_CASE("bytes that come with a creation have tus's own type and fit its length") {
  REQUIRE(creation({{"upload-length", "5"}, {"content-type", kType}, {"content-length", "5"}}).brings_bytes);
  REQUIRE(creation({{"upload-length", "5"}, {"content-type", kType}, {"transfer-encoding", "chunked"}}).brings_bytes);
  REQUIRE_FALSE(creation({{"upload-length", "5"}, {"content-length", "0"}}).brings_bytes);
  REQUIRE(status_of_creation({{"upload-length", "5"}, {"content-type", "text/plain"}, {"content-length", "5"}}) == 415);
  REQUIRE(status_of_creation({{"upload-length", "5"}, {"content-type", kType}, {"content-length", "6"}}) == 413);
}

TEST_CASE("metadata are keys with Base64 values, each key once") {
  const auto metadata = std::get<Pairs>(metadata_from("filename YS5qcGc=, is_private,empty "));
  REQUIRE(value_of(metadata, "filename") == "a.jpg");
  REQUIRE(value_of(metadata, "is_private") == "");
  REQUIRE(std::get<Pairs>(metadata_from("")).empty());
  for (const char* text : {"a YQ==,a YQ==", ",", "a !!!", "a YQ== YQ=="}) {
    CAPTURE(text);
    REQUIRE(std::get<Problem>(metadata_from(text)).status == 400);
  }
}

TEST_CASE("a final upload names its parts by address and has no length of its own") {
  const auto joined = creation({{"upload-concat", "final;" + kPart + " /files/47b7cd50-b7ff-4b0c-a48b-4d5ad0b3bcb7"}});
  REQUIRE(joined.piece == Piece::joined);
  REQUIRE(joined.parts.size() == 2);
  REQUIRE(creation({{"upload-concat", "partial"}, {"upload-length", "5"}}).piece == Piece::part);
  for (const auto& concat : {std::string{"final;"}, std::string{"final;/files/x"}, std::string{"whole"}}) REQUIRE(status_of_creation({{"upload-concat", concat}}) == 400);
  REQUIRE(status_of_creation({{"upload-concat", "final;" + kPart}, {"upload-length", "5"}}) == 400);
  std::string many = "final;";
  for (std::size_t i = 0; i <= kMostParts; ++i) many += kPart + " ";
  REQUIRE(status_of_creation({{"upload-concat", many}}) == 400);
}

TEST_CASE("a chunk has its type, its offset and, where it was left open, the length") {
  REQUIRE(status_of_chunk({{"content-type", kType}, {"upload-offset", "0"}}) == 204);
  REQUIRE(status_of_chunk({{"content-type", "application/json"}, {"upload-offset", "0"}}) == 415);
  REQUIRE(status_of_chunk({{"upload-offset", "0"}}) == 415);
  for (const char* offset : {"", "-1", "x"}) REQUIRE(status_of_chunk({{"content-type", kType}, {"upload-offset", offset}}) == 400);
}

TEST_CASE("where bytes belong is checked before they come") {
  const auto status = [](Chunk chunk, std::uint64_t offset, std::optional<std::uint64_t> length, std::optional<std::uint64_t> announced) {
    const auto problem = chunk_problem(chunk, offset, length, announced);
    return problem ? problem->status : 204;
  };
  REQUIRE(status({.offset = 5}, 5, 10, 5) == 204);
  REQUIRE(status({.offset = 4}, 5, 10, 5) == 409);
  REQUIRE(status({.offset = 6}, 5, 10, 4) == 409);
  REQUIRE(status({.offset = 5}, 5, 10, 6) == 413);
  REQUIRE(status({.offset = 5, .length = 10}, 5, std::nullopt, 5) == 204);
  REQUIRE(status({.offset = 5, .length = 10}, 5, std::nullopt, 6) == 413);
  REQUIRE(status({.offset = 5, .length = 4}, 5, std::nullopt, 0) == 400);
  REQUIRE(status({.offset = 5, .length = 11}, 5, 10, 5) == 400);
}

TEST_CASE("the digests of 'hello world' are those that the world knows") {
  const auto right = [](const std::string& header) {
    const auto checksum = std::get<Checksum>(checksum_from(header));
    ChecksumStream stream{checksum.algorithm};
    stream.add(bytes_of("hello "));
    stream.add(bytes_of("world"));
    return stream.finish() == checksum.digest;
  };
  REQUIRE(right("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="));  // the example of the tus specification
  REQUIRE(right("md5 XrY7u+Ae7tCTyyK7j1rNww=="));
  REQUIRE(right("sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="));
  for (const char* text : {"sha1", "crc32 AAAA", "sha1 XrY7u+Ae7tCTyyK7j1rNww==", "sha1 !", ""}) REQUIRE(std::holds_alternative<Problem>(checksum_from(text)));
}

TEST_CASE("a version that is not 1.0.0 is 412, a POST can mean another method") {
  REQUIRE_FALSE(version_problem(with({{"tus-resumable", "1.0.0"}})));
  REQUIRE(version_problem(with({{"tus-resumable", "0.2.2"}}))->status == 412);
  REQUIRE(version_problem(with({}))->status == 412);
  REQUIRE(meant_method(with({{"x-http-method-override", "PATCH"}})) == Method::patch);
  REQUIRE(meant_method(with({{"x-http-method-override", "GET"}})) == Method::post);
  REQUIRE(meant_method(with({{"x-http-method-override", "DELETE"}}, Method::get)) == Method::get);
}

TEST_CASE("any metadata comes back as it was") {
  testing::Random random{testing::seed_of_run()};
  for (int round = 0; round < 200; ++round) {
    Pairs metadata;
    std::string text;
    for (int i = 0; i < random.whole(0, 8); ++i) {
      std::string value(static_cast<std::size_t>(random.whole(0, 50)), '\0');
      for (auto& c : value) c = static_cast<char>(random.whole(0, 255));
      metadata.emplace_back("key" + std::to_string(i), value);
      text += (i == 0 ? "key" : ",key") + std::to_string(i) + " " + base64_of(bytes_of(value));
    }
    REQUIRE(std::get<Pairs>(metadata_from(text)) == metadata);
  }
}
