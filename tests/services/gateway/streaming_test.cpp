// What the server promises to a route that takes a stream.

#include "tests/catch.hpp"
#include "tests/services/gateway/served.hpp"

#include <future>

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::gateway;

namespace {

/// Where the sink of a test leaves what it saw; a route's functions are plain ones.
struct Seen {
  std::string bytes;
  std::promise<std::string> abandoned;
  int handled = 0;
} seen;

class Collector : public BodySink {
 public:
  std::optional<Response> add(ByteView bytes) override {
    seen.bytes.append(text_of(bytes));
    if (seen.bytes.ends_with("stop")) return error_response(460, "The checksum differs");
    if (seen.bytes.ends_with("full")) throw std::system_error{std::make_error_code(std::errc::no_space_on_device)};
    return std::nullopt;
  }
  void abandon(Context& context) override { seen.abandoned.set_value(context.caller ? seen.bytes : "nobody"); }
};

std::variant<std::unique_ptr<BodySink>, Response> open(Request& request, Context&) {
  if (request.header("x-refuse")) return error_response(409, "The offset differs");
  return std::make_unique<Collector>();
}

Response handle(Request& request, Context&) {
  ++seen.handled;
  REQUIRE(request.sink);
  return json_response(201, {{"size", seen.bytes.size()}});
}

struct StreamServed : Served {
  explicit StreamServed(GatewayOptions options = {}) : Served{std::move(options), {{Method::patch, "/stream", handle, Takes::stream, Needs::upload, open}}} { seen = {}; }
  Answer patch(const std::string& headers_and_body) const { return client().send("PATCH /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers_and_body); }
};

}  // namespace

TEST_CASE("a stream is whole when its handler runs, with a length or in chunks") {
  StreamServed served;
  REQUIRE(served.patch("Content-Length: 5\r\n\r\nhello").json()["size"] == 5);
  const std::string large(200'000, 'x');
  seen = {};
  REQUIRE(served.patch("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n30d40\r\n" + large + "\r\n0\r\n\r\n").json()["size"] == 200'005);
  REQUIRE(seen.bytes == "hello" + large);
}

TEST_CASE("a route refuses a stream before any of its body is read") {
  StreamServed served;
  const auto answer = served.patch("X-Refuse: 1\r\nExpect: 100-continue\r\nContent-Length: 3000000000\r\n\r\n");
  REQUIRE(answer.status == 409);
  REQUIRE(seen.bytes.empty());
  REQUIRE(seen.handled == 0);
}

TEST_CASE("a sink ends the request with its own answer, and is told") {
  StreamServed served;
  REQUIRE(served.patch("Content-Length: 4\r\n\r\nstop").status == 460);
  REQUIRE(seen.abandoned.get_future().get() == "stop");
  REQUIRE(seen.handled == 0);
}

TEST_CASE("a full disk is answered 507 with Retry-After") {
  StreamServed served;
  const auto answer = served.patch("Content-Length: 4\r\n\r\nfull");
  REQUIRE(answer.status == 507);
  REQUIRE(answer.header("Retry-After") == "60");
}

TEST_CASE("when the client breaks off, the sink has every byte that came and may keep them") {
  GatewayOptions options;
  options.limits.stall_time = std::chrono::seconds{1};
  StreamServed served{options};
  const std::string part(100'000, 'x');
  REQUIRE(served.patch("Content-Length: 200000\r\n\r\n" + part).status == 408);
  REQUIRE(seen.abandoned.get_future().get() == part);
  REQUIRE(seen.handled == 0);
}

TEST_CASE("a stream above the limit is answered 413, whether or not it says its length") {
  GatewayOptions options;
  options.limits.upload.largest_file = 1000;
  StreamServed served{options};
  REQUIRE(served.patch("Expect: 100-continue\r\nContent-Length: 3000000\r\n\r\n").status == 413);
  REQUIRE(seen.abandoned.get_future().get().empty());
  seen = {};
  REQUIRE(served.patch("Transfer-Encoding: chunked\r\n\r\n200000\r\n" + std::string(0x200000, 'x') + "\r\n0\r\n\r\n").status == 413);
}
