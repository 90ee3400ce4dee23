#include "services/archives/archive_site.hpp"

#include "services/gateway/http/addresses.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/gateway/http/quick_request.hpp"
#include "services/gateway/http/tile_address.hpp"
#include "tiler/archive/tilejson.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace cairn::archives {
namespace {

using gateway::error_response;
using gateway::Request;
using gateway::Response;

constexpr std::size_t kTileEntry = 0;  // its place in the table
constexpr std::string_view kTilesPath = "tiles/";

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

bool has_zoom(const Shelved& archive, std::int64_t zoom) {
  const auto& facts = archive.archive->facts();
  return zoom >= facts.min_zoom && zoom <= facts.max_zoom;
}

Response no_archive() { return error_response(404, "There is no such archive: / lists those that are served"); }

Response damaged(const Shelved& archive, const std::exception& error) {
  spdlog::error("{}: {}", archive.path.string(), error.what());
  return error_response(500, std::string{"The archive is damaged here: "} + error.what());
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
    : options_{std::move(options)}, shelf_{files}, cache_{cache_bytes}, router_{routes_of(table())}, metrics_{names_of(table())}, looking_{[this](std::stop_token stop) { look(stop); }} {}

std::optional<gateway::QuickAnswer> ArchiveSite::quick_answer(const gateway::QuickRequest& request, const std::string&) {
  auto address = gateway::tile_address_from(request.target);
  if (!address || !address->set.starts_with(kTilesPath)) return std::nullopt;
  const auto archive = shelf_.find(address->set.substr(kTilesPath.size()));
  const auto tile = TileId::from_zxy(address->z, address->x, address->y);
  if (!archive || !tile || !has_zoom(*archive, address->z)) return std::nullopt;
  const auto format = archive->archive->facts().format;
  if (!tiler::is_ending_of(format, address->ending)) return std::nullopt;
  const TileForm form{tiler::is_gzipped(format) && gateway::takes_gzip(request.accept_encoding), address->version == archive->version};
  const auto key = gateway::AnswerCache::key_of(archive->number, *tile, (form.may_be_packed ? 1 : 0) + (form.is_versioned ? 2 : 0));
  if (auto known = cache_.find(key)) return gateway::QuickAnswer{std::move(known), kTileEntry};
  try {
    auto answer = tile_answer(archive, *tile, form);
    cache_.keep(key, answer);
    return gateway::QuickAnswer{std::move(answer), kTileEntry};
  } catch (const std::runtime_error&) {
    return std::nullopt;  // said in a sentence by tile()
  }
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

Response ArchiveSite::tile(const Request& request) const {
  const auto archive = shelf_.find(request.parameter("set"));
  if (!archive) return no_archive();
  const auto& facts = archive->archive->facts();
  const std::string_view name = request.parameter("y");
  const auto dot = std::min(name.rfind('.'), name.size());
  const auto z = gateway::whole_from(request.parameter("z")), x = gateway::whole_from(request.parameter("x")), y = gateway::whole_from(name.substr(0, dot));
  const std::string ending{tiler::ending_of(facts.format)};
  if (!z || !x || !y) return error_response(400, "A tile is asked for as zoom/x/y." + ending + ", in whole numbers");
  if (!tiler::is_ending_of(facts.format, name.substr(std::min(dot + 1, name.size())))) return error_response(400, "Tiles of this archive come as " + ending);
  if (!has_zoom(*archive, *z)) return error_response(404, "Zooms go from " + std::to_string(facts.min_zoom) + " to " + std::to_string(facts.max_zoom));
  const auto tile = TileId::from_zxy(*z, *x, *y);
  if (!tile) return error_response(404, "x and y must be below 2^zoom");
  try {
    return tile_response(request, archive, *tile, {gateway::takes_gzip(request), request.query_value("v") == archive->version});
  } catch (const std::runtime_error& error) {
    return damaged(*archive, error);
  }
}

/// TileJSON, or the archive itself.
Response ArchiveSite::file(const Request& request) const {
  const std::filesystem::path name = request.parameter("file");
  const auto archive = shelf_.find(name.stem().string());
  const auto path = archive ? archive->archive->file() : std::filesystem::path{};
  if (archive && name.extension() == ".json") {
    const auto url = gateway::base_url_of(request, options_) + "/tiles/" + gateway::percent_encoded(archive->name) + "/{z}/{x}/{y}." + std::string{tiler::ending_of(archive->archive->facts().format)};
    return {200, "application/json", {{"Cache-Control", "public, max-age=60"}}, tiler::tilejson(archive->archive->facts(), url)};
  }
  if (path.empty() || name.extension() != ".pmtiles") return no_archive();
  Response response{200, "application/vnd.pmtiles", {{"Cache-Control", "public, max-age=60"}, {"Vary", "Origin"}}, gateway::FileBody{path, 0, archive->size, archive}};
  return gateway::conditional(request, std::move(response), '"' + archive->version + '"');
}

Response ArchiveSite::list(const Request& request) const {
  auto archives = nlohmann::json::array();
  for (const auto& archive : shelf_.all()) {
    archives.push_back({{"name", archive->name}, {"tilejson", gateway::base_url_of(request, options_) + "/tiles/" + gateway::percent_encoded(archive->name) + ".json"}, {"version", archive->version}});
  }
  return gateway::json_response(200, {{"archives", archives}});
}

Response ArchiveSite::show_metrics(const Request&) const { return {200, "text/plain; version=0.0.4", {{"Cache-Control", "no-store"}}, metrics_.text()}; }

Response ArchiveSite::show_health(const Request&) const { return {200, "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}, std::string{"alive\n"}}; }

/// Once a second: a map follows its archive about as quickly as a person switches windows.
void ArchiveSite::look(std::stop_token stop) {
  while (!stop.stop_requested()) {
    shelf_.look();
    std::unique_lock lock{mutex_};
    pause_.wait_for(lock, stop, std::chrono::seconds{1}, [] { return false; });
  }
}

}  // namespace cairn::archives
