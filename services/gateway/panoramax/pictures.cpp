// One frame: its item, and its redacted picture in three sizes.

#include "services/gateway/blob_answer.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/stac.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"

namespace cairn::gateway {
namespace {

Response no_such_picture() { return error_response(404, "There is no such picture"); }

std::optional<store::FrameRow> requested_frame(const Request& request, Context& context) {
  const auto id = FrameId::parse(request.parameter("picture"));
  return id ? store::find_frame(context.catalogue, *id) : std::nullopt;
}

}  // namespace

Response show_item(Request& request, Context& context) {
  const auto frame = requested_frame(request, context);
  if (!frame) return no_such_picture();
  const auto collection = value_of(request.parameters, "collection");
  if (collection && (!frame->sequence || frame->sequence->text() != lower_case(*collection))) return no_such_picture();
  if (frame->refusal) return error_response(404, "This picture was refused", refusal_json(*frame->refusal));
  if (!frame->sequence) return no_such_picture();
  return json_response(200, StacWriter{context}.item_with_neighbours(*frame), std::string{kGeoJson});
}

Response show_picture_file(Request& request, Context& context) {
  const auto frame = requested_frame(request, context);
  if (!frame || !frame->published) return no_such_picture();
  const auto& size = request.parameter("size");
  const auto& blob = size == "hd.jpg" ? frame->hd : size == "sd.jpg" ? frame->sd : size == "thumb.jpg" ? frame->thumb : std::optional<Sha256>{};
  return blob ? blob_answer(request, context, *blob, "image/jpeg") : error_response(404, "Pictures come as hd.jpg, sd.jpg and thumb.jpg");
}

}  // namespace cairn::gateway
