#include "services/gateway/http/quick_request.hpp"

#include "services/gateway/http/prepared_answer.hpp"
#include "services/gateway/http/tile_address.hpp"
#include "tests/catch.hpp"
#include "tests/random.hpp"

using namespace cairn;
using namespace cairn::gateway;

TEST_CASE("a plain request is read as views of its bytes, and what follows it is left") {
  const std::string bytes = "GET /tiles/map/1/0/0.mvt HTTP/1.1\r\nhost: a\r\nACCEPT-Encoding:  gzip \r\nIf-None-Match: \"a\"\r\n\r\nGET /next";
  const auto request = quick_request_from(bytes);
  REQUIRE(request);
  REQUIRE(request->target == "/tiles/map/1/0/0.mvt");
  REQUIRE(request->accept_encoding == "gzip");
  REQUIRE(request->if_none_match == "\"a\"");
  REQUIRE_FALSE(request->is_head);
  REQUIRE(bytes.substr(request->length) == "GET /next");
  REQUIRE(quick_request_from("HEAD / HTTP/1.1\r\n\r\n")->is_head);
}

TEST_CASE("whatever could make a request more than plain leaves it to the parser") {
  const auto with = [](const std::string& header) { return quick_request_from("GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n"); };
  REQUIRE(with("Accept: */*"));
  REQUIRE(with("Connection: Keep-Alive"));
  for (const std::string header : {"Content-Length: 4", "content-length: 0", "Transfer-Encoding: chunked", "Expect: 100-continue", "Upgrade: h2c", "Range: bytes=0-1", "If-Range: \"a\"",
                                   "Connection: close", "Connection: keep-alive, upgrade", "Accept-Encoding: gzip\r\nAccept-Encoding: br", "Authorization: a\r\nAuthorization: b",
                                   " folded", "\tfolded", "No colon", "Nocolon", "Bad name: x", ": x", "A: b\rc", "A: b\nc", "A\x01: b"}) {
    CAPTURE(header);
    REQUIRE_FALSE(with(header));
  }
  REQUIRE_FALSE(with("A: " + std::string(1, '\0')));
  for (const std::string line : {"POST / HTTP/1.1", "get / HTTP/1.1", "GET / HTTP/1.0", "GET / HTTP/2", "GET /", "GET  / HTTP/1.1", "GET a HTTP/1.1", "GET / HTTP/1.1 ", "GET http://a/ HTTP/1.1", "GET /a b HTTP/1.1", ""}) {
    CAPTURE(line);
    REQUIRE_FALSE(quick_request_from(line + "\r\nHost: a\r\n\r\n"));
  }
}

TEST_CASE("a header that isn't whole, or is very long, is no plain request") {
  const std::string whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) REQUIRE_FALSE(quick_request_from(whole.substr(0, size)));
  REQUIRE_FALSE(quick_request_from("GET / HTTP/1.1\r\nA: " + std::string(5000, 'x') + "\r\n\r\n"));
}

TEST_CASE("a target names a tile only in plain digits") {
  const auto address = tile_address_from("/tiles/map/14/8805/5373.mvt?v=1f");
  REQUIRE(address);
  REQUIRE(address->set == "tiles/map");
  REQUIRE(address->z == 14);
  REQUIRE(address->x == 8805);
  REQUIRE(address->y == 5373);
  REQUIRE(address->ending == "mvt");
  REQUIRE(address->version == "1f");
  REQUIRE(address->key.empty());
  REQUIRE(tile_address_from("/tiles/map/1/0/0.mvt?key=a&v=b")->key == "a");
  for (const std::string target : {"", "/", "/1/2/3.mvt", "/tiles/map/1/2/3", "/tiles/map/1/2/.mvt", "/tiles/map/1/2/-3.mvt", "/tiles/map/1/2/3.mvt?a=b", "/tiles/map/1/2/3.mvt?v=a&v=b", "/tiles/map/1/2/3.mvt?key=%61", "/tiles/map/1/2/3.mvt?v=a&b=c",
                                   "/tiles/m%61p/1/2/3.mvt", "/tiles/map/1/2/1234567890.mvt", "/tiles/map/1/2/3.mvt/", "tiles/map/1/2/3.mvt", "/tiles/map//2/3.mvt"}) {
    CAPTURE(target);
    REQUIRE_FALSE(tile_address_from(target));
  }
}

namespace {

SharedAnswer answer_of(std::size_t bytes) {
  Response response{200, "text/plain", {{"ETag", "\"" + std::to_string(bytes) + "\""}}, std::string(bytes, 'x')};
  return prepared_answer(std::move(response));
}

}  // namespace

TEST_CASE("a prepared answer holds its head, its ETag and its body") {
  const auto answer = answer_of(300);
  REQUIRE(answer->head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 300\r\nETag: \"300\"\r\n"));
  REQUIRE(answer->head.substr(answer->common_at).starts_with("ETag: "));
  REQUIRE(answer->etag() == "\"300\"");
  REQUIRE(size_of(answer->body) == 300);
}

TEST_CASE("the cache of answers keeps within its budget, and what was asked for last") {
  AnswerCache cache{1 << 20};
  const auto key = [](int i) { return AnswerCache::key_of(1, *TileId::from_zxy(20, i, 7), 0); };
  for (int i = 0; i < 3000; ++i) {
    cache.keep(key(i), answer_of(1000));
    cache.find(key(0));
    REQUIRE(cache.bytes() <= 1 << 20);
  }
  REQUIRE(cache.find(key(0)));
  REQUIRE(cache.find(key(2999)));
  REQUIRE_FALSE(cache.find(key(5)));
  cache.forget(key(0));
  REQUIRE_FALSE(cache.find(key(0)));
  cache.clear();
  REQUIRE(cache.bytes() == 0);
}

TEST_CASE("no two tiles, forms or sets share a key") {
  testing::Random random{testing::seed_of_run()};
  for (int round = 0; round < 10'000; ++round) {
    const auto tile = [&] {
      const auto zoom = random.whole(0, 26);
      return *TileId::from_zxy(zoom, random.whole(0, (std::int64_t{1} << zoom) - 1), random.whole(0, (std::int64_t{1} << zoom) - 1));
    };
    const auto a = tile(), b = tile();
    const auto form_a = static_cast<int>(random.whole(0, 3)), form_b = static_cast<int>(random.whole(0, 3));
    REQUIRE((AnswerCache::key_of(1, a, form_a) == AnswerCache::key_of(1, b, form_b)) == (a == b && form_a == form_b));
  }
}
