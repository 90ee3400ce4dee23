#include "services/archives/archive_site.hpp"

#include "services/gateway/http/addresses.hpp"
#include "services/gateway/http/quick_request.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::archives {
namespace {

using gateway::Request;
using gateway::Response;

constexpr std::size_t kTileEntry = 0;  // its place in the table

std::vector<gateway::Route> routes_of(const auto& table) {
  std::vector<gateway::Route> routes;
  for (const auto& entry : table) routes.push_back({gateway::Method::get, entry.pattern});
  return routes;
}

std::vector<std::string> names_of(const auto& table) {
  std::vector<std::string> names;
  for (const auto& entry : table) names.push_back("GET " + std::string{entry.pattern});
  return names;
}

}  // namespace

const std::vector<ArchiveSite::Entry>& ArchiveSite::table() {
  static const std::vector<Entry> table{{"/tiles/{set}/{z}/{x}/{y}", &ArchiveSite::tile},
                                        {"/tiles/{file}", &ArchiveSite::file},
                                        {"/", &ArchiveSite::list},
                                        {"/metrics", &ArchiveSite::show_metrics},
                                        {"/healthz", &ArchiveSite::show_health}};
  return table;
}

ArchiveSite::ArchiveSite(gateway::ServerOptions options, const std::vector<std::filesystem::path>& files, std::size_t cache_bytes)
    : options_{std::move(options)}, ready_{cache_bytes}, shelf_{files}, answers_{shelf_, ready_}, router_{routes_of(table())}, metrics_{names_of(table())} {
  shelf_.follow();
}

std::optional<gateway::QuickAnswer> ArchiveSite::quick_answer(const gateway::QuickRequest& request, const std::string&) {
  const auto address = gateway::tile_address_from(request.target);
  auto answer = address ? answers_.ready_tile(*address, request.accept_encoding) : nullptr;
  return answer ? std::optional{gateway::QuickAnswer{std::move(answer), kTileEntry}} : std::nullopt;
}

std::variant<const gateway::Route*, Response> ArchiveSite::route(Request& request) {
  if (gateway::is_preflight(request)) return gateway::preflight_answer(request);
  auto found = router_.find(request.method, request.path);
  auto* match = std::get_if<gateway::Match>(&found);
  if (!match) return gateway::answer_without_route(found, request.method);
  request.parameters = std::move(match->parameters);
  const auto entry = std::ranges::find(table(), match->route->pattern, &Entry::pattern);
  return (this->*entry->answer)(request);
}

Response ArchiveSite::tile(const Request& request) const { return answers_.tile(request); }

Response ArchiveSite::file(const Request& request) const { return answers_.file(request, gateway::base_url_of(request, options_)); }

Response ArchiveSite::list(const Request& request) const { return gateway::json_response(200, {{"archives", answers_.list(gateway::base_url_of(request, options_))}}); }

Response ArchiveSite::show_metrics(const Request&) const { return {200, "text/plain; version=0.0.4", {{"Cache-Control", "no-store"}}, metrics_.text()}; }

Response ArchiveSite::show_health(const Request&) const { return {200, "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}, std::string{"alive\n"}}; }

}  // namespace cairn::archives
