// The event loops, one thread each: taking connections, counting them per address, and stopping.

#include "services/gateway/http/http_server.hpp"

#include "services/gateway/http/addresses.hpp"
#include "services/gateway/http/connection.hpp"

#include <sched.h>
#include <spdlog/spdlog.h>

#include <map>
#include <mutex>
#include <thread>

namespace cairn::gateway {
namespace {

constexpr int kMakingRoom = 64;  // connections that may come while others are being ended for them
constexpr std::chrono::milliseconds kLook{5};
constexpr int kMostLooks = 200;  // a second, for a loop that is busy to end them

/// One event loop with its connections; touched by its own thread only.
struct Loop {
  OpenConnections connections;
  asio::io_context context{1};   ///< goes first: coroutines that it still holds leave `connections`
};

tcp::acceptor listening(asio::io_context& context, const ServerOptions& options) {
  try {
    const auto address = asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address);
    const tcp::endpoint endpoint{address, options.port};
    tcp::acceptor acceptor{context};
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(1024);
    return acceptor;
  } catch (const boost::system::system_error& error) {
    throw std::system_error{error.code().value(), std::generic_category(),
                            "can't listen on " + options.address + ":" + std::to_string(options.port) + ": choose another port"};
  }
}

/// Those that this process may use, of a container's set for example; std::thread counts all of the machine.
int cores() {
  cpu_set_t usable;
  return ::sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::vector<std::unique_ptr<Loop>> loops_for(int threads) {
  const auto count = threads > 0 ? threads : cores();
  std::vector<std::unique_ptr<Loop>> loops;
  for (int i = 0; i < count; ++i) loops.push_back(std::make_unique<Loop>());
  return loops;
}

}  // namespace

struct HttpServer::State {
  explicit State(Site& served);

  awaitable<void> accept();
  awaitable<void> wait_for_room();
  awaitable<void> serve(tcp::socket socket, Loop& loop, std::string peer);
  bool take_place(const std::string& peer, Loop& loop);
  void leave_place(const std::string& peer);
  void stop();

  Site& site;
  const Limits& limits;
  std::vector<std::unique_ptr<Loop>> loops;
  tcp::acceptor acceptor;
  SessionPool pool;
  std::atomic<bool> draining{false};
  std::atomic<int> streams{0};
  std::mutex places_mutex;
  std::map<std::string, int> places;
  std::vector<std::jthread> threads;
};

HttpServer::State::State(Site& served)
    : site{served},
      limits{served.options().limits},
      loops{loops_for(served.options().io_threads)},
      acceptor{listening(loops.front()->context, served.options())},
      pool{served.options().database, served.options().database_threads, static_cast<std::size_t>(limits.waiting_requests)} {
  site.set_port(acceptor.local_endpoint().port());
  asio::co_spawn(loops.front()->context, accept(), asio::detached);
  for (auto& loop : loops) {
    threads.emplace_back([&context = loop->context, guard = asio::make_work_guard(loop->context), this]() mutable {
      while (!draining) context.run_for(std::chrono::milliseconds{200});
      guard.reset();
      context.run();
    });
  }
}

awaitable<void> HttpServer::State::accept() {
  for (std::size_t turn = 0; !draining; ++turn) {
    auto& loop = *loops[turn % loops.size()];
    error_code error;
    auto socket = co_await acceptor.async_accept(loop.context, into(error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of descriptors, most likely: wait for some to come back
      asio::steady_timer pause{acceptor.get_executor(), std::chrono::milliseconds{100}};
      co_await pause.async_wait(into(error));
      continue;
    }
    co_await wait_for_room();
    const auto remote = socket.remote_endpoint(error);
    const auto peer = error ? std::string{} : remote.address().to_string();
    if (error || !take_place(sender_of(peer), loop)) {
      site.metrics().connection_refused();
      continue;
    }
    socket.set_option(tcp::no_delay{true}, error);
    asio::co_spawn(loop.context, serve(std::move(socket), loop, peer), asio::detached);
  }
}

/// Those that were asked to make room may need a moment: nobody is turned away for that.
awaitable<void> HttpServer::State::wait_for_room() {
  asio::steady_timer timer{acceptor.get_executor()};
  error_code ignored;
  for (int looks = 0; looks < kMostLooks && !draining && site.metrics().connections() >= limits.connections + kMakingRoom; ++looks) {
    timer.expires_after(kLook);
    co_await timer.async_wait(into(ignored));
  }
}

awaitable<void> HttpServer::State::serve(tcp::socket socket, Loop& loop, std::string peer) {
  site.metrics().connection_opened();
  try {
    Connection connection{std::move(socket), Serving{site, limits, pool, draining, streams}, loop.connections, peer};
    co_await connection.run();
  } catch (const std::exception& error) {
    spdlog::error("a connection of {} ended: {}", peer, error.what());
  }
  site.metrics().connection_closed();
  leave_place(sender_of(peer));
}

/// When all places are taken, the longest idle connection of the same loop makes room; while it goes a few may be too many.
bool HttpServer::State::take_place(const std::string& peer, Loop& loop) {
  const int open = site.metrics().connections();
  if (open >= limits.connections) asio::post(loop.context, [&loop] { end_longest_idle(loop.connections); });
  if (open >= limits.connections + kMakingRoom) return false;
  const std::lock_guard lock{places_mutex};
  auto& taken = places[peer];
  if (taken >= limits.connections_per_address) return false;
  ++taken;
  return true;
}

void HttpServer::State::leave_place(const std::string& peer) {
  const std::lock_guard lock{places_mutex};
  if (const auto place = places.find(peer); place != places.end() && --place->second == 0) places.erase(place);
}

void HttpServer::State::stop() {
  if (draining.exchange(true)) return;
  asio::post(acceptor.get_executor(), [this] {
    error_code ignored;
    acceptor.close(ignored);
  });
  for (auto& loop : loops) {
    asio::post(loop->context, [&connections = loop->connections] {
      for (auto* connection : connections) {
        if (connection->state == OpenConnection::State::idle) connection->deadline->cancel();
      }
    });
  }
  std::jthread last_resort{[this](std::stop_token stopped) {
    const auto until = std::chrono::steady_clock::now() + limits.drain_time;
    while (!stopped.stop_requested() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    if (stopped.stop_requested()) return;
    spdlog::warn("requests under way did not finish in {} s: ended", limits.drain_time.count());
    for (auto& loop : loops) loop->context.stop();
  }};
  threads.clear();
}

HttpServer::HttpServer(Site& site) : state_{std::make_unique<State>(site)} {}
HttpServer::~HttpServer() { state_->stop(); }
std::uint16_t HttpServer::port() const { return state_->site.options().port; }
void HttpServer::stop() { state_->stop(); }

}  // namespace cairn::gateway
