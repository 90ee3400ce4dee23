#pragma once

#include "services/store/frames.hpp"

namespace cairn::coordinator {

/// What the detector saw of the things that belong on a map becomes annotations of the frame, with the model and its confidence
/// as tags; what an earlier inspection found goes. People, plates and vehicles are nobody's business.
void annotate_detections(store::Session&, const store::FrameRow& frame);

}  // namespace cairn::coordinator
