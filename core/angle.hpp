#pragma once

#include <numbers>

namespace cairn {

/// Degrees of a radian: multiply radians by it, divide degrees.
inline constexpr double kDegrees = 180 / std::numbers::pi;
/// Radians of a degree: multiply degrees by it, divide radians.
inline constexpr double kRadians = std::numbers::pi / 180;

}  // namespace cairn
