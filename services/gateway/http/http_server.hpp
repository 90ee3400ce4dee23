#pragma once
// Sockets: HTTP/1.1 requests in, answers out. All that knows Boost is behind this header.

#include "services/gateway/http/site.hpp"

#include <cstdint>
#include <memory>

namespace cairn::gateway {

/// Serves a site: one thread per core for sockets, a few with a database connection each for the handlers.
class HttpServer {
 public:
  /// Listens; throws std::system_error with the address when that can't be.
  explicit HttpServer(Site& site);
  ~HttpServer();

  std::uint16_t port() const;
  /// Takes no more connections, ends idle ones, lets requests under way finish within the drain time. Returns when all is done.
  void stop();

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace cairn::gateway
