#pragma once

#include "core/bytes.hpp"

#include <filesystem>

namespace cairn::simulate {

/// Writes a whole file, its folders made if missing. Throws std::runtime_error naming it.
void write_file(const std::filesystem::path& file, ByteView bytes);

/// "007.jpg"
std::filesystem::path frame_name(int index);

}  // namespace cairn::simulate
