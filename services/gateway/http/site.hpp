#pragma once
// What an HTTP server serves. No sockets here.

#include "services/gateway/http/router.hpp"
#include "services/gateway/http/server_options.hpp"
#include "services/gateway/metrics.hpp"

#include <functional>
#include <optional>
#include <variant>

namespace cairn::gateway {

struct QuickAnswer;
struct QuickRequest;

class Site {
 public:
  virtual ~Site() = default;

  virtual const ServerOptions& options() const = 0;
  virtual Metrics& metrics() = 0;
  /// When port 0 became a real one.
  virtual void set_port(std::uint16_t port) = 0;

  /// The answer where it lies in memory ready to be sent; nothing where more is needed than that. Called on a socket's thread for
  /// every plain GET and HEAD, so it must not wait.
  virtual std::optional<QuickAnswer> quick_answer(const QuickRequest& request, const std::string& socket_address) = 0;

  /// The route whose handler answers on a thread with a connection to the catalogue, with its parameters put into the request; or
  /// the answer. Called on a socket's thread.
  virtual std::variant<const Route*, Response> route(Request& request) = 0;
  /// The route's index in the metrics.
  virtual std::size_t number_of(const Route& route) const = 0;

  // Of a site that gives routes, with a session, or null when the catalogue can't be reached:
  struct Outcome {
    std::optional<Response> response;
    bool session_is_good = true;
  };
  /// What speaks against reading the body: the answer, or nothing. Opens the sink of a route that takes a stream.
  virtual Outcome admit(Request& request, const Route& route, store::Session* session) = 0;
  /// The answer of the route's handler.
  virtual Outcome answer(Request& request, const Route& route, store::Session* session) = 0;
  /// After a body that didn't come to its end: lets its sink keep what came. No answer.
  virtual Outcome abandon(Request& request, store::Session* session) = 0;
  /// The next piece of a body that is made while it is sent: 200 with it, 204 at the end. Another status than 503 ends it, too.
  virtual Outcome next_piece(Request& request, BodySource& source, store::Session* session) = 0;
};

/// The answer where no route fits: 400, 404, 405 with what there is, 204 to OPTIONS.
Response answer_without_route(const std::variant<Match, NoSuchPath, OtherMethods, BadPath>& found, Method method);
/// Whether a browser asks beforehand (CORS), and what it is told: it may.
bool is_preflight(const Request& request);
Response preflight_answer(const Request& request);
/// Adds what every answer has: CORS, caching, content sniffing off.
void add_common_headers(const Request& request, Response& response);

}  // namespace cairn::gateway
