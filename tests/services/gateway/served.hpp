#pragma once
// A gateway with its server on a free port and a data folder of its own.

#include "services/gateway/gateway.hpp"
#include "services/gateway/http/http_server.hpp"
#include "tests/services/gateway/http_client.hpp"
#include "tests/services/scratch.hpp"

namespace cairn::testing {

inline const UtcTime kNow = *time_from_iso8601("2026-05-01T12:00:00Z");

class Served {
 public:
  explicit Served(gateway::GatewayOptions options = {}) : gateway_{prepared(std::move(options)), [] { return kNow; }}, server_{gateway_} {}
  Served(gateway::GatewayOptions options, std::vector<gateway::Route> routes)
      : gateway_{prepared(std::move(options)), [] { return kNow; }, std::move(routes)}, server_{gateway_} {}

  HttpClient client() const { return HttpClient{server_.port()}; }
  store::Session session() const { return store::Session{scratch_.database()}; }
  const store::BlobStore& blobs() const { return gateway_.blobs(); }
  const std::filesystem::path& folder() const { return scratch_.path(); }
  void stop() { server_.stop(); }

 private:
  gateway::GatewayOptions prepared(gateway::GatewayOptions options) {
    options.port = 0;
    options.data = scratch_.path();
    options.database = scratch_.database();
    options.io_threads = 2;
    if (options.limits.disk_floor == gateway::Limits{}.disk_floor) options.limits.disk_floor = 0;  // a test needs no gigabyte
    return options;
  }

  ScratchFolder scratch_;
  gateway::Gateway gateway_;
  gateway::HttpServer server_;
};

}  // namespace cairn::testing
