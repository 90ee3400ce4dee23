#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::gateway {

/// Counts of what the HTTP side did. Adding is one atomic step; reading gives the Prometheus text format (0.0.4).
class Metrics {
 public:
  explicit Metrics(std::vector<std::string> route_names);

  /// Index of the route; one past the last stands for requests that fit no route.
  void count_answer(std::size_t route, int status, std::chrono::microseconds took);
  void count_received(std::uint64_t bytes) { received_bytes_ += bytes; }
  void count_sent(std::uint64_t bytes) { sent_bytes_ += bytes; }
  void connection_opened() { ++connections_; ++accepted_; }
  void connection_closed() { --connections_; }
  void connection_refused() { ++refused_; }
  int connections() const { return connections_; }
  void streamed_answer_begun() { ++streamed_answers_; }
  void streamed_answer_ended() { --streamed_answers_; }
  /// Answers on their way whose body is made while it is sent.
  int streamed_answers() const { return streamed_answers_; }

  std::string text() const;

 private:
  void add_requests(std::string& text) const;
  void add_times(std::string& text) const;

  static constexpr std::array<double, 9> kBounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10};
  struct PerRoute {
    std::array<std::atomic<std::uint64_t>, 6> by_class{};   ///< 1xx … 5xx at 1 … 5
    std::array<std::atomic<std::uint64_t>, kBounds_s.size() + 1> by_time{};
    std::atomic<std::uint64_t> micros{0};
  };
  std::vector<std::string> names_;
  std::vector<PerRoute> routes_;
  std::atomic<std::uint64_t> received_bytes_{0}, sent_bytes_{0}, accepted_{0}, refused_{0};
  std::atomic<int> connections_{0}, streamed_answers_{0};
};

}  // namespace cairn::gateway
