#include "services/gateway/http/connection.hpp"

namespace cairn::gateway {
namespace {

constexpr std::chrono::seconds kBetweenPieces{1};
constexpr int kBetweenPiecessUntilSignOfLife = 15;  // proxies give up on a silent answer after 30 to 60 s

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
  for (int silent = 0; !serving_.draining; ++silent) {
    const auto piece = co_await in_pool(look);
    const bool busy = piece->status == 503;  // asked again a second later
    if (piece->status != 200 && !busy) co_return;
    auto text = busy ? std::string{} : std::get<std::string>(piece->body);
    if (source.is_live && text.empty() && silent >= kBetweenPiecessUntilSignOfLife) text = ":\n\n";
    if (!text.empty()) {
      if (!co_await write_bytes(asio::buffer(text))) co_return;
      silent = 0;
      if (!source.is_live) continue;
    }
    timer.expires_after(kBetweenPieces);
    error_code error;
    co_await timer.async_wait(into(error));
  }
}

}  // namespace cairn::gateway
