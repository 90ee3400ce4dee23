// Too much at once, too slow, too large, and a disk that is full: by real processes.

#include "tests/catch.hpp"
#include "tests/scenario/gateway_process.hpp"
#include "tests/scenario/pictures.hpp"

#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

using namespace cairn;
using namespace cairn::testing;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

double memory_mib(pid_t pid) {
  std::ifstream stream{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

/// How many descriptors this test may open.
std::size_t descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

/// A file system of its own with so much room; nothing where this user may not mount.
class SmallDisk {
 public:
  SmallDisk(const fs::path& folder, const char* options) : folder_{folder} {
    fs::create_directories(folder);
    mounted_ = ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  fs::path folder_;
  bool mounted_ = false;
};

/// What a connection from that address hears; empty when it is closed at once.
std::string answer_from(std::uint16_t port, const std::string& source) {
  try {
    return Sending{port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", source}.rest(5s);
  } catch (const std::runtime_error&) {
    return {};
  }
}

std::string padded(std::string jpeg, std::size_t size) {
  jpeg.resize(size, 'x');
  return jpeg;
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
  const auto before = memory_mib(gateway.pid());
  std::vector<std::unique_ptr<Sending>> idle;
  for (std::size_t a = 0; a < addresses; ++a) {
    for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Sending>(gateway.port(), "", "127.0.1." + std::to_string(a + 1)));
    REQUIRE(gateway.client().get("/tiles/map/0/0/0.mvt").status == 204);
  }
  const auto with_all = memory_mib(gateway.pid());
  std::cout << idle.size() << " idle connections: " << before << " -> " << with_all << " MiB\n";
  REQUIRE(with_all - before < 64);
  REQUIRE(answer_from(gateway.port(), "127.0.1." + std::to_string(addresses)).empty());
  idle.clear();
  for (int i = 0; i < 100; ++i) REQUIRE(gateway.client().get("/healthz").status == 200);
}

TEST_CASE("headers without an end, bodies that stall, headers of a megabyte and two lengths are refused, tiles are served meanwhile") {
  GatewayProcess gateway;
  const auto id = gateway.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>();
  Sending slow_header{gateway.port(), "GET /healthz HTTP/1.1\r\nHost: a\r\n"};
  Sending slow_body{gateway.port(), "POST /api/upload_sets/" + id + "/files HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 3000000\r\n\r\n--cut\r\n"};
  REQUIRE(gateway.client().send("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n").status == 431);
  REQUIRE(gateway.client().send("POST /api/search HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status == 400);
  for (int i = 0; i < 50; ++i) REQUIRE(gateway.client().get("/tiles/map/0/0/0.mvt").status == 204);
  REQUIRE(slow_header.rest(40s).starts_with("HTTP/1.1 408"));
  REQUIRE(slow_body.rest(40s).starts_with("HTTP/1.1 408"));
}

TEST_CASE("under ten times the load the rest is told when to come back, what is accepted is kept, and all is well afterwards") {
  GatewayProcess gateway{{"--http-uploads-at-once", "8"}};
  const auto path = "/api/upload_sets/" + gateway.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>() + "/files";
  std::atomic<int> accepted{0}, told{0}, other{0};
  std::mutex mutex;
  std::vector<double> seconds;  // that an accepted one took
  {
    std::vector<std::jthread> senders;
    for (int t = 0; t < 80; ++t) {
      senders.emplace_back([&, t] {
        for (int i = 0; i < 20; ++i) {
          const auto begin = std::chrono::steady_clock::now();
          const auto answer = gateway.client().post_file(path, std::to_string(t) + "-" + std::to_string(i) + ".jpg", padded(picture_with("load " + std::to_string(t * 100 + i)), 300'000));
          if (answer.status == 202) {
            ++accepted;
            const std::lock_guard lock{mutex};
            seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
          } else {
            ++(answer.status == 429 && !answer.header("Retry-After").empty() ? told : other);
          }
        }
      });
    }
    for (int i = 0; i < 20; ++i) REQUIRE(gateway.client().get("/tiles/map/0/0/0.mvt").status == 204);
  }
  std::ranges::sort(seconds);
  const auto p99 = seconds.empty() ? 0 : seconds[seconds.size() * 99 / 100];
  std::cout << accepted << " accepted, p99 " << p99 << " s, " << told << " told to wait, " << other << " otherwise; " << memory_mib(gateway.pid()) << " MiB\n";
  REQUIRE(told > 0);
  REQUIRE(other == 0);
  REQUIRE(memory_mib(gateway.pid()) < 300);
  REQUIRE(gateway.client().get(path).json()["files"].size() == static_cast<std::size_t>(accepted));
  REQUIRE(gateway.client().post_file(path, "after.jpg", picture_with("after")).status == 202);
}

TEST_CASE("a full disk is answered 507, nothing partial stays, and uploads go on when there is room") {
  ScratchFolder scratch;
  SmallDisk disk{scratch.path() / "disk", "size=32m"};
  if (!disk.mounted()) {
    std::cout << "skipped: this user may not mount a small disk\n";
    return;
  }
  const auto ballast = scratch.path() / "disk" / "ballast";
  std::ofstream{ballast} << std::string(8'000'000, 'x');
  GatewayProcess gateway{{"--http-disk-floor-mb", "0"}, scratch.path() / "disk" / "data"};
  const auto path = "/api/upload_sets/" + gateway.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>() + "/files";
  std::size_t kept = 0, refused = 0;
  for (int i = 0; i < 20; ++i) {
    const auto answer = gateway.client().post_file(path, std::to_string(i) + ".jpg", padded(picture_with("disk " + std::to_string(i)), 3'000'000));
    kept += answer.status == 202 ? 1 : 0;
    if (answer.status == 202) continue;
    CAPTURE(answer.body);
    REQUIRE(answer.status == 507);
    REQUIRE(!answer.header("Retry-After").empty());
    ++refused;
  }
  REQUIRE(kept > 0);
  REQUIRE(refused > 0);
  REQUIRE(gateway.client().get(path).json()["files"].size() == kept);
  REQUIRE(blobs_in(gateway.data() / "blobs" / "private") == kept);
  fs::remove(ballast);
  REQUIRE(gateway.client().post_file(path, "later.jpg", padded(picture_with("later"), 3'000'000)).status == 202);
}
