#pragma once
// Pictures that a gateway takes, each with bytes of its own.

#include "tests/scenario/instance.hpp"

#include <fstream>

namespace cairn::testing {

/// A street photo with a text in its scan data: another text makes another picture.
inline std::string picture_with(const std::string& text) {
  std::ifstream stream{sample_drives().front() / "000.jpg", std::ios::binary};
  std::string jpeg{std::istreambuf_iterator<char>{stream}, {}};
  return jpeg.insert(jpeg.size() - 2, text);
}

/// The same picture with bytes behind its end, so many in all.
inline std::string padded(std::string jpeg, std::size_t size) {
  jpeg.resize(size, 'x');
  return jpeg;
}

/// Files below a folder of blobs, half-written ones included.
inline std::size_t blobs_in(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) count += entry.is_regular_file() ? 1 : 0;
  return count;
}

}  // namespace cairn::testing
