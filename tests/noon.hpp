#pragma once

#include "core/time.hpp"

namespace cairn::testing {

/// 2026-05-01T12:00:00Z
inline const UtcTime kNoon = time_from_micros(1'777'636'800'000'000);

}  // namespace cairn::testing
