#pragma once

#include "core/bytes.hpp"

namespace cairn::fuzz {

/// Form bodies: the first byte says into which pieces the rest is cut; whole and in pieces it must give the same parts.
void multipart(ByteView bytes);
/// Request targets: the path through the table of routes, and the query.
void target(ByteView bytes);

}  // namespace cairn::fuzz
