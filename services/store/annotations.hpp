#pragma once
// Shapes in a picture with tags that say what is there (services/store/tags.hpp, by the annotation's id).

#include "core/id.hpp"
#include "services/store/database.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn {
using AnnotationId = Id<struct AnnotationTag>;
}

namespace cairn::store {

struct Annotation {
  AnnotationId id;
  FrameId frame;
  std::string shape;       ///< GeoJSON polygon in pixels of the upright picture
  bool detected = false;   ///< by a model
};

/// The annotation of that shape in that frame, made when there is none.
AnnotationId annotation_with_shape(Session&, FrameId frame, const std::string& shape);
std::optional<Annotation> find_annotation(Session&, AnnotationId id);
/// With its tags.
void delete_annotation(Session&, AnnotationId id);
/// Takes away what a model said earlier about the frame, with its tags.
void forget_detected(Session&, FrameId frame);
/// What a model found: its id follows from frame and shape. A shape that a person drew is left alone.
void insert_detected(Session&, const Annotation&);
/// Of many frames at once, by id.
std::map<FrameId, std::vector<Annotation>> annotations_of(Session&, const std::vector<FrameId>& frames);

}  // namespace cairn::store
