#pragma once

#include "core/bytes.hpp"

#include <cstdint>

namespace cairn::ingest {

/// How many bytes the items of a HEIF claim to have, by its table of locations (ISO/IEC 14496-12, box iloc). Items may
/// name the same bytes again and again, and readers copy them: a file that claims more than twice its size is an
/// attack. 0 where there is no table; the greatest number where it can't be read.
std::uint64_t claimed_bytes_of(ByteView heif);

}  // namespace cairn::ingest
