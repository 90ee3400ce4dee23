// One coroutine per connection, on one thread for its whole life. A connection reads a header, is admitted, streams the body
// (text into memory, files to disk), hands the request to a thread with a database connection, and writes the answer.

#include "services/gateway/http/http_server.hpp"

#include "services/gateway/http/session_pool.hpp"
#include "services/gateway/http/upload_body.hpp"

#include <utility>  // asio of Boost 1.74 needs it first

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace cairn::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
template <class T>
using awaitable = asio::awaitable<T>;
using Parser = http::request_parser<http::buffer_body>;

constexpr std::size_t kChunk = 64 * 1024;        // read and written at once
constexpr std::size_t kMostDiscarded = 1 << 20;  // of a body that nobody wants, before the connection is given up
constexpr std::chrono::seconds kLinger{2};       // for a refused sender to read its answer

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

std::string_view view(boost::string_view text) { return {text.data(), text.size()}; }

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

std::string head_of(const Response& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     std::string{view(http::obsolete_reason(static_cast<http::status>(response.status)))} + "\r\n";
  const auto add = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  const bool has_body = response.status != 204 && response.status != 304;
  if (has_body && !response.content_type.empty()) add("Content-Type", response.content_type);
  if (has_body) add("Content-Length", std::to_string(size_of(response.body)));
  for (const auto& [name, value] : response.headers) {
    if (value.find_first_of("\r\n") == std::string::npos) add(name, value);
  }
  add("Connection", keep_alive ? "keep-alive" : "close");
  return head + "\r\n";
}

/// Cancels what a socket waits for when its time is up. Shared with the timer's handler, which may come late.
class Deadline : public std::enable_shared_from_this<Deadline> {
 public:
  explicit Deadline(tcp::socket& socket) : socket_{&socket}, timer_{socket.get_executor()} {}
  void arm(std::chrono::steady_clock::duration time) {
    passed_ = false;
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (error || !self->socket_) return;
      self->passed_ = true;
      self->cancel();
    });
  }
  void disarm() { timer_.cancel(); }
  bool passed() const { return passed_; }
  void cancel() {
    error_code ignored;
    if (socket_) socket_->cancel(ignored);
  }
  void forget_socket() {
    socket_ = nullptr;
    timer_.cancel();
  }

 private:
  tcp::socket* socket_;
  asio::steady_timer timer_;
  bool passed_ = false;
};

/// Closes a file when it goes out of scope.
struct OpenFile {
  int descriptor;
  explicit OpenFile(const std::filesystem::path& path) : descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
  ~OpenFile() {
    if (descriptor >= 0) ::close(descriptor);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
};

/// One event loop with its connections; touched by its own thread only.
struct Loop {
  struct Waiting {
    std::shared_ptr<Deadline> deadline;
    bool idle = false;
  };
  std::set<Waiting*> connections;
  asio::io_context context{1};   ///< goes first: coroutines that it still holds leave `connections`
};

}  // namespace

struct HttpServer::State {
  explicit State(Gateway& served);

  awaitable<void> accept();
  awaitable<void> serve(tcp::socket socket, Loop& loop, std::string peer);
  bool take_place(const std::string& peer);
  void leave_place(const std::string& peer);
  void stop();

  Gateway& gateway;
  const Limits& limits;
  std::vector<std::unique_ptr<Loop>> loops;
  tcp::acceptor acceptor;
  SessionPool pool;
  std::atomic<bool> draining{false};
  std::mutex places_mutex;
  std::map<std::string, int> places;
  std::vector<std::jthread> threads;
};

namespace {

class Connection {
 public:
  Connection(tcp::socket socket, HttpServer::State& server, Loop& loop, std::string peer);
  ~Connection();
  awaitable<void> run();

 private:
  enum class Next { request, end };

  awaitable<bool> wait_for_request();
  awaitable<Next> one_request();
  bool read_head(Parser& parser);
  awaitable<Next> refuse(Parser& parser, Response response);
  awaitable<std::optional<Response>> read_body(Parser& parser, const Route& route);
  awaitable<std::optional<Response>> read_text(Parser& parser);
  awaitable<std::optional<Response>> read_form(Parser& parser);
  awaitable<std::optional<Response>> discard_body(Parser& parser);
  awaitable<std::optional<ByteView>> read_chunk(Parser& parser);
  awaitable<bool> say_continue(Parser& parser);
  template <class Work>
  awaitable<std::optional<Response>> in_pool(Work work);
  awaitable<bool> write(const Response& response, bool keep_alive);
  awaitable<bool> write_file(const FileBody& file);
  awaitable<void> linger();

