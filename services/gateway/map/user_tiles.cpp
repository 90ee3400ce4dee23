// One user's pictures and sequences as vector tiles: what the common tiles hold of them. From zoom 7 on every line there has its
// owner; further out, tiles are drawn from those of zoom 7 that the user's sequences touch.

#include "services/gateway/blob_cache.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/map/asked_tile.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/store/sequences.hpp"
#include "services/store/tiles.hpp"
#include "tiler/gzip.hpp"
#include "tiler/mvt/mvt_pick.hpp"

#include <set>

namespace cairn::gateway {
namespace {

constexpr int kOwnersFromZoom = 7;
constexpr int kMostSequences = 1000;
constexpr std::size_t kMostParts = 64;  // tiles of zoom 7 are 200 to 300 km wide: who drove in more shows the newest

bool lies_in(TileId tile, TileId outer) {
  const int shift = tile.zoom() - outer.zoom();
  return tile.x() >> shift == outer.x() && tile.y() >> shift == outer.y();
}

std::set<TileId> tiles_touched(Context& context, const AccountId& account, TileId within) {
  store::SequencePage page;
  page.account = account;
  page.within = bounds_of(within);
  page.order = store::SequencePage::Order::updated;
  page.descending = true;
  page.limit = kMostSequences;
  std::set<TileId> touched;
  for (const auto& sequence : store::list_sequences(context.catalogue, page)) {
    const auto low = tile_of(*LatLon::from_degrees(sequence.north_east.lat_deg(), sequence.south_west.lon_deg()), kOwnersFromZoom);
    const auto high = tile_of(*LatLon::from_degrees(sequence.south_west.lat_deg(), sequence.north_east.lon_deg()), kOwnersFromZoom);
    for (auto x = low.x(); x <= high.x(); ++x) {
      for (auto y = low.y(); y <= high.y(); ++y) {
        if (touched.size() == kMostParts) return touched;
        if (const auto tile = *TileId::from_zxy(kOwnersFromZoom, x, y); lies_in(tile, within)) touched.insert(tile);
      }
    }
  }
  return touched;
}

std::vector<tiler::TilePart> parts_of(Context& context, const std::set<TileId>& tiles) {
  std::vector<tiler::TilePart> parts;
  for (const auto tile : tiles) {
    const auto row = store::find_tile(context.catalogue, std::string{tiler::name_of(tiler::TileSet::panoramax)}, tile);
    if (!row || !row->blob) continue;
    if (const auto packed = context.cache.get(context.blobs, *row->blob)) parts.push_back({tile, tiler::gunzipped(*packed, kLargestTile)});
  }
  return parts;
}

}  // namespace

Response show_user_tile(Request& request, Context& context) {
  const auto account = requested_account(request, context);
  if (!account) return no_such_user();
  const auto asked = asked_tile(request, tiler::TileSet::panoramax);
  if (asked.refusal) return *asked.refusal;
  const auto parts = asked.tile->zoom() >= kOwnersFromZoom ? std::set{*asked.tile} : tiles_touched(context, account->id, *asked.tile);
  auto tile = tiler::picked_features(parts_of(context, parts), *asked.tile, "account_id", account->id.text());
  const auto etag = '"' + sha256_of(tile).hex() + '"';
  Response response{200, std::string{kMvt}, {{"Cache-Control", request.parameter("user") == "me" ? "private, max-age=5" : "public, max-age=5, stale-while-revalidate=60"}}, {}};
  response.body = std::make_shared<const Bytes>(std::move(tile));
  return unless_known(request, std::move(response), etag);
}

}  // namespace cairn::gateway
