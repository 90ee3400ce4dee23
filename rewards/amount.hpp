#pragma once
// Numbers of the rewards: integers only, so that every machine gets the same ones.

#include <cstdint>

namespace cairn::rewards {

/// Money in the smallest unit of its currency. Signed, so that a negative one can be seen and refused; never above 2^63 - 1.
using Amount = std::int64_t;

/// Parts per million of a whole.
using Ppm = std::uint32_t;
inline constexpr Ppm kWhole = 1'000'000;

/// A sum of weights; one full unit of work weighs kWhole.
using Weight = std::uint64_t;

/// Holds the product of any two 64-bit numbers.
__extension__ using Wide = unsigned __int128;

/// The one place where a floating-point score becomes money's kind of number: clamped to 0-1, times a million, rounded half
/// up; 0 when it is not a number.
Ppm ppm_of(double fraction);

}  // namespace cairn::rewards
