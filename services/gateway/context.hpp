#pragma once
// What a handler may use: one connection to the catalogue, the blobs, the clock's reading, and who asks.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/gateway/http/http.hpp"
#include "services/gateway/options.hpp"
#include "services/store/blobs.hpp"
#include "services/store/writer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::gateway {

class Metrics;
class StaticFiles;
class BlobCache;

struct Caller {
  AccountId account;
  bool may_upload = false;
  bool has_token = false;
};

struct Context {
  store::Session& catalogue;          ///< for reading
  store::Writer& writer;              ///< for writing what many requests write: commits them together
  const store::BlobStore& blobs;
  BlobCache& cache;
  const StaticFiles& pages;
  const Metrics& metrics;
  const GatewayOptions& options;
  AccountId local_account;            ///< whose uploads are those without a token
  UtcTime now{};
  std::optional<Caller> caller;
  std::string base_url;               ///< "http://host:port", for links
};

/// Who asks: the holder of the bearer token; without one the local account where no token is needed; else nobody. A token that
/// is not valid is answered 401, one that belongs to nobody yet 403.
std::variant<std::optional<Caller>, Response> caller_of(const Request& request, Context& context);

/// The address of the client: of the socket, or the one that a trusted ingress says it forwards for.
std::string client_address(const Request& request, const std::string& socket_address, const GatewayOptions& options);

/// The address under which the client sees this server, without a slash at the end.
std::string base_url_of(const Request& request, const GatewayOptions& options);

}  // namespace cairn::gateway
