#include "services/gateway/http/connection.hpp"

#include <limits>

namespace cairn::gateway {
namespace {

constexpr std::chrono::milliseconds kSoon{500};  // after an answer a client that has more to send sends it

std::optional<Method> method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::get;
    case http::verb::head: return Method::head;
    case http::verb::post: return Method::post;
    case http::verb::put: return Method::put;
    case http::verb::patch: return Method::patch;
    case http::verb::delete_: return Method::delete_;
    case http::verb::options: return Method::options;
    default: return std::nullopt;
  }
}

/// The answer to a header that can't be read; nothing when the client is gone.
std::optional<Response> answer_to(error_code error, bool timed_out) {
  if (timed_out) return error_response(408, "The request's header took too long");
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return error_response(431, "The request's header is too large");
  if (error == http::error::end_of_stream || error.category() != http::make_error_code(http::error::bad_method).category()) return std::nullopt;
  return error_response(400, "This is no valid HTTP/1.1 request");
}

template <class Parser>
bool has_two_lengths(const Parser& parser) {
  const auto& message = parser.get();
  return message.count(http::field::content_length) > 0 && message.count(http::field::transfer_encoding) > 0;
}

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
    if (co_await one_request() == Next::end) break;
  }
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

/// True when the first bytes of a request are there. A connection that stays idle holds no buffers.
awaitable<bool> Connection::wait_for_request() {
  open_.state = OpenConnection::State::idle;
  open_.since = std::chrono::steady_clock::now();
  if (buffer_.size() > 0) co_return true;
  if (serving_.draining) co_return false;
  request_ = {};
  deadline_->arm(kSoon);
  error_code error;
  co_await socket_.async_wait(tcp::socket::wait_read, into(error));
  if (error && deadline_->passed() && !serving_.draining) {
    buffer_.shrink_to_fit();
    std::vector<std::byte>{}.swap(chunk_);
    deadline_->arm(serving_.limits.idle_time);
    co_await socket_.async_wait(tcp::socket::wait_read, into(error));
  }
  co_return !error;
}

bool Connection::read_head(const Parser& parser) {
  const auto& message = parser.get();
  const auto method = method_of(message.method());
  const auto target = view(message.target());
  const auto query_at = std::min(target.find('?'), target.size());
  const auto query = query_from(target.substr(std::min(query_at + 1, target.size())));
  if (!method || !query || !target.starts_with('/')) return false;
  request_ = {};
  request_.method = *method;
  request_.path = target.substr(0, query_at);
  request_.query = *query;
  for (const auto& field : message) {
    const auto value = field.value();
    request_.headers.emplace_back(lower_case(view(field.name_string())), std::string{value.data(), value.size()});
  }
  request_.peer = client_address(request_, peer_, serving_.gateway.options());
  request_.peer_is_local = is_loopback(request_.peer);
  return true;
}

awaitable<Connection::Next> Connection::one_request() {
  Parser parser;
  broken_off_ = false;
  left_.reset();
  until_deadline_ = 0;
  parser.header_limit(serving_.limits.largest_header);
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // ours are checked as the body streams by
  open_.state = OpenConnection::State::header;
  deadline_->arm(serving_.limits.header_time);
  error_code error;
  co_await http::async_read_header(socket_, buffer_, parser, into(error));
  deadline_->disarm();
  open_.state = OpenConnection::State::request;
  started_ = std::chrono::steady_clock::now();
  route_number_ = static_cast<std::size_t>(-1);
  if (error) {
    request_ = {};
    const auto answer = answer_to(error, deadline_->passed());
    if (answer) co_return co_await refuse(parser, *answer);
    co_return Next::end;
  }
  if (!read_head(parser) || has_two_lengths(parser)) co_return co_await refuse(parser, error_response(400, "This is no valid HTTP/1.1 request"));
  if (!parser.is_done() && parser.content_length()) left_ = *parser.content_length();
  auto found = serving_.gateway.route(request_);
  if (auto* response = std::get_if<Response>(&found)) co_return co_await refuse(parser, std::move(*response));
  const auto& route = *std::get<const Route*>(found);
  route_number_ = serving_.gateway.number_of(route);
  co_return co_await answer(parser, route);
}

/// Admission, body, handler, answer.
awaitable<Connection::Next> Connection::answer(Parser& parser, const Route& route) {
  const Place place{serving_.streams, route.takes == Takes::stream};
  if (place.taken() > serving_.limits.streams) {
    auto busy = error_response(429, "The server takes as many uploads as it can: try again in a moment");
    busy.headers.emplace_back("Retry-After", "2");
    co_return co_await refuse(parser, std::move(busy));
  }
  if (route.needs != Needs::nobody || route.takes == Takes::stream) {
    const Work admit = [this, &route](store::Session* session) { return serving_.gateway.admit(request_, route, session); };
    auto refusal = co_await in_pool(admit);
    if (refusal) co_return co_await refuse(parser, std::move(*refusal));
  }
  if (auto refusal = co_await read_body(parser, route)) {
    const Work abandon = [this](store::Session* session) { return serving_.gateway.abandon(request_, session); };
    if (request_.sink) co_await in_pool(abandon);
    co_return co_await refuse(parser, std::move(*refusal));
  }
  const Work handle = [this, &route](store::Session* session) { return serving_.gateway.answer(request_, route, session); };
  auto response = co_await in_pool(handle);
  request_.sink.reset();
  serving_.gateway.finish(request_, *response);
  const bool has_end = !std::holds_alternative<std::shared_ptr<EventStream>>(response->body);
  const bool keep_alive = parser.keep_alive() && !serving_.draining && has_end;
  const bool written = co_await write(*response, keep_alive);
  co_return written && keep_alive ? Next::request : Next::end;
}

/// Answers before the body was read. A small body is read away so that the connection can go on; a large one ends it.
awaitable<Connection::Next> Connection::refuse(Parser& parser, Response response) {
  request_.sink.reset();
  serving_.gateway.finish(request_, response);
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
    auto busy = error_response(503, "The server is busy: try again in a moment");
    busy.headers.emplace_back("Retry-After", "1");
    come_back(std::move(busy));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::optional<Response>)>(std::move(initiate), asio::use_awaitable);
}

}  // namespace cairn::gateway
