#pragma once
// Everything between a parsed request and its answer; no sockets here.

#include "services/gateway/admission.hpp"
#include "services/gateway/blob_cache.hpp"
#include "services/gateway/closed_epochs.hpp"
#include "services/gateway/context.hpp"
#include "services/gateway/metrics.hpp"
#include "services/gateway/picture_tiles.hpp"
#include "services/gateway/http/router.hpp"
#include "services/gateway/http/static_files.hpp"

#include <functional>
#include <variant>

namespace cairn::gateway {

class Gateway {
 public:
  /// Brings the catalogue to the newest version, makes the local account, reads the map page. Throws with what to do when the
  /// data folder or the database can't be used.
  Gateway(GatewayOptions options, std::function<UtcTime()> clock);
  /// The same with a table of one's own.
  Gateway(GatewayOptions options, std::function<UtcTime()> clock, std::vector<Route> routes);

  const GatewayOptions& options() const { return options_; }
  const store::BlobStore& blobs() const { return blobs_; }
  Metrics& metrics() { return metrics_; }
  /// When port 0 became a real one.
  void set_port(std::uint16_t port) { options_.port = port; }

  /// The route, with its parameters put into the request; or the answer: where no route fits, a browser asks beforehand, or the
  /// address asks too often.
  std::variant<const Route*, Response> route(Request& request);
  std::size_t number_of(const Route& route) const;

  struct Outcome {
    std::optional<Response> response;
    bool session_is_good = true;
  };
  /// What speaks against reading the body: the answer, or nothing. Opens the sink of a route that takes a stream.
  Outcome admit(Request& request, const Route& route, store::Session* session);
  /// The answer of the route's handler. Whatever it throws becomes a 503 or 507 with a sentence, and a line in the log.
  Outcome answer(Request& request, const Route& route, store::Session* session);
  /// After a body that didn't come to its end: lets its sink keep what came. No answer.
  Outcome abandon(Request& request, store::Session* session);
  /// The next piece of a body that is made while it is sent: 200 with it, 204 at the end. Another status than 503 ends it, too.
  Outcome next_piece(Request& request, BodySource& source, store::Session* session);
  /// Adds what every answer has: CORS, caching, content sniffing off.
  void finish(const Request& request, Response& response) const;

 private:
  Outcome guarded(Request& request, store::Session* session, const std::function<std::optional<Response>(Context&)>& work);

  GatewayOptions options_;
  std::function<UtcTime()> clock_;
  store::BlobStore blobs_;
  store::Writer writer_;
  BlobCache cache_;
  PictureTiles picture_tiles_;
  ClosedEpochs epochs_;
  StaticFiles pages_;
  std::vector<Route> table_;
  Router router_;
  Metrics metrics_;
  Admission admission_;
  AccountId local_account_;
};

}  // namespace cairn::gateway
