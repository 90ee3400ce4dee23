#pragma once

namespace cairn {

/// Of Cairn, as in CMakeLists.txt.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace cairn
