#pragma once
// Which boxes redaction hides: what was found, and what must be there although it was not found.

#include "core/observation.hpp"

#include <span>
#include <vector>

namespace cairn::vision {

/// Plates and heads from `hide_score` on, and by context (with the score of what they follow from):
/// a person without a head gives the upper 30 % of its box, a vehicle wider than 90 px without a plate its lower
/// centre. A score that is not a number counts as high. Throws std::runtime_error for a box that is not finite.
std::vector<Detection> boxes_to_hide(std::span<const Detection> found, float hide_score);

}  // namespace cairn::vision
