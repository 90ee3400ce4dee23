// Ten times the load that there are places for: by a real gateway.

#include "tests/catch.hpp"
#include "tests/scenario/gateway_process.hpp"
#include "tests/scenario/pictures.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

using namespace cairn;
using namespace cairn::testing;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kPlaces = 8;

/// How long the crowd sends; CAIRN_OVERLOAD_SECONDS=60 is the full test.
std::chrono::seconds overload() {
  const char* text = std::getenv("CAIRN_OVERLOAD_SECONDS");
  return std::chrono::seconds{text ? std::max(5, std::atoi(text)) : 8};
}

/// Senders that don't stop: each sends its next picture as soon as the last one was taken, and again soon after it was told to wait.
class Crowd {
 public:
  Crowd(const GatewayProcess& gateway, const std::string& path, const std::string& name, int senders) : gateway_{gateway}, path_{path}, name_{name} {
    for (int i = 0; i < senders; ++i) threads_.emplace_back([this, i](const std::stop_token& stop) { send(i, stop); });
  }
  void stop() { threads_.clear(); }

  std::atomic<int> accepted{0}, told{0}, other{0};
  /// Seconds from connecting to the answer, which one in a hundred of those accepted exceeded. After stop().
  double p99() {
    std::ranges::sort(seconds_);
    return seconds_.empty() ? 0 : seconds_[seconds_.size() * 99 / 100];
  }

 private:
  void send(int sender, const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested(); ++i) {
      const auto name = name_ + std::to_string(sender) + "-" + std::to_string(i) + ".jpg";
      const auto bytes = padded(picture_with(name), 150'000);
      while (!is_taken(name, bytes) && !stop.stop_requested()) std::this_thread::sleep_for(100ms);
    }
  }

  bool is_taken(const std::string& name, const std::string& bytes) {
    const auto began = Clock::now();
    const auto answer = gateway_.client().post_file(path_, name, bytes);
    const std::chrono::duration<double> took = Clock::now() - began;
    if (answer.status == 202) {
      ++accepted;
      const std::lock_guard lock{mutex_};
      seconds_.push_back(took.count());
      return true;
    }
    ++(answer.status == 429 && !answer.header("Retry-After").empty() ? told : other);
    return false;
  }

  const GatewayProcess& gateway_;
  std::string path_, name_;
  std::mutex mutex_;
  std::vector<double> seconds_;
  std::vector<std::jthread> threads_;
};

/// What a sender hears who announced a body and waits before it sends any of it.
std::string answer_to_header(const GatewayProcess& gateway, const std::string& path) {
  return Sending{gateway.port(), "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 3000000\r\n\r\n"}.rest(300ms);
}

}  // namespace

TEST_CASE("under ten times the load the rest is told when to come back before its body, what is accepted is kept in good time, and all is well afterwards") {
  GatewayProcess gateway{{"--http-uploads-at-once", std::to_string(kPlaces)}};
  const auto path = "/api/upload_sets/" + gateway.client().post_json("/api/upload_sets", {{"title", "t"}}).json()["id"].get<std::string>() + "/files";
  Crowd calm{gateway, path, "calm ", kPlaces / 2};
  std::this_thread::sleep_for(overload() / 4);
  calm.stop();

  Crowd crowd{gateway, path, "crowd ", 10 * kPlaces};
  double most_mib = 0;
  int before_body = 0;
  for (const auto end = Clock::now() + overload(); Clock::now() < end; std::this_thread::sleep_for(200ms)) {
    REQUIRE(gateway.client().get("/tiles/map/0/0/0.mvt").status == 204);
    const auto answer = answer_to_header(gateway, path);
    before_body += answer.starts_with("HTTP/1.1 429") && answer.find("Retry-After: ") != std::string::npos ? 1 : 0;
    most_mib = std::max(most_mib, gateway.memory_mib());
  }
  crowd.stop();
  const auto calm_p99 = calm.p99(), crowd_p99 = crowd.p99();
  std::cout << overload().count() << " s of " << 10 * kPlaces << " senders for " << kPlaces << " places: " << crowd.accepted << " accepted, p99 " << crowd_p99 << " s (" << calm_p99
            << " s with " << kPlaces / 2 << " senders); " << crowd.told << " told to wait, " << crowd.other << " otherwise, " << before_body << " asked before a body; at most " << most_mib << " MiB\n";
  REQUIRE(calm.told + calm.other == 0);
  REQUIRE(crowd.accepted > 0);
  REQUIRE(crowd.told > 0);
  REQUIRE(crowd.other == 0);
  REQUIRE(before_body > 0);
  REQUIRE(crowd_p99 < 5);  // senders and gateway share the machine: far from what it is, near what nobody would wait for
  REQUIRE(most_mib < 200);

  const auto began = Clock::now();
  for (int i = 0; i < 50; ++i) REQUIRE(gateway.client().post_file(path, "after " + std::to_string(i) + ".jpg", picture_with("after " + std::to_string(i))).status == 202);
  REQUIRE(Clock::now() - began < 60s);
  REQUIRE(gateway.client().get(path).json()["files"].size() == static_cast<std::size_t>(calm.accepted + crowd.accepted + 50));
}
