#pragma once
// One entry for each decoder of strangers' bytes. libFuzzer calls them (option CAIRN_FUZZ), and so do the unit tests, with
// mutated seeds.

#include "core/bytes.hpp"

namespace cairn::fuzz {

void gpmf(ByteView bytes);
void gpx(ByteView bytes);
void picture(ByteView bytes);
void movie(ByteView bytes);

}  // namespace cairn::fuzz
