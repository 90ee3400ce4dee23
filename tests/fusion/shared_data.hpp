#pragma once
// Real recordings that lie beside the checkout; tests that find none say so and pass.

#include <filesystem>
#include <vector>

namespace cairn::testing {

/// CAIRN_SHARED_DATA, or ../shared/data beside the sources.
std::filesystem::path shared_data();
/// True when the file is there; otherwise prints "skipped: …".
bool shared_file_is_there(const std::filesystem::path& below_shared_data);

/// The numbers of a text table apart by spaces, commas or semicolons. Words count as 0.
std::vector<std::vector<double>> table_of(const std::filesystem::path& file, bool with_header);
/// The rows of a NumPy file of little-endian doubles with one or two dimensions.
std::vector<std::vector<double>> array_of(const std::filesystem::path& file);

}  // namespace cairn::testing
