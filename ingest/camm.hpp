#pragma once
// Camera Motion Metadata (Google's CAMM specification, packet types 5 and 6): little-endian packets of the `camm` stream.

#include "core/bytes.hpp"
#include "ingest/telemetry.hpp"

namespace cairn::ingest {

/// Adds the fix of one packet. Writers differ in what they call the epoch (GPS or Unix): the reading nearer to `about`, the
/// time that the movie states for itself or else that of its arrival, is taken.
void add_camm(ByteView packet, double at_s, UtcTime about, Telemetry& telemetry);

}  // namespace cairn::ingest
