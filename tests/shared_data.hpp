#pragma once
// Real recordings. None of them lies in the repository: CAIRN_SHARED_DATA names the folder that holds them, and CAIRN_CONTRACTS
// the one with recorded answers of other servers. A test whose recordings are absent prints "skipped: …" and ends.

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

/// What lies below the folder that an environment variable names; nothing where the variable or the file is absent, and says so.
inline std::optional<std::filesystem::path> shared_path(const std::string& below, const char* variable = "CAIRN_SHARED_DATA") {
  const char* root = std::getenv(variable);
  if (root && std::filesystem::exists(std::filesystem::path{root} / below)) return std::filesystem::path{root} / below;
  std::cout << "skipped: " << below << " is needed; set " << variable << " to the folder that holds it\n";
  return std::nullopt;
}

inline Bytes bytes_from_file(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  const auto view = bytes_of(text);
  return {view.begin(), view.end()};
}

/// The files of a folder, by name; those with this extension when one is given.
inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, const std::string& extension = {}) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.is_regular_file() && (extension.empty() || entry.path().extension() == extension)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace cairn::testing
