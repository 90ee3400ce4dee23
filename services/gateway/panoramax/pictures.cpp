// One frame: its item, and its redacted picture in three sizes.

#include "services/gateway/blob_answer.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"

namespace cairn::gateway {
namespace {

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

}  // namespace cairn::gateway
