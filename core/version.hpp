#pragma once

namespace cairn {

/// Of Cairn; CMakeLists.txt reads it here.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace cairn
