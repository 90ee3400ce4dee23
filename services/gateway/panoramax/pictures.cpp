// One frame: its item, and its redacted picture in three sizes and, of 360 ones, in tiles.

#include "core/picture_grid.hpp"
#include "services/gateway/blob_answer.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/conditional.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/gateway/picture_tiles.hpp"

namespace cairn::gateway {
namespace {

/// Column and row from "3_1.jpg"; nothing when they aren't whole numbers within the grid.
std::optional<std::pair<int, int>> tile_named(std::string_view file, const PictureGrid& grid) {
  if (!file.ends_with(".jpg")) return std::nullopt;
  file.remove_suffix(4);
  const auto cut = file.find('_');
  const auto column = whole_from(file.substr(0, cut));
  const auto row = cut == std::string_view::npos ? std::nullopt : whole_from(file.substr(cut + 1));
  if (!column || !row || *column < 0 || *row < 0 || *column >= grid.columns || *row >= grid.rows) return std::nullopt;
  return std::pair{static_cast<int>(*column), static_cast<int>(*row)};
}

/// What only some may see stays out of shared caches.
void not_for_all(Response& response) {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "Cache-Control"; });
  response.headers.emplace_back("Cache-Control", "private, no-store");
}

}  // namespace

Response show_item(Request& request, Context& context) {
  const auto frame = requested_frame(request, context);
  if (!frame) return no_such_picture();
  if (frame->refusal) return error_response(404, "This picture was refused", refusal_json(*frame->refusal));
  return json_response(200, StacWriter{context}.item_with_neighbours(*frame), std::string{kGeoJson});
}

Response show_picture_file(Request& request, Context& context) {
  const auto frame = requested_frame(request, context);
  if (!frame || !has_picture_for(context, *frame)) return no_such_picture();
  const auto& size = request.parameter("size");
  const auto& blob = size == "hd.jpg" ? frame->hd : size == "sd.jpg" ? frame->sd : size == "thumb.jpg" ? frame->thumb : std::optional<Sha256>{};
  if (!blob) return error_response(404, "Pictures come as hd.jpg, sd.jpg and thumb.jpg");
  auto response = blob_answer(request, context, *blob, "image/jpeg");
  if (!frame->published) not_for_all(response);
  return response;
}

Response show_picture_tile(Request& request, Context& context) {
  const auto frame = requested_frame(request, context);
  if (!frame || !frame->hd || !is_tiled(context, *frame)) return error_response(404, "There is no such 360 picture: others have no tiles");
  const auto grid = picture_grid_of(frame->observation->width_px, frame->observation->height_px);
  const auto tile = tile_named(request.parameter("tile"), grid);
  if (!tile) return error_response(404, "Tiles are named column_row.jpg: columns from 0 to " + std::to_string(grid.columns - 1) + ", rows from 0 to " + std::to_string(grid.rows - 1));
  const auto [column, row] = *tile;
  const auto etag = '"' + frame->hd->hex() + '-' + std::to_string(column) + '-' + std::to_string(row) + '"';
  Response response{200, "image/jpeg", {{"Cache-Control", "public, max-age=300, stale-while-revalidate=86400"}}, {}};
  if (!frame->published) not_for_all(response);
  const auto known = request.header("if-none-match");
  if (!known || !names_etag(*known, etag)) {
    auto bytes = context.picture_tiles.get(context.blobs, *frame->hd, grid, column, row);
    if (!bytes) return error_response(404, "This picture can't be cut into tiles: take hd.jpg");
    response.body = std::move(bytes);
  }
  return conditional(request, std::move(response), etag);
}

}  // namespace cairn::gateway
