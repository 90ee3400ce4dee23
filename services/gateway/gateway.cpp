#include "services/gateway/gateway.hpp"

#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/addresses.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/gateway/http/quick_request.hpp"
#include "services/gateway/http/tile_address.hpp"
#include "services/gateway/map/asked_tile.hpp"
#include "services/gateway/ogc/collections.hpp"
#include "services/gateway/receive/partial_uploads.hpp"
#include "services/identity/server_secret.hpp"
#include "services/store/accounts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace cairn::gateway {
namespace {

constexpr std::size_t kCacheBytes = 16 << 20;  // thumbnails; tiles that are ready lie in the page cache
constexpr std::chrono::seconds kSoon{5};       // for a database or a disk to come back

std::vector<std::string> names_of(const std::vector<Route>& routes) {
  std::vector<std::string> names;
  for (const auto& route : routes) names.push_back(std::string{name_of(route.method)} + " " + std::string{route.pattern});
  return names;
}

}  // namespace

Gateway::Gateway(GatewayOptions options, std::function<UtcTime()> clock) : Gateway{std::move(options), std::move(clock), all_routes()} {}

Gateway::Gateway(GatewayOptions options, std::function<UtcTime()> clock, std::vector<Route> routes)
    : options_{std::move(options)},
      clock_{std::move(clock)},
      blobs_{options_.blobs.empty() ? options_.data / "blobs" : options_.blobs},
      writer_{options_.database},
      cache_{kCacheBytes},
      ready_{options_.tile_cache_bytes},
      tile_answers_{options_.database, ready_},
      tile_meter_{options_.database, options_.limits.token_tiles_per_day, clock_},
      shelf_{options_.archives.empty() ? options_.data / "archives" : options_.archives, ogc::is_ours},
      archives_{shelf_, ready_},
      epochs_{options_.data / "bundles"},
      pages_{options_.web},
      table_{std::move(routes)},
      router_{table_},
      metrics_{names_of(table_)},
      tile_route_{number_of(Method::get, "/tiles/{set}/{z}/{x}/{y}")},
      panoramax_tile_route_{number_of(Method::get, "/api/map/{z}/{x}/{y}")},
      admission_{options_.limits} {
  if (options_.token_secret.bytes.empty()) options_.token_secret = identity::server_secret(options_.data / "token-secret");
  store::Session session{options_.database};
  store::migrate(session);
  std::filesystem::create_directories(incoming_folder(options_));
  sweep_orphans(session, incoming_folder(options_), options_.limits.partial.lifetime);
  tile_answers_.follow_catalogue();
  shelf_.follow();
  session.write([&](store::Session& writer) { local_account_ = store::account_named(writer, std::string{store::kLocalAccount}, clock_()).id; });
}

std::variant<const Route*, Response> Gateway::route(Request& request) {
  if (auto refusal = admission_.too_often(request.peer)) return *refusal;
  if (is_preflight(request)) return preflight_answer(request);
  auto found = router_.find(request.method, request.path);
  if (auto* match = std::get_if<Match>(&found)) {
    request.parameters = std::move(match->parameters);
    return match->route;
  }
  return answer_without_route(found, request.method);
}

/// With a version of its present content the one that may be kept for ever, with any other the common one.
SharedAnswer Gateway::kept_tile(TileAnswers::Key key, std::string_view version) {
  auto common = tile_answers_.find(key);
  if (version.empty() || (common && !is_version_of(version, common->etag()))) return common;
  key.versioned = true;
  auto lasting = tile_answers_.find(key);
  return lasting && is_version_of(version, lasting->etag()) ? lasting : nullptr;
}

/// A tile of the catalogue, where it is kept.
SharedAnswer Gateway::kept_tile(const TileAddress& address, TileAnswers::Door door, std::string_view accept_encoding) {
  const auto tile = TileId::from_zxy(address.z, address.x, address.y);
  const auto format = tiler::format_of(TileAnswers::set_of(door));
  if (!tile || !tiler::is_ending_of(format, address.ending)) return nullptr;
  return kept_tile({door, *tile, tiler::is_gzipped(format) && takes_gzip(accept_encoding)}, address.version);
}

