#pragma once
// GoPro's telemetry: KLV items (four-letter key, type, size, repeat), big-endian, padded to four bytes, nested DEVC > STRM.
// Format: github.com/gopro/gpmf-parser, docs/README.md. Only the receiver's streams are read: GPS5 (Hero5-10, Fusion, Max)
// and GPS9 (Hero11 and later).

#include "core/bytes.hpp"
#include "ingest/telemetry.hpp"

namespace cairn::ingest {

/// Adds what one packet of the `gpmd` stream says. Its fixes are spread evenly over the packet's time. Fixes without lock
/// (GPSF < 2), off the globe or at 0, 0 are left out. Broken items end the reading of their parent.
void add_gpmf(ByteView packet, double at_s, double duration_s, Telemetry& telemetry);

}  // namespace cairn::ingest
