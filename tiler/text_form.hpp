#pragma once
// How values look as attributes of a tile, and how they are held in whole numbers between zooms.

#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::tiler {

/// Whole days since 1970-01-01, and back to YYYY-MM-DD.
std::int32_t day_of(UtcTime time);
std::string date_text(std::int32_t day);

/// As PostgreSQL writes a timestamptz in UTC, which is what Panoramax clients get: 2014-06-07 08:26:31.633+00.
std::string postgres_time_text(UtcTime time);

/// A quantity as a whole number of steps (0.1 m: steps_per_unit 10), never negative; 0 when it is not a number.
std::uint32_t steps_of(double quantity, int steps_per_unit);
/// A heading as a whole degree, 0-359.
std::uint32_t whole_degree(double heading_deg);
/// Pixels per degree across the picture, which Panoramax calls horizontal pixel density; 0 when unknown.
std::uint32_t pixel_density(int width_px, double fov_deg, bool is_full_circle);

bool is_utf8(std::string_view text);
/// The same text with U+FFFD for every byte that is not UTF-8, and no longer than `most_bytes`: model names are tens of bytes, a longer one is a
/// mistake or mischief.
std::string cleaned_text(std::string_view text, std::size_t most_bytes = 255);

}  // namespace cairn::tiler