  tcp::socket socket_;
  HttpServer::State& server_;
  Loop& loop_;
  std::string peer_;
  std::shared_ptr<Deadline> deadline_;
  Loop::Waiting waiting_;
  beast::flat_buffer buffer_;
  std::vector<std::byte> chunk_;
  Request request_;
  std::chrono::steady_clock::time_point started_;
  std::size_t route_number_ = static_cast<std::size_t>(-1);
};

Connection::Connection(tcp::socket socket, HttpServer::State& server, Loop& loop, std::string peer)
    : socket_{std::move(socket)},
      server_{server},
      loop_{loop},
      peer_{std::move(peer)},
      deadline_{std::make_shared<Deadline>(socket_)},
      waiting_{deadline_, false},
      buffer_{server.limits.largest_header + kChunk} {
  loop_.connections.insert(&waiting_);
}

Connection::~Connection() {
  deadline_->forget_socket();
  loop_.connections.erase(&waiting_);
}

awaitable<void> Connection::run() {
  while (co_await wait_for_request()) {
    if (co_await one_request() == Next::end) break;
  }
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

/// True when the first bytes of a request are there.
awaitable<bool> Connection::wait_for_request() {
  if (server_.draining && buffer_.size() == 0) co_return false;
  if (buffer_.size() > 0) co_return true;
  waiting_.idle = true;
  deadline_->arm(server_.limits.idle_time);
  error_code error;
  const auto got = co_await socket_.async_read_some(buffer_.prepare(4096), into(error));
  buffer_.commit(got);
  waiting_.idle = false;
  co_return !error && got > 0;
}

bool Connection::read_head(Parser& parser) {
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
  request_.peer = peer_;
  request_.peer_is_local = is_loopback(peer_);
  return true;
}

/// The answer to a header that can't be read; nothing when the client is gone.
std::optional<Response> answer_to(error_code error, bool timed_out) {
  if (timed_out) return error_response(408, "The request's header took too long");
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return error_response(431, "The request's header is too large");
  if (error == http::error::end_of_stream || error.category() != http::make_error_code(http::error::bad_method).category()) return std::nullopt;
  return error_response(400, "This is no valid HTTP/1.1 request");
}

bool has_two_lengths(const Parser& parser) {
  const auto& message = parser.get();
  return message.count(http::field::content_length) > 0 && message.count(http::field::transfer_encoding) > 0;
}

awaitable<Connection::Next> Connection::one_request() {
  Parser parser;
  parser.header_limit(server_.limits.largest_header);
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // ours are checked as the body streams by
  deadline_->arm(server_.limits.header_time);
  error_code error;
  co_await http::async_read_header(socket_, buffer_, parser, into(error));
  deadline_->disarm();
  started_ = std::chrono::steady_clock::now();
  route_number_ = static_cast<std::size_t>(-1);
  if (error) {
    request_ = {};
    const auto answer = answer_to(error, deadline_->passed());
    if (answer) co_return co_await refuse(parser, *answer);
    co_return Next::end;
  }
  if (!read_head(parser) || has_two_lengths(parser)) co_return co_await refuse(parser, error_response(400, "This is no valid HTTP/1.1 request"));
  auto found = server_.gateway.route(request_);
  if (auto* response = std::get_if<Response>(&found)) co_return co_await refuse(parser, std::move(*response));
  const auto& route = *std::get<const Route*>(found);
  route_number_ = server_.gateway.number_of(route);

  if (route.needs != Needs::nobody) {
    auto refusal = co_await in_pool([this, &route](store::Session* session) { return server_.gateway.admit(request_, route, session); });
    if (refusal) co_return co_await refuse(parser, std::move(*refusal));
  }
  if (auto refusal = co_await read_body(parser, route)) co_return co_await refuse(parser, std::move(*refusal));
  auto response = co_await in_pool([this, &route](store::Session* session) { return server_.gateway.answer(request_, route, session); });
  request_.form.reset();
  server_.gateway.finish(request_, *response);
  const bool keep_alive = parser.keep_alive() && !server_.draining;
  const bool written = co_await write(*response, keep_alive);
  co_return written&& keep_alive ? Next::request : Next::end;
}

/// Answers before the body was read. A small body is read away so that the connection can go on; a large one ends it.
awaitable<Connection::Next> Connection::refuse(Parser& parser, Response response) {
  server_.gateway.finish(request_, response);
  const bool is_readable = parser.is_header_done() && !parser.is_done() && !request_.header("expect") && parser.content_length().value_or(kMostDiscarded + 1) <= kMostDiscarded &&
                           response.status != 408;
  if (is_readable) co_await discard_body(parser);
  const bool keep_alive = parser.is_header_done() && parser.is_done() && parser.keep_alive() && !server_.draining && !has_two_lengths(parser);
  if (!co_await write(response, keep_alive)) co_return Next::end;
  if (keep_alive) co_return Next::request;
  co_await linger();
  co_return Next::end;
}

awaitable<std::optional<Response>> Connection::read_body(Parser& parser, const Route& route) {
  const auto encoding = request_.header("content-encoding").value_or("identity");
  if (encoding != "identity") co_return error_response(415, "Send the body without Content-Encoding");
  if (route.takes == Takes::form) co_return co_await read_form(parser);
  if (route.takes == Takes::text) co_return co_await read_text(parser);
  co_return co_await discard_body(parser);
}

awaitable<bool> Connection::say_continue(Parser& parser) {
  if (parser.is_done() || lower_case(request_.header("expect").value_or("")) != "100-continue") co_return true;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code error;
  co_await asio::async_write(socket_, asio::buffer(kContinue.data(), kContinue.size()), into(error));
  std::erase_if(request_.headers, [](const auto& header) { return header.first == "expect"; });
  co_return !error;
}

/// The next bytes of the body, valid until the next call; nothing when the client is gone or stalls.
awaitable<std::optional<ByteView>> Connection::read_chunk(Parser& parser) {
  chunk_.resize(kChunk);
  auto& body = parser.get().body();
  body.data = chunk_.data();
  body.size = chunk_.size();
  deadline_->arm(server_.limits.stall_time);
  error_code error;
  co_await http::async_read(socket_, buffer_, parser, into(error));
  deadline_->disarm();
  if (error && error != http::error::need_buffer) co_return std::nullopt;
  const auto got = chunk_.size() - body.size;
  server_.gateway.metrics().count_received(got);
  co_return ByteView{chunk_.data(), got};
}

Response broken_off(bool stalled) { return stalled ? error_response(408, "The body took too long") : error_response(400, "The body is broken off or malformed"); }

awaitable<std::optional<Response>> Connection::read_text(Parser& parser) {
  const auto most = server_.limits.largest_text;
  const auto too_large = [most] { return error_response(413, "The body is larger than " + std::to_string(most) + " bytes"); };
  if (parser.content_length().value_or(0) > most) co_return too_large();
  if (!co_await say_continue(parser)) co_return broken_off(false);
  while (!parser.is_done()) {
    const auto bytes = co_await read_chunk(parser);
    if (!bytes) co_return broken_off(deadline_->passed());
    if (request_.body.size() + bytes->size() > most) co_return too_large();
    request_.body.append(text_of(*bytes));
  }
  co_return std::nullopt;
}

awaitable<std::optional<Response>> Connection::read_form(Parser& parser) {
  const auto boundary = boundary_from(request_.header("content-type").value_or(""));
  if (!boundary) co_return error_response(415, "Send the file as multipart/form-data");
  const auto& upload = server_.limits.upload;
  if (parser.content_length().value_or(0) > upload.largest_file + kMostDiscarded)
    co_return error_response(413, "The file is larger than " + std::to_string(upload.largest_file) + " bytes, the most this server takes");
  if (!co_await say_continue(parser)) co_return broken_off(false);
  UploadBody body{*boundary, server_.gateway.blobs(), upload};
  std::optional<Response> refusal;
  while (!parser.is_done() && !refusal) {
    const auto bytes = co_await read_chunk(parser);
    if (!bytes) co_return broken_off(deadline_->passed());
    try {
      if (!body.add(*bytes)) refusal = error_response(body.problem().status, body.problem().message);
    } catch (const std::system_error& error) {
      spdlog::error("an upload can't be written: {}", error.what());
      refusal = error_response(error.code() == std::errc::no_space_on_device ? 507 : 503, "The server can't store the file now: try again later");
      refusal->headers.emplace_back("Retry-After", "60");
    }
  }
  if (refusal) co_return refusal;
  request_.form = body.finish();
  if (!request_.form) co_return error_response(400, "The form ends before its last boundary");
  co_return std::nullopt;
}

/// Reads away what a route doesn't want; refuses when it is much.
awaitable<std::optional<Response>> Connection::discard_body(Parser& parser) {
  std::size_t discarded = 0;
  while (!parser.is_done()) {
    const auto bytes = co_await read_chunk(parser);
    if (!bytes) co_return broken_off(deadline_->passed());
    discarded += bytes->size();
    if (discarded > kMostDiscarded) co_return error_response(413, "This address takes no body");
  }
  co_return std::nullopt;
}

/// Runs `work` on a thread with a database connection and comes back with its answer; 503 when too much waits there.
template <class Work>
awaitable<std::optional<Response>> Connection::in_pool(Work work) {
  const auto executor = co_await asio::this_coro::executor;
  auto initiate = [this, executor, work](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto come_back = [executor, shared](std::optional<Response> response) {
      asio::post(executor, [shared, response = std::move(response)]() mutable { (*shared)(std::move(response)); });
    };
    const bool queued = server_.pool.submit([work, come_back, guard = asio::make_work_guard(executor)](store::Session* session) {
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

awaitable<bool> Connection::write(const Response& response, bool keep_alive) {
  const auto head = head_of(response, keep_alive);
  const bool wants_body = request_.method != Method::head && response.status != 204 && response.status != 304;
  std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::const_buffer{}};
  if (const auto* text = std::get_if<std::string>(&response.body); text && wants_body) buffers[1] = asio::buffer(*text);
  if (const auto* shared = std::get_if<SharedBytes>(&response.body); shared && *shared && wants_body) buffers[1] = asio::buffer((*shared)->data(), (*shared)->size());
  deadline_->arm(server_.limits.stall_time);
  error_code error;
  co_await asio::async_write(socket_, buffers, into(error));
  deadline_->disarm();
  const auto* file = std::get_if<FileBody>(&response.body);
  const bool whole = !error && (!file || !wants_body || co_await write_file(*file));
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  server_.gateway.metrics().count_answer(route_number_, response.status, took);
  if (wants_body) server_.gateway.metrics().count_sent(size_of(response.body));
  co_return whole;
}

awaitable<bool> Connection::write_file(const FileBody& body) {
  const OpenFile file{body.path};
  chunk_.resize(kChunk);
  for (std::uint64_t sent = 0; sent < body.length;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, body.length - sent));
    const auto got = ::pread(file.descriptor, chunk_.data(), wanted, static_cast<off_t>(body.offset + sent));
    if (got <= 0) co_return false;
    deadline_->arm(server_.limits.stall_time);
    error_code error;
    co_await asio::async_write(socket_, asio::buffer(chunk_.data(), static_cast<std::size_t>(got)), into(error));
    deadline_->disarm();
    if (error) co_return false;
    sent += static_cast<std::uint64_t>(got);
  }
  co_return true;
}

/// Lets a sender that is still sending read its answer: closing at once would reset the connection and lose it.
awaitable<void> Connection::linger() {
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  chunk_.resize(kChunk);
  deadline_->arm(kLinger);
  while (!error) co_await socket_.async_read_some(asio::buffer(chunk_.data(), chunk_.size()), into(error));
  deadline_->disarm();
}

tcp::acceptor listening(asio::io_context& context, const GatewayOptions& options) {
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
                            "can't listen on " + options.address + ":" + std::to_string(options.port) + " (choose another port with --http-port)"};
  }
}

std::vector<std::unique_ptr<Loop>> loops_for(int threads) {
  const auto count = threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::unique_ptr<Loop>> loops;
  for (int i = 0; i < count; ++i) loops.push_back(std::make_unique<Loop>());
  return loops;
}

}  // namespace

