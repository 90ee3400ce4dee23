#pragma once
// What a handler may use: one connection to the catalogue, the blobs, the clock's reading, and who asks.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/gateway/census.hpp"
#include "services/gateway/http/http.hpp"
#include "services/gateway/options.hpp"
#include "services/store/accounts.hpp"
#include "services/store/blobs.hpp"
#include "services/store/writer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::archives {
class ArchiveAnswers;
}

namespace cairn::gateway {

enum class Needs;
class Metrics;
class StaticFiles;
class BlobCache;
class ChangePages;
class PictureTiles;
class ClosedEpochs;
class TileAnswers;
class TileMeter;

struct Caller {
  AccountId account;
  bool may_read = false;              ///< what belongs to the account
  bool may_upload = false;
  bool is_admin = false;              ///< of this server: the account's role and the token's scope both say so
  bool has_token = false;             ///< or a login: somebody, whose use is counted, and not the local account
  bool owns_account = false;          ///< may erase it and make any token: its browser, or a token with the scope admin
};

struct Context {
  store::Session& catalogue;          ///< for reading
  store::Writer& writer;              ///< for writing what many requests write: commits them together
  const store::BlobStore& blobs;
  BlobCache& cache;
  PictureTiles& picture_tiles;
  TileAnswers& tile_answers;
  TileMeter& tile_meter;
  const archives::ArchiveAnswers& archives;
  ClosedEpochs& epochs;
  ChangePages& changes;
  Census& census;
  const StaticFiles& pages;
  const Metrics& metrics;
  const GatewayOptions& options;
  AccountId local_account;            ///< whose uploads are those without a token
  UtcTime now{};
  std::optional<Caller> caller;
  std::string base_url;               ///< "http://host:port", for links
};

/// Mapillary's tools show a token of their own before anybody logged in: it stands for a program, not for a person.
bool names_app(std::string_view authorization);

/// The token with that secret, noted as used; 401 or 403 with the reason when it may not be used.
std::variant<store::Token, Response> valid_token(std::string_view secret, Context& context);

/// Who asks: the holder of the bearer token; else of the session cookie, unless another site's page sent the request; else the
/// local account where no token is needed; else nobody. A token that is not valid is answered 401, one that is no longer or not
/// yet anybody's 403.
std::variant<std::optional<Caller>, Response> caller_of(const Request& request, Context& context);

/// What speaks against the caller: 401 for nobody (a browser that wants to read is sent to the login page), 403 for one who may
/// do other things only.
std::optional<Response> caller_refused(const Request& request, const Context& context, Needs needs);

/// The session cookie's value; empty when there is none.
std::string_view session_cookie_of(const Request& request);
/// Whether a page of this server, or no page at all, sent the request: browsers name the page's origin with every request that
/// changes something and with every one to another site, so that no other site can act with our cookie.
bool is_from_our_pages(const Request& request, const Context& context);

}  // namespace cairn::gateway
