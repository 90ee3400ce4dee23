#include "services/cli/upload_patience.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <random>
#include <thread>

namespace cairn::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kMostTries = 10;

std::optional<int> whole_from(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= 0 ? std::optional{number} : std::nullopt;
}

void wait_and_say(const std::string& why, milliseconds pause) {
  std::cerr << "\r\033[K" << why << "; trying again in " << (pause.count() + 999) / 1000 << " s\n";
  std::this_thread::sleep_for(pause);
}

}  // namespace

bool is_passing(long status) {
  constexpr long kPassing[] = {408, 423, 429, 500, 502, 503, 504, 507};
  return std::ranges::find(kPassing, status) != std::end(kPassing);
}

milliseconds pause_before_retry(int tries, const HttpAnswer* answer) {
  const auto told = answer ? answer->header("retry-after") : std::nullopt;
  if (const auto seconds = told ? whole_from(*told) : std::nullopt) return std::min<milliseconds>(*seconds * 1000ms, 10min);
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto pause = std::min<milliseconds>(500ms * (1 << std::min(tries, 10)), 30s);
  return pause + milliseconds{std::uniform_int_distribution<std::int64_t>{0, pause.count() / 4}(random)};
}

HttpAnswer patiently(const std::function<HttpAnswer()>& request) {
  for (int tries = 0;; ++tries) {
    try {
      auto answer = request();
      if (!is_passing(answer.status) || tries + 1 == kMostTries) return answer;
      wait_and_say("the server answered " + std::to_string(answer.status), pause_before_retry(tries, &answer));
    } catch (const HttpTrouble& trouble) {
      if (tries + 1 == kMostTries) throw;
      wait_and_say(trouble.what(), pause_before_retry(tries, nullptr));
    }
  }
}

void Pace::take(std::size_t bytes) { std::this_thread::sleep_until(turn_of(bytes, std::chrono::steady_clock::now())); }

std::chrono::steady_clock::time_point Pace::turn_of(std::size_t bytes, std::chrono::steady_clock::time_point now) {
  if (rate_ == 0) return now;
  const std::lock_guard lock{mutex_};
  const auto turn = std::max(free_at_, now);
  free_at_ = turn + std::chrono::nanoseconds{static_cast<std::int64_t>(static_cast<double>(bytes) / static_cast<double>(rate_) * 1e9)};
  return turn;
}

std::optional<std::uint64_t> rate_from(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit{end, text.data() + text.size()};
  if (error != std::errc{} || !(number > 0) || number > 1e12) return std::nullopt;
  if (unit.empty()) return static_cast<std::uint64_t>(std::max(number, 1.0));
  if (unit == "k" || unit == "K") return static_cast<std::uint64_t>(number * 1e3);
  if (unit == "M") return static_cast<std::uint64_t>(number * 1e6);
  if (unit == "G") return static_cast<std::uint64_t>(number * 1e9);
  return std::nullopt;
}

}  // namespace cairn::cli
