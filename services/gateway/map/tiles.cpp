// Tiles as they were built: a look-up and a blob, never a rendering.

#include "services/archives/archive_answers.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/blob_cache.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/map/asked_tile.hpp"
#include "services/gateway/map/tile_answers.hpp"
#include "services/gateway/map/tile_meter.hpp"
#include "services/gateway/ogc/collections.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tiles.hpp"
#include "tiler/archive/tilejson.hpp"
#include "tiler/gzip.hpp"

#include <algorithm>

namespace cairn::gateway {
namespace {

/// What speaks against a tile for the holder of this secret: 401 and 403 for a token that isn't valid, 429 when the day's tiles are used up.
std::optional<Response> refused(std::string_view secret, Context& context) {
  if (context.tile_meter.verdict_on(secret) == TileMeter::Verdict::unknown) {
    const auto token = valid_token(secret, context);
    if (const auto* refusal = std::get_if<Response>(&token)) return *refusal;
    const auto& id = std::get<store::Token>(token).id;
    context.tile_meter.learn(secret, id, store::tile_use_of(context.catalogue, id, store::day_of(context.now)).tiles);
  }
  if (context.tile_meter.verdict_on(secret) != TileMeter::Verdict::over) return std::nullopt;
  const auto most = std::to_string(context.options.limits.token_tiles_per_day);
  return retry_response(429, "A token may fetch " + most + " tiles a day (UTC): go on tomorrow", until_midnight(context.now));
}

/// The whole answer; its ETag is empty where the tile is.
struct WholeTile {
  Response response;
  std::string etag;
  std::filesystem::path file = {};  ///< that holds its body as it is
};

WholeTile whole_tile(Context& context, const store::TileRow& row, tiler::TileFormat format, bool packed, bool versioned) {
  WholeTile tile{{200, std::string{tiler::content_type_of(format)}, {}, {}}, '"' + row.hash->hex() + (packed ? "-gz\"" : "\"")};
  tile.response.headers = {{"Cache-Control", versioned ? "public, max-age=31536000, immutable" : "public, max-age=5, stale-while-revalidate=60"}, {"Vary", "Accept-Encoding, Origin"}};
  if (packed) tile.response.headers.emplace_back("Content-Encoding", "gzip");
  const auto bytes = context.cache.get(context.blobs, *row.blob);
  if (!bytes) return {error_response(404, "This tile is damaged and will be built again"), {}};
  const bool as_it_is = packed || !tiler::is_gzipped(format);
  tile.response.body = as_it_is ? bytes : std::make_shared<const Bytes>(tiler::gunzipped(*bytes, kLargestTile));
  if (as_it_is) tile.file = context.blobs.path_of(store::Namespace::public_, *row.blob);
  return tile;
}

/// What is kept of it: its head, and where its body lies. The page cache holds that better than we could.
SharedAnswer ready_answer(const WholeTile& whole) {
  auto response = whole.response;
  if (!whole.etag.empty()) response.headers.emplace_back("ETag", whole.etag);
  const auto size = size_of(response.body);
  return whole.file.empty() ? prepared_answer(std::move(response)) : prepared_answer(std::move(response), whole.file, size);
}

Response empty_tile(TileAnswers::Door door, tiler::TileFormat format, bool is_built) {
  const int status = door == TileAnswers::Door::panoramax_api ? 200 : 204;
  return {status, std::string{tiler::content_type_of(format)}, {{"Cache-Control", "public, max-age=5, stale-while-revalidate=60"}, {"Vary", "Accept-Encoding, Origin"}, {"X-Tile-State", is_built ? "empty" : "not-built"}}, {}};
}

/// The answer for somebody who may have tiles, counted.
template <class Answer>
Response metered(const Request& request, Context& context, const Answer& answer) {
  const auto secret = secret_in(request.header("authorization").value_or(""), request.query_value("key").value_or("")).value_or("");
  if (auto refusal = refused(secret, context)) return *refusal;
  auto response = answer();
  if (response.status < 400) context.tile_meter.count(secret, request.method == Method::head ? 0 : size_of(response.body));
  return response;
}

Response tile_answer(const Request& request, Context& context, TileAnswers::Door door, TileId tile) {
  const auto stamp = context.tile_answers.stamp();
  const auto set = TileAnswers::set_of(door);
  const auto format = tiler::format_of(set);
  const auto row = store::find_tile(context.catalogue, std::string{tiler::name_of(set)}, tile);
  const auto version = request.query_value("v").value_or("");
  const bool packed = tiler::is_gzipped(format) && takes_gzip(request), there = row && row->hash && row->blob;
  const bool versioned = there && is_version_of(version, '"' + row->hash->hex());
  auto whole = there ? whole_tile(context, *row, format, packed, versioned) : WholeTile{empty_tile(door, format, row.has_value()), {}};
  const bool is_told = row.has_value();  // when it changes; nobody tells when a tile that was never built is built and empty
  if (is_told && whole.response.status < 400) context.tile_answers.keep({door, tile, packed, versioned}, ready_answer(whole), stamp);
  return whole.etag.empty() ? std::move(whole.response) : unless_known(request, std::move(whole.response), whole.etag);
}

Response tile_of_set(const Request& request, Context& context, TileAnswers::Door door) {
  const auto asked = asked_tile(request, TileAnswers::set_of(door));
  if (asked.refusal) return *asked.refusal;
  return metered(request, context, [&] { return tile_answer(request, context, door, *asked.tile); });
}

Response no_such_set() { return error_response(404, "There is no such tile set: /tiles lists all"); }

Response set_tilejson(Context& context, tiler::TileSet set) {
  tiler::TileJsonInfo info;
  info.tile_urls = {context.base_url + "/tiles/" + std::string{tiler::name_of(set)} + "/{z}/{x}/{y}." + std::string{tiler::ending_of(tiler::format_of(set))}};
  if (const auto extent = store::data_extent(context.catalogue)) info.bounds = extent->bounds;
  info.name = context.options.terms.title;
  info.attribution = context.options.terms.attribution;
  return {200, std::string{kJson}, {{"Cache-Control", "public, max-age=5"}}, tiler::tilejson(set, info)};
}

}  // namespace

std::optional<std::string_view> secret_in(std::string_view authorization, std::string_view key) {
  if (authorization.empty() || names_app(authorization)) return key;
  const auto scheme = authorization.substr(0, authorization.find(' '));
  if (scheme != "Bearer" && scheme != "OAuth") return std::nullopt;
  return authorization.substr(std::min(scheme.size() + 1, authorization.size()));
}

bool is_version_of(std::string_view version, std::string_view etag) {
  constexpr std::size_t kLeast = 16;
  return version.size() >= kLeast && etag.starts_with('"') && etag.substr(1).starts_with(version);
}

Response show_panoramax_tile(Request& request, Context& context) { return tile_of_set(request, context, TileAnswers::Door::panoramax_api); }

Response show_tile(Request& request, Context& context) {
  const auto& name = request.parameter("set");
  if (const auto set = tiler::find_tile_set(name)) return tile_of_set(request, context, TileAnswers::door_of(*set));
  if (!context.archives.shelf().find(name)) return no_such_set();
  return metered(request, context, [&] { return context.archives.tile(request); });
}

Response show_tile_file(Request& request, Context& context) {
  const std::filesystem::path file = request.parameter("file");
  const auto name = file.stem().string();
  const bool is_described = file.extension() == ".json";
  if (const auto set = tiler::find_tile_set(name); set && is_described) return set_tilejson(context, *set);
  if (!context.archives.shelf().find(name)) return no_such_set();
  const auto answer = [&] { return context.archives.file(request, context.base_url); };
  return is_described ? answer() : metered(request, context, answer);
}

Response list_tile_sets(Request&, Context& context) {
  auto sets = nlohmann::json::array();
  for (const auto& collection : ogc::all_collections(context)) {
    if (collection.tiles && ogc::is_ours(collection.id)) {
      sets.push_back({{"name", collection.id}, {"title", collection.title}, {"format", tiler::ending_of(collection.tiles->format)}, {"tilejson", context.base_url + "/tiles/" + collection.id + ".json"}});
    }
  }
  return json_response(200, {{"sets", sets}, {"archives", context.archives.list(context.base_url)}});
}

}  // namespace cairn::gateway
