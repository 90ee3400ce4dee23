#pragma once

#include "tiler/mvt/mvt_bytes.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::tiler {

/// The first thing wrong with a feature's geometry commands (specification 2.1, section 4.3); nothing when they are valid.
std::optional<std::string> problem_of_geometry(Geometry type, const std::vector<std::uint32_t>& commands);

}  // namespace cairn::tiler
