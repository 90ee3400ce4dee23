#pragma once

#include "core/id.hpp"
#include "core/time.hpp"

namespace cairn {

/// Version 7 (RFC 9562): the millisecond first, then 74 random bits. Ids of things that come one after another stand side by side
/// in an index, where random ones touch a page each.
Uuid ordered_uuid(UtcTime time);

}  // namespace cairn
