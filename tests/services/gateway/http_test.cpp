#include "services/gateway/http/http.hpp"

#include "services/gateway/metrics.hpp"
#include "services/gateway/receive/content_hash.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

using namespace cairn;
using namespace cairn::gateway;

TEST_CASE("percent escapes are decoded, broken ones and NUL refused") {
  REQUIRE(percent_decoded("a%20b+c", true) == "a b c");
  REQUIRE(percent_decoded("a+b", false) == "a+b");
  REQUIRE_FALSE(percent_decoded("%", false));
  REQUIRE_FALSE(percent_decoded("%4", false));
  REQUIRE_FALSE(percent_decoded("%zz", false));
  REQUIRE_FALSE(percent_decoded("a%00", false));
  REQUIRE(percent_decoded(percent_encoded("ä /?&=%"), false) == "ä /?&=%");
}

TEST_CASE("a query becomes pairs") {
  REQUIRE(query_from("a=1&b=x%26y&c&&d=") == Pairs{{"a", "1"}, {"b", "x&y"}, {"c", ""}, {"d", ""}});
  REQUIRE(query_from("")->empty());
  REQUIRE_FALSE(query_from("a=%f"));
}

TEST_CASE("plain text is UTF-8 without control characters and direction overrides") {
  REQUIRE(is_plain_text("Straße 7 – 東京"));
  REQUIRE_FALSE(is_plain_text("a\nb"));
  REQUIRE_FALSE(is_plain_text("photo\xE2\x80\xAEgpj.exe"));  // U+202E
  REQUIRE_FALSE(is_plain_text("\xED\xA0\x80"));              // a lone surrogate
  REQUIRE_FALSE(is_plain_text("\xC0\xAF"));                  // overlong
  REQUIRE_FALSE(is_plain_text("\xFF"));
  REQUIRE_FALSE(is_plain_text("\xE2\x80"));
}

TEST_CASE("bytes that are no UTF-8 become replacement characters") {
  REQUIRE(as_utf8("a\xFF" "b") == "a\xEF\xBF\xBD" "b");
  REQUIRE(as_utf8("東京") == "東京");
}

TEST_CASE("a date in a header is in English and in GMT") {
  REQUIRE(http_date(*time_from_iso8601("2026-05-01T12:00:00.9Z")) == "Fri, 01 May 2026 12:00:00 GMT");
  REQUIRE(http_date(*time_from_iso8601("1994-11-06T08:49:37Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");  // the example of RFC 9110
}

TEST_CASE("an error that passes says when to come back") {
  const auto response = retry_response(503, "The server is busy", std::chrono::minutes{2});
  REQUIRE(response.status == 503);
  REQUIRE(value_of(response.headers, "Retry-After") == "120");
}

TEST_CASE("an error says what was wrong in the form that clients know") {
  const auto body = nlohmann::json::parse(std::get<std::string>(error_response(404, "There is no such thing").body));
  REQUIRE(body == nlohmann::json{{"message", "There is no such thing"}, {"status_code", 404}});
}

TEST_CASE("MD5 agrees with RFC 1321's test suite, SHA-256 with the one hashed alone, however the bytes are cut") {
  const auto names_of = [](std::string_view text, std::size_t piece) {
    ContentHash hash;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) hash.add(bytes_of(text.substr(0, piece)));
    return hash.finish();
  };
  REQUIRE(names_of("", 1).md5 == "d41d8cd98f00b204e9800998ecf8427e");
  REQUIRE(names_of("message digest", 1).md5 == "f96b697d7cb7938d525a2f31aaf161d0");
  const std::string long_text(1000, 'x');
  for (const std::size_t piece : {1, 63, 64, 65, 200, 1000}) {
    CHECK(names_of(long_text, piece).sha256 == sha256_of(long_text));
    CHECK(names_of(long_text, piece).md5 == names_of(long_text, 1).md5);
  }
}

TEST_CASE("metrics are counted by route and class, in Prometheus' text form") {
  Metrics metrics{{"GET /a"}};
  metrics.count_answer(0, 200, std::chrono::microseconds{1500});
  metrics.count_answer(0, 404, std::chrono::microseconds{20'000'000});
  metrics.count_answer(99, 404, std::chrono::microseconds{1});
  const auto text = metrics.text();
  const auto has = [&](const char* line) { return text.find(line) != std::string::npos; };
  REQUIRE(has("cairn_http_requests_total{route=\"GET /a\",class=\"2xx\"} 1\n"));
  REQUIRE(has("cairn_http_requests_total{route=\"none\",class=\"4xx\"} 1\n"));
  REQUIRE(has("cairn_http_request_seconds_bucket{route=\"GET /a\",le=\"0.001\"} 0\n"));
  REQUIRE(has("cairn_http_request_seconds_bucket{route=\"GET /a\",le=\"0.0025\"} 1\n"));
  REQUIRE(has("cairn_http_request_seconds_bucket{route=\"GET /a\",le=\"+Inf\"} 2\n"));
  REQUIRE(has("cairn_http_request_seconds_sum{route=\"GET /a\"} 20.0015\n"));
}
