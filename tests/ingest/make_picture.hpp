#pragma once
// Small pictures with the metadata that a test wants.

#include "core/bytes.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// A JPEG of a colour gradient.
Bytes make_jpeg(int width_px = 400, int height_px = 300, bool progressive = false);

using Tags = std::vector<std::pair<std::string, std::string>>;  ///< Exiv2's keys ("Exif.…" or "Xmp.…") and values

/// The same picture with these tags.
Bytes with_tags(const Bytes& jpeg, const Tags& tags);

/// Tags of a place (Lund, 55.7 N 13.19 E) and of a time by the receiver's clock.
Tags place_tags();
Tags time_tags();
Tags operator+(Tags one, const Tags& other);

}  // namespace cairn::testing
