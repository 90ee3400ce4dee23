#pragma once

#include "core/bytes.hpp"

namespace cairn::tiler {

/// gzip, the same bytes everywhere (libdeflate, no time stamp). Level 1-12.
Bytes gzipped(ByteView bytes, int level);
/// The same with the frame that PNG asks for (zlib, RFC 1950).
Bytes zlib_packed(ByteView bytes, int level);
/// Of gzip. Throws std::runtime_error when corrupt or larger than `most_bytes`.
Bytes gunzipped(ByteView bytes, std::size_t most_bytes);

}  // namespace cairn::tiler
