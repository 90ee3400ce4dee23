// Limits that answer before a body is read.

#include "services/gateway/housekeeping.hpp"
#include "services/store/accounts.hpp"
#include "services/store/jobs.hpp"
#include "services/store/usage.hpp"
#include "tests/catch.hpp"
#include "tests/services/gateway/served.hpp"

using namespace cairn;
using namespace cairn::testing;

namespace {

gateway::GatewayOptions with_limits(const std::function<void(gateway::Limits&)>& change) {
  gateway::GatewayOptions options;
  options.trust_proxy = true;
  change(options.limits);
  return options;
}

struct Anna {
  AccountId account;
  std::string header;
};
Anna anna_of(const Served& served) {
  Anna anna;
  served.session().write([&](store::Session& session) {
    anna.account = store::account_named(session, "anna", kNow).id;
    anna.header = "Authorization: Bearer " + store::make_token(session, anna.account, "camera", "upload", kNow) + "\r\n";
  });
  return anna;
}

/// Announces a body that it never sends: only an answer before the body comes in time.
Answer announce(const Served& served, std::int64_t size, const std::string& headers, const std::string& set = UploadSetId::random().text()) {
  return served.client().send("POST /api/upload_sets/" + set + "/files HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" +
                              "Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: " + std::to_string(size) + "\r\n" + headers + "\r\n");
}

}  // namespace

