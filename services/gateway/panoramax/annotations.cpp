// Shapes in pictures with tags: made by owners and by our detector.

#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/annotation_json.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/gateway/panoramax/shown.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t kMostShapeCorners = 1000;

struct Pixel {
  double x = 0, y = 0;
};

/// The outer ring of a box or a polygon, closed; nothing when it is neither.
std::optional<std::vector<Pixel>> ring_from(const json& shape) {
  std::vector<Pixel> ring;
  const auto number = [](const json& value) { return value.is_number() && std::isfinite(value.get<double>()); };
  if (shape.is_array() && shape.size() == 4 && std::ranges::all_of(shape, number)) {
    const double left = shape[0], top = shape[1], right = shape[2], bottom = shape[3];
    if (left >= right || top >= bottom) return std::nullopt;
    return std::vector<Pixel>{{left, top}, {right, top}, {right, bottom}, {left, bottom}, {left, top}};
  }
  if (!shape.is_object() || shape.value("type", json()) != "Polygon" || !shape.contains("coordinates")) return std::nullopt;
  const auto& rings = shape["coordinates"];
  if (!rings.is_array() || rings.size() != 1 || !rings[0].is_array() || rings[0].size() < 4 || rings[0].size() > kMostShapeCorners) return std::nullopt;
  for (const auto& corner : rings[0]) {
    if (!corner.is_array() || corner.size() != 2 || !std::ranges::all_of(corner, number)) return std::nullopt;
    ring.push_back({corner[0], corner[1]});
  }
  const bool closed = ring.front().x == ring.back().x && ring.front().y == ring.back().y;
  return closed ? std::optional{ring} : std::nullopt;
}

/// In whole pixels, so that equal shapes have equal texts.
std::string text_of_shape(const std::vector<Pixel>& ring) {
  std::string corners;
  for (const auto& corner : ring) corners += (corners.empty() ? "[" : ",[") + std::to_string(std::lround(corner.x)) + "," + std::to_string(std::lround(corner.y)) + "]";
  return R"({"type":"Polygon","coordinates":[[)" + corners + "]]}";
}

std::optional<Pixel> first_outside(const std::vector<Pixel>& ring, const store::FrameRow& frame) {
  const auto& camera = frame.capture.camera;
  const double width = frame.observation && frame.observation->width_px > 0 ? frame.observation->width_px : camera.width_px;
  const double height = frame.observation && frame.observation->height_px > 0 ? frame.observation->height_px : camera.height_px;
  const auto outside = [&](const Pixel& p) { return p.x < 0 || p.y < 0 || p.x > width || p.y > height; };
  const auto found = std::ranges::find_if(ring, outside);
  return found == ring.end() ? std::nullopt : std::optional{*found};
}

Response no_such_annotation() { return error_response(404, "There is no such annotation"); }

struct Found {
  store::Annotation annotation;
  store::FrameRow frame;
};

/// The annotation that the path names, of a frame that the caller may see.
std::optional<Found> requested(const Request& request, Context& context) {
  const auto id = AnnotationId::parse(request.parameter("annotation"));
  const auto annotation = id ? store::find_annotation(context.catalogue, *id) : std::nullopt;
  const auto frame = annotation ? store::find_frame(context.catalogue, annotation->frame) : std::nullopt;
  if (!frame || frame->refusal || !may_see(context, frame->shown_to, frame->account)) return std::nullopt;
  return Found{*annotation, *frame};
}

Response answer_with(Context& context, AnnotationId id) {
  const auto annotation = store::find_annotation(context.catalogue, id);
  if (!annotation) return no_such_annotation();
  return json_response(200, annotation_json(*annotation, store::tags_of(context.catalogue, id.text())));
}

}  // namespace

json annotation_json(const store::Annotation& annotation, const std::vector<store::Tag>& tags) {
  return {{"id", annotation.id.text()}, {"picture_id", annotation.frame.text()}, {"shape", json::parse(annotation.shape)}, {"semantics", semantics_json(tags)}};
}

Response add_annotation(Request& request, Context& context) {
  if (!context.caller) return refused_to_change(context, {}, "").value();
  const auto frame = requested_frame(request, context);
  if (!frame) return no_such_picture();
  if (auto refusal = refused_to_change(context, frame->account, "a picture's annotations")) return *std::move(refusal);
  auto parsed = object_from(request, "the annotation");
  if (auto* refusal = std::get_if<Response>(&parsed)) return std::move(*refusal);
  const auto& body = std::get<json>(parsed);
  const auto shape = body.contains("shape") ? body["shape"] : json();
  const auto ring = ring_from(shape);
  const auto tags = tag_changes_from(body.contains("semantics") ? body["semantics"] : json());
  auto problems = json::array();
  if (!ring) problems.push_back(problem("shape", "must be [left, top, right, bottom] or a GeoJSON Polygon of one closed ring, in pixels", shape));
  if (const auto* wrong = std::get_if<std::string>(&tags)) problems.push_back(problem("semantics", *wrong, body["semantics"]));
  if (!problems.empty()) return invalid("The annotation can't be made: see details", problems);
  if (const auto outside = first_outside(*ring, *frame)) {
    return json_response(400, {{"message", "The annotation's shape lies outside the picture"}, {"status_code", 400},
                               {"details", "Corners are pixels of the picture as it is shown, from its upper left corner"},
                               {"value", {{"x", outside->x}, {"y", outside->y}}}});
  }
  AnnotationId id;
  context.catalogue.write([&](store::Session& session) {
    id = store::annotation_with_shape(session, frame->id, text_of_shape(*ring));
    apply(session, id.text(), std::get<std::vector<TagChange>>(tags));
  });
  auto response = answer_with(context, id);
  add_location(response, context.base_url + "/api/annotations/" + id.text());
  return response;
}

Response show_annotation(Request& request, Context& context) {
  const auto found = requested(request, context);
  return found ? answer_with(context, found->annotation.id) : no_such_annotation();
}

Response patch_annotation(Request& request, Context& context) {
  const auto found = requested(request, context);
  if (!found) return no_such_annotation();
  if (auto refusal = refused_to_change(context, found->frame.account, "an annotation")) return *std::move(refusal);
  auto parsed = object_from(request, "the changes");
  if (auto* refusal = std::get_if<Response>(&parsed)) return std::move(*refusal);
  const auto& body = std::get<json>(parsed);
  const auto tags = tag_changes_from(body.contains("semantics") ? body["semantics"] : json());
  if (const auto* wrong = std::get_if<std::string>(&tags)) return invalid("The annotation can't be changed: see details", json::array({problem("semantics", *wrong, body["semantics"])}));
  context.catalogue.write([&](store::Session& session) { apply(session, found->annotation.id.text(), std::get<std::vector<TagChange>>(tags)); });
  return answer_with(context, found->annotation.id);
}

Response delete_annotation(Request& request, Context& context) {
  const auto found = requested(request, context);
  if (!found) return context.caller ? no_such_annotation() : refused_to_change(context, {}, "").value();
  if (auto refusal = refused_to_change(context, found->frame.account, "an annotation")) return *std::move(refusal);
  context.catalogue.write([&](store::Session& session) { store::delete_annotation(session, found->annotation.id); });
  return {204, "", {}, {}};
}

}  // namespace cairn::gateway
