#pragma once

#include "tiler/mvt/line_run.hpp"

#include <span>
#include <vector>

namespace cairn::tiler {

/// For each vertex of a path the tolerance up to which it survives, in the path's units; infinite for both ends. 0 for those that
/// don't survive `least`. A pure function of the path. Time: at worst the square of the number of vertices.
std::vector<double> importance_of(std::span<const Vertex2d> path, double least);

}  // namespace cairn::tiler
