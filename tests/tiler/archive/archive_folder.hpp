#pragma once
// A folder for one test's archives.

#include "tests/temporary_folder.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace cairn::tiler::testing {

class ArchiveFolder : public cairn::testing::TemporaryFolder {
 public:
  std::filesystem::path operator/(const std::string& name) const { return path() / name; }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{path()}, {})); }
};

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace cairn::tiler::testing
