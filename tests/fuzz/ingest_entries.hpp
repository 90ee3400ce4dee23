#pragma once
// One entry for each decoder of strangers' bytes. libFuzzer calls them (option CAIRN_FUZZ), and so do the unit tests, with
// mutated seeds.

#include "core/bytes.hpp"

namespace cairn::fuzz {

void gpmf(ByteView bytes);
/// Telemetry in the boxes of a movie: the whole bytes as the file.
void movie_boxes(ByteView bytes);
/// Packets of a text stream, cut at zero bytes.
void text_stream(ByteView bytes);
/// Tracks, each by its own reader, whatever the bytes look like.
void csv(ByteView bytes);
void framekm(ByteView bytes);
void gpx(ByteView bytes);
void nmea(ByteView bytes);
void seventy_mai(ByteView bytes);
void ubx(ByteView bytes);
/// A receiver's key (24 bytes), behind it a log with signatures.
void ublox_sign(ByteView bytes);
void picture(ByteView bytes);
void movie(ByteView bytes);
/// JPEG segments: what the walk hands out lies in the bytes, in order.
void outline(ByteView bytes);
/// An EXIF block; behind its first 1,000 bytes an XMP packet.
void exif(ByteView bytes);
/// Mapillary's JSON in a description.
void mapillary(ByteView bytes);

}  // namespace cairn::fuzz