TEST_CASE("a file for a set that isn't there, or is another's, is refused before its body") {
  Served served;
  REQUIRE(announce(served, 3'000'000'000, "").status == 404);
  const auto id = served.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>();
  REQUIRE(announce(served, 3'000'000'000, anna_of(served).header, id).status == 403);
}

TEST_CASE("an address that asks too often is answered 429 with the time to wait, others are not") {
  Served served{with_limits([](auto& limits) { limits.address_requests_per_s = 0.3; })};
  const std::string one = "X-Forwarded-For: 198.51.100.1, 203.0.113.7\r\n", other = "X-Forwarded-For: 203.0.113.8\r\n";
  for (int i = 0; i < 3; ++i) REQUIRE(served.client().get("/healthz", one).status == 200);
  const auto refused = served.client().get("/healthz", one);
  REQUIRE(refused.status == 429);
  REQUIRE(std::stoi(refused.header("Retry-After")) >= 3);
  REQUIRE(served.client().get("/healthz", other).status == 200);
  REQUIRE(served.client().get("/healthz").status == 200);
}

TEST_CASE("an address in X-Forwarded-For counts only where the ingress is trusted") {
  auto options = with_limits([](auto& limits) { limits.address_requests_per_s = 0.1; });
  options.trust_proxy = false;
  Served served{options};
  for (int i = 0; i < 5; ++i) REQUIRE(served.client().get("/healthz", "X-Forwarded-For: 203.0.113.7\r\n").status == 200);
}

TEST_CASE("an account that uploads too often is answered 429 before the body") {
  Served served{with_limits([](auto& limits) { limits.account_uploads_per_s = 0.1; })};
  const auto anna = anna_of(served);
  REQUIRE(announce(served, 1000, anna.header).status == 404);
  const auto refused = announce(served, 1000, anna.header);
  REQUIRE(refused.status == 429);
  REQUIRE(std::stoi(refused.header("Retry-After")) >= 9);
}

TEST_CASE("a day's quota of bytes and of files is answered 429 until midnight, before the body") {
  Served served{with_limits([](auto& limits) {
    limits.account_bytes_per_day = 1'000'000;
    limits.account_files_per_day = 10;
  })};
  const auto anna = anna_of(served);
  const auto use = [&](std::int64_t day, store::Use more) { served.session().write([&](store::Session& s) { store::add_use(s, anna.account, day, more); }); };
  const auto today = store::day_of(kNow);
  use(today - 1, {1000, 100'000'000});
  use(today, {4, 600'000});
  REQUIRE(announce(served, 300'000, anna.header).status == 404);
  const auto refused = announce(served, 500'000, anna.header);
  REQUIRE(refused.status == 429);
  REQUIRE(refused.header("Retry-After") == std::to_string(12 * 3600));
  REQUIRE(announce(served, std::numeric_limits<std::int64_t>::max(), anna.header).status >= 400);
  use(today, {6, 0});
  REQUIRE(announce(served, 1, anna.header).status == 429);
}

TEST_CASE("what brings no file is refused for no quota and no full disk") {
  Served served{with_limits([](auto& limits) {
    limits.account_files_per_day = 1;
    limits.disk_floor = ~std::uint64_t{0};
  })};
  const auto anna = anna_of(served);
  served.session().write([&](store::Session& s) { store::add_use(s, anna.account, store::day_of(kNow), {5, 0}); });
  const auto set = served.client().post("/api/upload_sets", "application/json", R"({"title": "t"})", anna.header);
  REQUIRE(set.status == 200);
  REQUIRE(served.client().post("/api/upload_sets/" + set.json()["id"].get<std::string>() + "/complete", "", "", anna.header).status == 200);
}

TEST_CASE("what was received is counted for its sender and day") {
  Served served;
  const auto set = served.client().post_json("/api/upload_sets", {{"title", "t"}}).json();
  served.client().post_file("/api/upload_sets/" + set["id"].get<std::string>() + "/files", "a.txt", std::string(1234, 'x'));
  auto session = served.session();
  const auto account = *AccountId::parse(set["account_id"].get<std::string>());
  const auto use = store::use_of(session, account, store::day_of(kNow));
  REQUIRE(use.files == 1);
  REQUIRE(use.bytes == 1234);
}

TEST_CASE("a disk below its floor is answered 507, too much waiting 429, each with a time and before the body") {
  Served full{with_limits([](auto& limits) { limits.disk_floor = ~std::uint64_t{0}; })};
  const auto refused = announce(full, 1000, "");
  REQUIRE(refused.status == 507);
  REQUIRE(refused.header("Retry-After") == "300");

  Served busy{with_limits([](auto& limits) { limits.waiting_files = 2; })};
  busy.session().write([&](store::Session& session) {
    for (int i = 0; i < 3; ++i) store::enqueue(session, {.stage = store::Stage::decode, .key = std::to_string(i), .tenant = "t", .now = kNow});
  });
  REQUIRE(announce(busy, 1000, "").status == 429);
}

TEST_CASE("an orphaned blob is swept after its grace, a blob with a row never") {
  Served served;
  const auto id = served.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>();
  served.client().post_file("/api/upload_sets/" + id + "/files", "a.txt", "has a row");
  const auto orphan = served.blobs().put(store::Namespace::private_, bytes_of("has none"));
  auto session = served.session();
  REQUIRE(gateway::sweep_orphaned_blobs(session, served.blobs(), std::chrono::hours{1}) == 0);
  REQUIRE(served.blobs().has(store::Namespace::private_, orphan));
  REQUIRE(gateway::sweep_orphaned_blobs(session, served.blobs(), std::chrono::seconds{-1}) == 1);
  REQUIRE(!served.blobs().has(store::Namespace::private_, orphan));
  REQUIRE(served.blobs().has(store::Namespace::private_, sha256_of(bytes_of("has a row"))));
}

TEST_CASE("as many uploads as there are places are read at once, the next is told to wait, and other requests are not") {
  Served served{with_limits([](auto& limits) { limits.streams = 0; })};
  const auto refused = announce(served, 1000, "");
  REQUIRE(refused.status == 429);
  REQUIRE(refused.header("Retry-After") == "2");
  REQUIRE(served.client().get("/healthz").status == 200);
}

TEST_CASE("when all places are taken, the connection that is idle for longest makes room") {
  Served served{with_limits([](auto& limits) { limits.connections = 5; })};
  std::vector<std::unique_ptr<Sending>> idle;
  for (int i = 0; i < 40; ++i) idle.push_back(std::make_unique<Sending>(served.client().port(), i % 2 ? "" : "GET /healthz HT"));
  for (int i = 0; i < 5; ++i) REQUIRE(served.client().get("/healthz").status == 200);
}
