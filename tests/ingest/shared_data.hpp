#pragma once
// Real recordings that lie beside the checkout, never inside it.

#include "core/bytes.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace cairn::testing {

/// The folder or file below the shared data; says "skipped" and gives nothing where it is absent.
inline std::optional<std::filesystem::path> shared_path(const std::string& below) {
  const char* set = std::getenv("CAIRN_SHARED_DATA");
  const auto root = set ? std::filesystem::path{set} : std::filesystem::path{CAIRN_SOURCE_DIR} / "../shared/data";
  const auto path = root / below;
  if (std::filesystem::exists(path)) return path;
  std::cout << "skipped: " << path.string() << " is absent\n";
  return std::nullopt;
}

inline Bytes bytes_from_file(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  const auto view = bytes_of(text);
  return {view.begin(), view.end()};
}

/// The files of a folder, by name.
inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace cairn::testing