HttpServer::State::State(Gateway& served)
    : gateway{served},
      limits{served.options().limits},
      loops{loops_for(served.options().io_threads)},
      acceptor{listening(loops.front()->context, served.options())},
      pool{served.options().database, served.options().database_threads, static_cast<std::size_t>(limits.waiting_requests)} {
  gateway.set_port(acceptor.local_endpoint().port());
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
    const auto remote = socket.remote_endpoint(error);
    const auto peer = error ? std::string{} : remote.address().to_string();
    if (error || !take_place(peer)) {
      gateway.metrics().connection_refused();
      continue;
    }
    socket.set_option(tcp::no_delay{true}, error);
    asio::co_spawn(loop.context, serve(std::move(socket), loop, peer), asio::detached);
  }
}

awaitable<void> HttpServer::State::serve(tcp::socket socket, Loop& loop, std::string peer) {
  gateway.metrics().connection_opened();
  try {
    Connection connection{std::move(socket), *this, loop, peer};
    co_await connection.run();
  } catch (const std::exception& error) {
    spdlog::error("a connection of {} ended: {}", peer, error.what());
  }
  gateway.metrics().connection_closed();
  leave_place(peer);
}

bool HttpServer::State::take_place(const std::string& peer) {
  if (gateway.metrics().connections() >= limits.connections) return false;
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
      for (auto* waiting : connections) {
        if (waiting->idle) waiting->deadline->cancel();
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

HttpServer::HttpServer(Gateway& gateway) : state_{std::make_unique<State>(gateway)} {}
HttpServer::~HttpServer() { state_->stop(); }
std::uint16_t HttpServer::port() const { return state_->gateway.options().port; }
void HttpServer::stop() { state_->stop(); }

}  // namespace cairn::gateway
