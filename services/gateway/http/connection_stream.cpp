#include "services/gateway/http/connection.hpp"

#include <algorithm>
#include <chrono>

namespace cairn::gateway {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenPieces{1000};
constexpr milliseconds kSilenceUntilSignOfLife{15'000};  // proxies give up on a silent answer after 30 to 60 s
constexpr int kPausePerLook = 10;

/// Whoever follows something large, whose look takes long, looks less often: a tenth of a core for each at the most.
milliseconds pause_after(std::chrono::steady_clock::duration look) {
  return std::clamp(std::chrono::duration_cast<milliseconds>(look * kPausePerLook), kBetweenPieces, kSilenceUntilSignOfLife);
}

/// Counted for as long as it lives.
struct Counted {
  explicit Counted(Metrics& counts) : metrics{counts} { metrics.streamed_answer_begun(); }
  ~Counted() { metrics.streamed_answer_ended(); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  Metrics& metrics;
};

}  // namespace

/// Until the source ends, the client goes or the server stops. A client that is gone shows when it is written to.
awaitable<void> Connection::write_from(BodySource& source) {
  const Counted counted{serving_.site.metrics()};
  asio::steady_timer timer{co_await asio::this_coro::executor};
  const Work look = [this, &source](store::Session* session) { return serving_.site.next_piece(request_, source, session); };
  for (milliseconds silent{0}; !serving_.draining;) {
    const auto began = std::chrono::steady_clock::now();
    const auto piece = co_await in_pool(look);
    const auto pause = pause_after(std::chrono::steady_clock::now() - began);
    const bool busy = piece->status == 503;  // asked again a second later
    if (piece->status != 200 && !busy) co_return;
    auto text = busy ? std::string{} : std::get<std::string>(piece->body);
    if (source.is_live && text.empty() && silent >= kSilenceUntilSignOfLife) text = ":\n\n";
    if (!text.empty()) {
      if (!co_await write_bytes(asio::buffer(text))) co_return;
      silent = milliseconds{0};
      if (!source.is_live) continue;
    }
    silent += pause;
    timer.expires_after(pause);
    error_code error;
    co_await timer.async_wait(into(error));
  }
}

}  // namespace cairn::gateway
