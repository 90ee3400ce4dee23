#pragma once
// What a handler may use: one connection to the catalogue, the blobs, the clock's reading, and who asks.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/gateway/http/http.hpp"
#include "services/gateway/options.hpp"
#include "services/store/blobs.hpp"
#include "services/store/database.hpp"

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
  store::Session& catalogue;
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

/// What speaks against an upload before its body is read: 401 and 403 for the caller, 429 and 507 for the state of the service.
std::optional<Response> upload_refused(Context& context);

/// The address under which the client sees this server, without a slash at the end.
std::string base_url_of(const Request& request, const GatewayOptions& options);

}  // namespace cairn::gateway
