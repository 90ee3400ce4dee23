#pragma once
// What the API says of a camera.

#include "core/capture.hpp"

#include <nlohmann/json.hpp>

#include <optional>

namespace cairn::gateway {

/// Horizontal field of view in whole degrees, when the camera is known well enough.
std::optional<int> field_of_view_deg(const Camera& camera);
/// Pixels per degree, the measure of Panoramax.
std::optional<int> pixel_density(const Camera& camera);

/// STAC's pers:interior_orientation; and the same as the texts that a collection sums up.
nlohmann::json interior_orientation(const Camera& camera);
nlohmann::json summary_of(const Camera& camera);

}  // namespace cairn::gateway
