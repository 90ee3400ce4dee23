#pragma once
// A folder of its own for one test, gone afterwards.

#include "core/id.hpp"
#include "services/store/database.hpp"

#include <filesystem>

namespace cairn::testing {

class ScratchFolder {
 public:
  ScratchFolder() : path_{std::filesystem::temp_directory_path() / ("cairn-test-" + Uuid::random().text())} {
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  store::DatabaseUrl database() const { return {"sqlite://" + (path_ / "catalogue.db").string()}; }

 private:
  std::filesystem::path path_;
};

}  // namespace cairn::testing
