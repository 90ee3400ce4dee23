#pragma once

#include <numbers>

namespace cairn {

/// Degrees of a radian: multiply radians by it, divide degrees.
inline constexpr double kDegrees = 180 / std::numbers::pi;

}  // namespace cairn
