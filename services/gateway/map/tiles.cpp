// Tiles as they were built: a look-up and a blob, never a rendering.

#include "services/gateway/blob_cache.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/map/asked_tile.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tiles.hpp"
#include "tiler/tilejson.hpp"

namespace cairn::gateway {
namespace {

Response tile_answer(const Request& request, Context& context, tiler::TileSet set, TileId tile, int status_when_empty) {
  const auto row = store::find_tile(context.catalogue, std::string{tiler::name_of(set)}, tile);
  Response response{200, std::string{kMvt}, {{"Cache-Control", "public, max-age=5, stale-while-revalidate=60"}, {"Vary", "Accept-Encoding"}}, {}};
  if (!row || !row->hash || !row->blob) {
    response.status = status_when_empty;
    response.headers.emplace_back("X-Tile-State", row ? "empty" : "not-built");
    return response;
  }
  const bool packed = takes_gzip(request);
  const auto etag = '"' + row->hash->hex() + (packed ? "-gz\"" : "\"");
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  response = unless_known(request, std::move(response), etag);
  if (response.status == 304) return response;
  const auto bytes = context.cache.get(context.blobs, *row->blob);
  if (!bytes) return error_response(404, "This tile is damaged and will be built again");
  if (packed) {
    response.body = bytes;
  } else {
    response.body = std::make_shared<const Bytes>(tiler::gunzipped(*bytes, kLargestTile));
  }
  return response;
}

}  // namespace

AskedTile asked_tile(const Request& request, tiler::TileSet set) {
  const std::string_view file = request.parameter("y");
  const auto dot = file.rfind('.');
  const auto format = dot == std::string_view::npos ? std::string_view{} : file.substr(dot + 1);
  const auto z = whole_from(request.parameter("z"));
  const auto x = whole_from(request.parameter("x"));
  const auto y = whole_from(file.substr(0, dot));
  if (!z || !x || !y) return {std::nullopt, error_response(400, "A tile is asked for as zoom/x/y.mvt, in whole numbers")};
  if (format != "mvt" && format != "pbf") return {std::nullopt, error_response(400, "Tiles of this set come as mvt or pbf")};
  if (*z < 0 || *z > tiler::base_zoom_of(set))
    return {std::nullopt, error_response(404, "Zooms go from 0 to " + std::to_string(tiler::base_zoom_of(set)))};
  const auto tile = TileId::from_zxy(*z, *x, *y);
  if (!tile) return {std::nullopt, error_response(404, "x and y must be below 2^zoom")};
  return {tile, std::nullopt};
}

Response show_panoramax_tile(Request& request, Context& context) {
  const auto asked = asked_tile(request, tiler::TileSet::panoramax);
  return asked.refusal ? *asked.refusal : tile_answer(request, context, tiler::TileSet::panoramax, *asked.tile, 200);
}

Response show_tile(Request& request, Context& context) {
  const auto set = tiler::find_tile_set(request.parameter("set"));
  if (!set) return error_response(404, "There is no such tile set");
  const auto asked = asked_tile(request, *set);
  return asked.refusal ? *asked.refusal : tile_answer(request, context, *set, *asked.tile, 204);
}

Response show_tilejson(Request& request, Context& context) {
  const std::string_view file = request.parameter("file");
  const auto set = file.ends_with(".json") ? tiler::find_tile_set(file.substr(0, file.size() - 5)) : std::nullopt;
  if (!set) return error_response(404, "There is no such tile set");
  tiler::TileJsonInfo info;
  info.tile_urls = {context.base_url + "/tiles/" + std::string{tiler::name_of(*set)} + "/{z}/{x}/{y}.mvt"};
  if (const auto extent = store::data_extent(context.catalogue)) info.bounds = extent->bounds;
  info.name = context.options.title;
  info.attribution = context.options.attribution;
  Response response{200, std::string{kJson}, {{"Cache-Control", "public, max-age=5"}}, {}};
  response.body = tiler::tilejson(*set, info);
  return response;
}

}  // namespace cairn::gateway