/// A tile that is ready, for somebody who may have it. All else goes the long way, which says why not.
std::optional<QuickAnswer> Gateway::quick_answer(const QuickRequest& request, const std::string& socket_address) {
  const auto address = tile_address_from(request.target);
  if (!address) return std::nullopt;
  const auto secret = secret_in(request.authorization, address->key);
  if (!secret || tile_meter_.verdict_on(*secret) != TileMeter::Verdict::welcome) return std::nullopt;
  const auto door = TileAnswers::door_of(address->set);
  auto answer = door ? kept_tile(*address, *door, request.accept_encoding) : archives_.ready_tile(*address, request.accept_encoding);
  if (!answer) return std::nullopt;
  const auto peer = options_.trust_proxy ? forwarded_address(request.forwarded_for, socket_address) : socket_address;
  if (admission_.too_often(peer)) return std::nullopt;
  const bool has_body = !request.is_head && !is_known(request.if_none_match, *answer);
  tile_meter_.count(*secret, has_body ? size_of(answer->body) : 0);
  return QuickAnswer{std::move(answer), door == TileAnswers::Door::panoramax_api ? panoramax_tile_route_ : tile_route_};
}

std::size_t Gateway::number_of(const Route& route) const { return number_of(route.method, route.pattern); }

std::size_t Gateway::number_of(Method method, std::string_view pattern) const {
  const auto same = [&](const Route& other) { return other.method == method && other.pattern == pattern; };
  return static_cast<std::size_t>(std::ranges::find_if(table_, same) - table_.begin());
}

Gateway::Outcome Gateway::admit(Request& request, const Route& route, store::Session* session) {
  return guarded(request, session, [&](Context& context) -> std::optional<Response> {
    if (auto refusal = caller_refused(request, context, route.needs)) return refusal;
    if (route.takes != Takes::stream) return std::nullopt;  // brings no file: a full disk or a used up quota is nothing to it
    if (auto refusal = admission_.upload_refused(request, context)) return refusal;
    auto opened = route.open(request, context);
    if (auto* refusal = std::get_if<Response>(&opened)) return std::move(*refusal);
    request.sink = std::move(std::get<std::unique_ptr<BodySink>>(opened));
    return std::nullopt;
  });
}

Gateway::Outcome Gateway::answer(Request& request, const Route& route, store::Session* session) {
  return guarded(request, session, [&](Context& context) -> std::optional<Response> {
    if (auto refusal = caller_refused(request, context, route.needs)) return refusal;
    return route.handler(request, context);
  });
}

Gateway::Outcome Gateway::abandon(Request& request, store::Session* session) {
  return guarded(request, session, [&](Context& context) -> std::optional<Response> {
    request.sink->abandon(context);
    return std::nullopt;
  });
}

Gateway::Outcome Gateway::next_piece(Request& request, BodySource& source, store::Session* session) {
  return guarded(request, session, [&](Context& context) -> std::optional<Response> {
    auto piece = source.next(context);
    return piece ? Response{200, "", {}, std::move(*piece)} : Response{204, "", {}, {}};
  });
}

Gateway::Outcome Gateway::guarded(Request& request, store::Session* session, const std::function<std::optional<Response>(Context&)>& work) {
  if (!session) return {retry_response(503, "The catalogue can't be reached: try again in a moment", kSoon), false};
  Context context{*session, writer_, blobs_, cache_, picture_tiles_, tile_answers_, tile_meter_, archives_, epochs_, changes_, census_, pages_, metrics_, options_, local_account_, clock_(), std::nullopt, base_url_of(request, options_)};
  try {
    auto caller = caller_of(request, context);
    if (auto* refusal = std::get_if<Response>(&caller)) return {std::move(*refusal), true};
    context.caller = std::get<std::optional<Caller>>(caller);
    return {work(context), true};
  } catch (const std::system_error& error) {
    spdlog::error("{} {}: {}", name_of(request.method), request.path, error.what());
    const bool is_full = error.code() == std::errc::no_space_on_device;
    return {is_full ? retry_response(507, "The server's disk is full: try again later", kSoon) : retry_response(503, "The server can't do this now: try again in a moment", kSoon), false};
  } catch (const std::exception& error) {
    spdlog::error("{} {}: {}", name_of(request.method), request.path, error.what());
    return {retry_response(503, "The server can't do this now: try again in a moment", kSoon), false};
  }
}

}  // namespace cairn::gateway
