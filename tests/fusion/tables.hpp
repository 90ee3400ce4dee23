#pragma once
// Readers of the tables that real recordings come in.

#include <filesystem>
#include <vector>

namespace cairn::testing {

/// The numbers of a text table apart by spaces, commas or semicolons. Words count as 0.
std::vector<std::vector<double>> table_of(const std::filesystem::path& file, bool with_header);
/// The rows of a NumPy file of little-endian doubles with one or two dimensions.
std::vector<std::vector<double>> array_of(const std::filesystem::path& file);

}  // namespace cairn::testing
