#include "services/gateway/metrics.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::gateway {
namespace {

std::string shortest(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

void add_head(std::string& text, const char* name, const char* type, const char* help) {
  text += std::string{"# HELP "} + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

void add_single(std::string& text, const char* name, const char* type, const char* help, std::uint64_t value) {
  add_head(text, name, type, help);
  text += std::string{name} + " " + std::to_string(value) + "\n";
}

}  // namespace

Metrics::Metrics(std::vector<std::string> route_names) : names_{std::move(route_names)}, routes_(names_.size() + 1) {
  names_.emplace_back("none");
}

void Metrics::count_answer(std::size_t route, int status, std::chrono::microseconds took) {
  auto& counts = routes_[std::min(route, routes_.size() - 1)];
  ++counts.by_class[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))];
  const double seconds = std::chrono::duration<double>(took).count();
  ++counts.by_time[static_cast<std::size_t>(std::ranges::lower_bound(kBounds_s, seconds) - kBounds_s.begin())];
  counts.micros += static_cast<std::uint64_t>(took.count());
}

void Metrics::add_requests(std::string& text) const {
  add_head(text, "cairn_http_requests_total", "counter", "Requests answered, by route and class of status.");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    for (std::size_t c = 1; c <= 5; ++c) {
      if (const auto count = routes_[i].by_class[c].load())
        text += "cairn_http_requests_total{route=\"" + names_[i] + "\",class=\"" + std::to_string(c) + "xx\"} " + std::to_string(count) + "\n";
    }
  }
}

void Metrics::add_times(std::string& text) const {
  add_head(text, "cairn_http_request_seconds", "histogram", "Time from the request's header to the end of its answer.");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    std::uint64_t sum = 0;
    for (const auto& count : routes_[i].by_time) sum += count;
    if (sum == 0) continue;
    const auto label = "{route=\"" + names_[i] + "\"";
    std::uint64_t below = 0;
    for (std::size_t b = 0; b < kBounds_s.size(); ++b) {
      below += routes_[i].by_time[b];
      text += "cairn_http_request_seconds_bucket" + label + ",le=\"" + shortest(kBounds_s[b]) + "\"} " + std::to_string(below) + "\n";
    }
    text += "cairn_http_request_seconds_bucket" + label + ",le=\"+Inf\"} " + std::to_string(sum) + "\n";
    text += "cairn_http_request_seconds_sum" + label + "} " + shortest(static_cast<double>(routes_[i].micros) * 1e-6) + "\n";
    text += "cairn_http_request_seconds_count" + label + "} " + std::to_string(sum) + "\n";
  }
}

std::string Metrics::text() const {
  std::string text;
  add_requests(text);
  add_times(text);
  add_single(text, "cairn_http_received_bytes_total", "counter", "Bytes of request bodies.", received_bytes_);
  add_single(text, "cairn_http_sent_bytes_total", "counter", "Bytes of answers' bodies.", sent_bytes_);
  add_single(text, "cairn_http_connections_total", "counter", "Connections taken.", accepted_);
  add_single(text, "cairn_http_connections_refused_total", "counter", "Connections closed at once because there were too many.", refused_);
  add_single(text, "cairn_http_connections", "gauge", "Connections open now.", static_cast<std::uint64_t>(std::max(0, connections_.load())));
  add_single(text, "cairn_http_streamed_answers", "gauge", "Answers that are made while they are sent: events of uploads, exports.", static_cast<std::uint64_t>(std::max(0, streamed_answers_.load())));
  return text;
}

}  // namespace cairn::gateway
