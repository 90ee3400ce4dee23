// Too many connections, too slow, too large: by real processes.

#include "tests/catch.hpp"
#include "tests/scenario/gateway_process.hpp"

#include <sys/resource.h>

#include <chrono>
#include <iostream>
#include <memory>

using namespace cairn;
using namespace cairn::testing;
using namespace std::chrono_literals;

namespace {

/// How many descriptors this test may open.
std::size_t descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

/// What a connection from that address hears; empty when it is closed at once.
std::string answer_from(std::uint16_t port, const std::string& source) {
  try {
    return Sending{port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", source}.rest(5s);
  } catch (const std::runtime_error&) {
    return {};
  }
}

}  // namespace

TEST_CASE("ten thousand idle connections take little memory and nobody's place, one address takes no more than its share") {
  const std::size_t addresses = 50;
  if (const auto room = descriptors(); room < addresses * 200 + 200) {
    std::cout << "skipped: this user may open " << room << " files, and 10,200 are needed (ulimit -Hn)\n";
    return;
  }
  GatewayProcess gateway{{"--http-connections", "4096", "--http-connections-per-address", "200"}};
  REQUIRE(gateway.client().get("/healthz").status == 200);
  const auto before = gateway.memory_mib();
  std::vector<std::unique_ptr<Sending>> idle;
  for (std::size_t a = 0; a < addresses; ++a) {
    for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Sending>(gateway.port(), "", "127.0.1." + std::to_string(a + 1)));
    REQUIRE(gateway.client().get("/tiles/map/0/0/0.mvt").status == 204);
  }
  const auto with_all = gateway.memory_mib();
  std::cout << idle.size() << " idle connections: " << before << " -> " << with_all << " MiB\n";
  REQUIRE(with_all - before < 64);
  REQUIRE(answer_from(gateway.port(), "127.0.1." + std::to_string(addresses)).empty());
  idle.clear();
  for (int i = 0; i < 100; ++i) REQUIRE(gateway.client().get("/healthz").status == 200);
}

TEST_CASE("headers without an end, bodies that stall, headers of a megabyte, bodies of a gigabyte and two lengths are refused, tiles are served meanwhile") {
  GatewayProcess gateway;
  const auto id = gateway.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>();
  Sending slow_header{gateway.port(), "GET /healthz HTTP/1.1\r\nHost: a\r\n"};
  Sending slow_body{gateway.port(), "POST /api/upload_sets/" + id + "/files HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 3000000\r\n\r\n--cut\r\n"};
  REQUIRE(gateway.client().send("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n").status == 431);
  REQUIRE(gateway.client().send("POST /api/search HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status == 400);
  REQUIRE(gateway.client().send("POST /api/search HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n").status == 413);
  for (int i = 0; i < 50; ++i) REQUIRE(gateway.client().get("/tiles/map/0/0/0.mvt").status == 204);
  REQUIRE(slow_header.rest(40s).starts_with("HTTP/1.1 408"));
  REQUIRE(slow_body.rest(40s).starts_with("HTTP/1.1 408"));
}
