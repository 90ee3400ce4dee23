#include "services/gateway/gateway.hpp"

#include "services/gateway/endpoints.hpp"
#include "services/gateway/receive/partial_uploads.hpp"
#include "services/identity/server_secret.hpp"
#include "services/store/accounts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace cairn::gateway {
namespace {

constexpr std::size_t kCacheBytes = 64 << 20;  // some 2,500 tiles of 24 kB: a city's at the zooms people look at
constexpr std::chrono::seconds kSoon{5};       // for a database or a disk to come back

std::vector<std::string> names_of(const std::vector<Route>& routes) {
  std::vector<std::string> names;
  for (const auto& route : routes) names.push_back(std::string{name_of(route.method)} + " " + std::string{route.pattern});
  return names;
}

Response preflight(const Request& request) {
  Response response{200, "text/plain; charset=utf-8", {}, {}};
  response.headers.emplace_back("Access-Control-Allow-Methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  response.headers.emplace_back("Access-Control-Max-Age", "3600");
  if (const auto asked = request.header("access-control-request-headers")) response.headers.emplace_back("Access-Control-Allow-Headers", *asked);
  return response;
}

Response no_route(const std::variant<Match, NoSuchPath, OtherMethods, BadPath>& found, Method method) {
  if (std::holds_alternative<BadPath>(found)) return error_response(400, "The address is malformed");
  if (const auto* other = std::get_if<OtherMethods>(&found)) {
    auto response = method == Method::options ? Response{204, "", {}, {}} : error_response(405, "This address takes " + other->allow);
    response.headers.emplace_back("Allow", other->allow + ", OPTIONS");
    return response;
  }
  return error_response(404, "There is nothing at this address");
}

}  // namespace

Gateway::Gateway(GatewayOptions options, std::function<UtcTime()> clock) : Gateway{std::move(options), std::move(clock), all_routes()} {}

Gateway::Gateway(GatewayOptions options, std::function<UtcTime()> clock, std::vector<Route> routes)
    : options_{std::move(options)},
      clock_{std::move(clock)},
      blobs_{options_.blobs.empty() ? options_.data / "blobs" : options_.blobs},
      writer_{options_.database},
      cache_{kCacheBytes},
      epochs_{options_.data / "bundles"},
      pages_{options_.web},
      table_{std::move(routes)},
      router_{table_},
      metrics_{names_of(table_)},
      admission_{options_.limits} {
  if (options_.token_secret.bytes.empty()) options_.token_secret = identity::server_secret(options_.data / "token-secret");
  store::Session session{options_.database};
  store::migrate(session);
  std::filesystem::create_directories(incoming_folder(options_));
  sweep_orphans(session, incoming_folder(options_), options_.limits.partial.lifetime);
  session.write([&](store::Session& writer) { local_account_ = store::account_named(writer, std::string{store::kLocalAccount}, clock_()).id; });
}

std::variant<const Route*, Response> Gateway::route(Request& request) {
  if (auto refusal = admission_.too_often(request)) return *refusal;
  if (request.method == Method::options && request.header("access-control-request-method")) return preflight(request);
  auto found = router_.find(request.method, request.path);
  if (auto* match = std::get_if<Match>(&found)) {
    request.parameters = std::move(match->parameters);
    return match->route;
  }
  return no_route(found, request.method);
}

std::size_t Gateway::number_of(const Route& route) const {
  const auto same = [&](const Route& other) { return other.method == route.method && other.pattern == route.pattern; };
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
  Context context{*session, writer_, blobs_, cache_, picture_tiles_, epochs_, pages_, metrics_, options_, local_account_, clock_(), std::nullopt, base_url_of(request, options_)};
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

void Gateway::finish(const Request& request, Response& response) const {
  const auto has = [&](std::string_view name) { return value_of(response.headers, name).has_value(); };
  if (const auto origin = request.header("origin")) {
    response.headers.emplace_back("Access-Control-Allow-Origin", *origin);
    response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
  }
  if (!has("Vary")) response.headers.emplace_back("Vary", "Origin, Authorization, Cookie");
  const bool is_error = response.status >= 400;
  if (is_error) std::erase_if(response.headers, [](const auto& header) { return header.first == "Cache-Control"; });
  if (is_error) {
    response.headers.emplace_back("Cache-Control", "no-store");
  } else if (!has("Cache-Control")) {
    response.headers.emplace_back("Cache-Control", request.header("authorization") || request.header("cookie") ? "private" : "public");
  }
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace cairn::gateway
