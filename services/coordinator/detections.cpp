#include "services/coordinator/detections.hpp"

#include "services/store/annotations.hpp"
#include "services/store/tags.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace cairn::coordinator {
namespace {

/// The OpenStreetMap tag of what may stand on a map; nothing for the rest.
std::optional<store::Tag> tag_of(ObjectClass object) {
  if (object == ObjectClass::sign) return store::Tag{"osm|traffic_sign", "yes"};
  if (object == ObjectClass::traffic_light) return store::Tag{"osm|highway", "traffic_signals"};
  return std::nullopt;
}

/// GeoJSON, in whole pixels, from the upper left corner on.
std::string polygon_of(const Box& box) {
  std::array<char, 256> text{};
  const auto at = [](float pixel) { return std::lround(pixel); };
  std::snprintf(text.data(), text.size(), R"({"type":"Polygon","coordinates":[[[%ld,%ld],[%ld,%ld],[%ld,%ld],[%ld,%ld],[%ld,%ld]]]})", at(box.left), at(box.top),
                at(box.right), at(box.top), at(box.right), at(box.bottom), at(box.left), at(box.bottom), at(box.left), at(box.top));
  return text.data();
}

std::string two_digits(float score) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f", static_cast<double>(score));
  return text.data();
}

}  // namespace

void annotate_detections(store::Session& session, const store::FrameRow& frame) {
  store::forget_detected(session, frame.id);
  if (!frame.observation || frame.refusal) return;
  for (const auto& detection : frame.observation->detections) {
    const auto tag = tag_of(detection.object);
    if (!tag) continue;
    const auto shape = polygon_of(detection.box);
    const store::Annotation annotation{AnnotationId::derived_from({"detection", frame.id.text(), shape}), frame.id, shape, true};
    store::insert_detected(session, annotation);
    const auto subject = annotation.id.text();
    const auto about = "[" + tag->key + "=" + tag->value + "]";
    store::add_tag(session, subject, *tag);
    store::add_tag(session, subject, {"detection_model" + about, frame.observation->redaction.model});
    store::add_tag(session, subject, {"detection_confidence" + about, two_digits(detection.score)});
  }
}

}  // namespace cairn::coordinator
