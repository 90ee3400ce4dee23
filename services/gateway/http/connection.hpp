#pragma once
// One connection of a client. connection.cpp holds the course of a request, connection_head.cpp its header, connection_body.cpp its
// body, connection_answer.cpp its answer, connection_stream.cpp an answer that is made while it is sent, connection_quick.cpp the short
// way of what lies in memory.

#include "services/gateway/http/site.hpp"
#include "services/gateway/http/deadline.hpp"
#include "services/gateway/http/prepared_answer.hpp"
#include "services/gateway/http/session_pool.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <atomic>
#include <set>

namespace cairn::gateway {

namespace http = boost::beast::http;

constexpr std::size_t kChunk = 64 * 1024;        // read and written at once
constexpr std::size_t kMostDiscarded = 1 << 20;  // of a body that nobody wants, before the connection is given up

/// What all connections share.
struct Serving {
  Site& site;
  const Limits& limits;
  SessionPool& pool;
  const std::atomic<bool>& draining;
  std::atomic<int>& streams;           ///< bodies being read
};

/// A connection as its loop sees it: those that wait are ended when the server stops, those without a request also when others
/// need their place.
struct OpenConnection {
  std::shared_ptr<Deadline> deadline;
  enum class State { idle, header, request } state = State::idle;
  std::chrono::steady_clock::time_point since;   ///< the last request's end
};
using OpenConnections = std::set<OpenConnection*>;

/// Ends the connection that has been without a request for longest, if there is one.
void end_longest_idle(OpenConnections& open);

/// Lives on one thread. Reads a header, is admitted, streams the body (text into memory, else into the route's sink), hands
/// the request to a thread with a database connection, writes the answer.
class Connection {
 public:
  Connection(tcp::socket socket, Serving serving, OpenConnections& open_connections, std::string peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Until the client or the server has had enough.
  awaitable<void> run();

 private:
  using Parser = http::request_parser<http::buffer_body>;
  using Work = std::function<Site::Outcome(store::Session*)>;

  enum class Next { request, end };
  awaitable<bool> wait_for_request();
  enum class Quick { not_quick, sent, sent_partly, broken };
  Quick answer_quickly();
  awaitable<Next> write_rest();
  awaitable<Next> one_request();
  awaitable<Next> answer(Parser& parser, const Route& route);
  awaitable<Next> refuse(Parser& parser, Response response);
  awaitable<std::optional<Response>> in_pool(Work work);

  struct Head {
    bool client_is_gone = false;
    std::optional<Response> refusal;
  };
  /// Into request_, unless there is something to say against it.
  awaitable<Head> read_head(Parser& parser);
  bool take_head(const Parser& parser);
  static bool has_two_lengths(const Parser& parser);

  awaitable<std::optional<Response>> read_body(Parser& parser, const Route& route);
  awaitable<std::optional<Response>> read_text(Parser& parser);
  awaitable<std::optional<Response>> read_stream(Parser& parser);
  awaitable<std::optional<Response>> discard_body(Parser& parser);
  awaitable<std::optional<ByteView>> read_chunk(Parser& parser);
  awaitable<std::size_t> read_parsed(Parser& parser, error_code& error);
  awaitable<std::size_t> read_plain(error_code& error);
  awaitable<bool> say_continue(const Parser& parser);
  bool body_is_done(const Parser& parser) const;

  awaitable<bool> write(const Response& response, bool keep_alive);
  awaitable<bool> send_all(std::string_view head, Sendable body);
  awaitable<void> write_from(BodySource& source);
  awaitable<bool> write_bytes(asio::const_buffer bytes);
  awaitable<void> linger();

  tcp::socket socket_;
  Serving serving_;
  OpenConnections& open_connections_;
  std::string peer_;
  std::shared_ptr<Deadline> deadline_;
  OpenConnection open_;
  boost::beast::flat_buffer buffer_;
  std::vector<std::byte> chunk_;
  std::string quick_head_;             ///< of the answer that is sent; its memory is kept
  Sendable quick_rest_;                ///< of its body, and what holds it, when the socket didn't take all of it
  std::shared_ptr<const void> quick_owner_;
  Request request_;
  std::optional<std::uint64_t> left_;  ///< of a body with a length: bytes to come
  std::size_t until_deadline_ = 0;     ///< bytes that have to come before it
  bool broken_off_ = false;            ///< nothing more comes of this body
  std::chrono::steady_clock::time_point started_;
  std::size_t route_number_ = static_cast<std::size_t>(-1);
};

}  // namespace cairn::gateway
