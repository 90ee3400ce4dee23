#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::tiler {

/// Geometry types of vector_tile.proto 2.1.
enum class MvtGeometry : std::int32_t { unknown = 0, point = 1, line = 2, polygon = 3 };

/// The first thing wrong with a feature's geometry commands (specification 2.1, section 4.3); nothing when they are valid.
std::optional<std::string> problem_of_geometry(MvtGeometry type, const std::vector<std::uint32_t>& commands);

}  // namespace cairn::tiler
