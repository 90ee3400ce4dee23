#include "services/gateway/http/connection.hpp"

namespace cairn::gateway {
namespace {

constexpr std::size_t kFirstRead = 4096;         // the header of a request, and of an upload the first of its body
constexpr std::chrono::milliseconds kSoon{500};  // after an answer a client that has more to send sends it

/// One of the places for requests with a stream, held until it goes out of scope.
class Place {
 public:
  Place(std::atomic<int>& places, bool needed) : places_{needed ? &places : nullptr}, taken_{needed ? ++places : 0} {}
  ~Place() {
    if (places_) --*places_;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  /// How many are taken with this one; 0 when none is needed.
  int taken() const { return taken_; }

 private:
  std::atomic<int>* places_;
  int taken_;
};

}  // namespace

void end_longest_idle(OpenConnections& open) {
  OpenConnection* longest = nullptr;
  for (auto* connection : open) {
    const bool can_go = connection->state != OpenConnection::State::request;
    if (can_go && (!longest || connection->since < longest->since)) longest = connection;
  }
  if (!longest) return;
  longest->state = OpenConnection::State::request;  // not chosen twice
  longest->deadline->cancel();
}

Connection::Connection(tcp::socket socket, Serving serving, OpenConnections& open_connections, std::string peer)
    : socket_{std::move(socket)},
      serving_{serving},
      open_connections_{open_connections},
      peer_{std::move(peer)},
      deadline_{std::make_shared<Deadline>(socket_)},
      open_{deadline_, OpenConnection::State::idle, std::chrono::steady_clock::now()},
      buffer_{serving.limits.largest_header + kChunk} {
  open_connections_.insert(&open_);
}

Connection::~Connection() {
  deadline_->forget_socket();
  open_connections_.erase(&open_);
}

awaitable<void> Connection::run() {
  while (co_await wait_for_request()) {
    const auto quick = answer_quickly();
    if (quick == Quick::sent) continue;
    auto next = Next::end;  // each co_await is a statement of its own: g++ 12 loses frames in conditions that hold two
    if (quick == Quick::sent_partly) next = co_await write_rest();
    if (quick == Quick::not_quick) next = co_await one_request();
    if (next == Next::end) break;
    open_.since = std::chrono::steady_clock::now();
  }
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

/// True when the first bytes of a request are there. A connection that stays idle holds no buffers.
awaitable<bool> Connection::wait_for_request() {
  open_.state = OpenConnection::State::idle;
  if (buffer_.size() > 0) co_return true;
  if (serving_.draining) co_return false;
  deadline_->arm(kSoon, open_.since);
  error_code error;
  auto got = co_await socket_.async_read_some(buffer_.prepare(kFirstRead), into(error));
  buffer_.commit(got);
  if (error && deadline_->passed() && !serving_.draining) {
    request_ = {};
    buffer_.shrink_to_fit();
    std::vector<std::byte>{}.swap(chunk_);
    std::string{}.swap(quick_head_);
    deadline_->arm(serving_.limits.idle_time);
    co_await socket_.async_wait(tcp::socket::wait_read, into(error));
    if (error) co_return false;
    got = co_await socket_.async_read_some(buffer_.prepare(kFirstRead), into(error));
    buffer_.commit(got);
  }
  co_return !error;
}

awaitable<Connection::Next> Connection::one_request() {
  Parser parser;
  auto head = co_await read_head(parser);
  if (head.client_is_gone) co_return Next::end;
  if (head.refusal) co_return co_await refuse(parser, std::move(*head.refusal));
  auto found = serving_.site.route(request_);
  if (auto* response = std::get_if<Response>(&found)) co_return co_await refuse(parser, std::move(*response));
  const auto& route = *std::get<const Route*>(found);
  route_number_ = serving_.site.number_of(route);
  co_return co_await answer(parser, route);
}

/// Admission, body, handler, answer.
awaitable<Connection::Next> Connection::answer(Parser& parser, const Route& route) {
  const Place place{serving_.streams, route.takes == Takes::stream};
  if (place.taken() > serving_.limits.streams) {
    co_return co_await refuse(parser, retry_response(429, "The server takes as many uploads as it can: try again in a moment", std::chrono::seconds{2}));
  }
  if (route.needs != Needs::nobody || route.takes == Takes::stream) {
    const Work admit = [this, &route](store::Session* session) { return serving_.site.admit(request_, route, session); };
    auto refusal = co_await in_pool(admit);
    if (refusal) co_return co_await refuse(parser, std::move(*refusal));
  }
  if (auto refusal = co_await read_body(parser, route)) {
    const Work abandon = [this](store::Session* session) { return serving_.site.abandon(request_, session); };
    if (request_.sink) co_await in_pool(abandon);
    co_return co_await refuse(parser, std::move(*refusal));
  }
  const Work handle = [this, &route](store::Session* session) { return serving_.site.answer(request_, route, session); };
  auto response = co_await in_pool(handle);
  request_.sink.reset();
  add_common_headers(request_, *response);
  const bool has_end = !std::holds_alternative<std::shared_ptr<BodySource>>(response->body);
  const bool keep_alive = parser.keep_alive() && !serving_.draining && has_end;
  const bool written = co_await write(*response, keep_alive);
  co_return written && keep_alive ? Next::request : Next::end;
}

/// Answers before the body was read. A small body is read away so that the connection can go on; a large one ends it.
awaitable<Connection::Next> Connection::refuse(Parser& parser, Response response) {
  request_.sink.reset();
  add_common_headers(request_, response);
  const bool is_readable = parser.is_header_done() && !body_is_done(parser) && !request_.header("expect") && parser.content_length().value_or(kMostDiscarded + 1) <= kMostDiscarded &&
                           response.status != 408;
  if (is_readable) co_await discard_body(parser);
  const bool keep_alive = parser.is_header_done() && body_is_done(parser) && parser.keep_alive() && !serving_.draining && !has_two_lengths(parser);
  if (!co_await write(response, keep_alive)) co_return Next::end;
  if (keep_alive) co_return Next::request;
  co_await linger();
  co_return Next::end;
}

/// Runs `work` on a thread with a database connection and comes back with its answer; 503 when too much waits there.
awaitable<std::optional<Response>> Connection::in_pool(Work work) {
  const auto executor = co_await asio::this_coro::executor;
  auto initiate = [this, executor, work](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto come_back = [executor, shared](std::optional<Response> response) {
      asio::post(executor, [shared, response = std::move(response)]() mutable { (*shared)(std::move(response)); });
    };
    const bool queued = serving_.pool.submit([work, come_back, guard = asio::make_work_guard(executor)](store::Session* session) {
      auto outcome = work(session);
      const bool good = outcome.session_is_good;
      come_back(std::move(outcome.response));
      return good;
    });
    if (queued) return;
    come_back(retry_response(503, "The server is busy: try again in a moment", std::chrono::seconds{1}));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::optional<Response>)>(std::move(initiate), asio::use_awaitable);
}

}  // namespace cairn::gateway
