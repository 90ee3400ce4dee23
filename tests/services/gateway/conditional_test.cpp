#include "services/gateway/http/conditional.hpp"

#include "tests/catch.hpp"

using namespace cairn;
using namespace cairn::gateway;

namespace {

Response ten_bytes() {
  Response response{200, "image/jpeg", {}, {}};
  response.body = std::string{"0123456789"};
  return response;
}

Request asking(Pairs headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

std::string body_of(const Response& response) { return std::get<std::string>(response.body); }

}  // namespace

TEST_CASE("If-None-Match names an ETag alone, in a list, weakly or by a star") {
  REQUIRE(names_etag("\"a\"", "\"a\""));
  REQUIRE(names_etag("\"b\", W/\"a\"", "\"a\""));
  REQUIRE(names_etag("*", "\"a\""));
  REQUIRE_FALSE(names_etag("\"b\"", "\"a\""));
  REQUIRE_FALSE(names_etag("", "\"a\""));
  REQUIRE_FALSE(names_etag(std::string(100'000, ','), "\"a\""));
}

TEST_CASE("a range is read as RFC 9110 says, what is malformed or manifold means everything") {
  REQUIRE(std::get<ByteRange>(range_from("bytes=0-3", 10)) == ByteRange{0, 4});
  REQUIRE(std::get<ByteRange>(range_from("bytes=4-", 10)) == ByteRange{4, 6});
  REQUIRE(std::get<ByteRange>(range_from("bytes=-3", 10)) == ByteRange{7, 3});
  REQUIRE(std::get<ByteRange>(range_from("bytes=-30", 10)) == ByteRange{0, 10});
  REQUIRE(std::get<ByteRange>(range_from("bytes=8-100", 10)) == ByteRange{8, 2});
  REQUIRE(std::holds_alternative<NoSuchRange>(range_from("bytes=10-", 10)));
  REQUIRE(std::holds_alternative<NoSuchRange>(range_from("bytes=-0", 10)));
  for (const char* odd : {"bytes=3-1", "bytes=0-1,3-4", "lines=0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-99999999999999999999"})
    REQUIRE(std::holds_alternative<WholeBody>(range_from(odd, 10)));
}

TEST_CASE("a known ETag is answered 304, without a body") {
  const auto response = conditional(asking({{"if-none-match", "\"x\""}}), ten_bytes(), "\"x\"");
  REQUIRE(response.status == 304);
  REQUIRE(size_of(response.body) == 0);
  REQUIRE(value_of(response.headers, "ETag") == "\"x\"");
}

TEST_CASE("a range is answered 206 with its place in the whole") {
  const auto response = conditional(asking({{"range", "bytes=2-4"}}), ten_bytes(), "\"x\"");
  REQUIRE(response.status == 206);
  REQUIRE(body_of(response) == "234");
  REQUIRE(value_of(response.headers, "Content-Range") == "bytes 2-4/10");
}

TEST_CASE("a range of another version gets the whole, one outside gets 416") {
  REQUIRE(conditional(asking({{"range", "bytes=2-4"}, {"if-range", "\"old\""}}), ten_bytes(), "\"x\"").status == 200);
  const auto refused = conditional(asking({{"range", "bytes=20-"}}), ten_bytes(), "\"x\"");
  REQUIRE(refused.status == 416);
  REQUIRE(value_of(refused.headers, "Content-Range") == "bytes */10");
}

TEST_CASE("gzip goes only to those who name it") {
  REQUIRE(takes_gzip(asking({{"accept-encoding", "gzip, deflate, br"}})));
  REQUIRE(takes_gzip(asking({{"accept-encoding", "br;q=1.0, gzip;q=0.5"}})));
  REQUIRE_FALSE(takes_gzip(asking({{"accept-encoding", "gzip;q=0"}})));
  REQUIRE_FALSE(takes_gzip(asking({{"accept-encoding", "gzip;q=0.000"}})));
  REQUIRE_FALSE(takes_gzip(asking({{"accept-encoding", "br, GZIP; Q=0"}})));
  REQUIRE(takes_gzip(asking({{"accept-encoding", "Gzip;Q=0.5"}})));
  REQUIRE_FALSE(takes_gzip(asking({{"accept-encoding", "*"}})));
  REQUIRE_FALSE(takes_gzip(asking({})));
}
