#include "vision/model.hpp"

#include "core/id.hpp"
#include "core/sha256.hpp"
#include "tests/catch.hpp"

#include <filesystem>
#include <fstream>

using namespace cairn;
using namespace cairn::vision;
using Catch::Matchers::Contains;

namespace {

/// A file of that content, gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    std::ofstream{path_, std::ios::binary} << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("cairn-model-" + Uuid::random().text() + ".pt");
};

}  // namespace

TEST_CASE("a missing model is named, with what to do") {
  CHECK_THROWS_WITH(load_model({"net 1", "/nowhere/net.pt", std::string(64, '0')}),
                    "model net 1: can't read /nowhere/net.pt; put the file there or mend its path in configs/models.yaml");
}

TEST_CASE("a model with another digest than promised is not loaded") {
  const TemporaryFile file{"not the promised bytes"};
  CHECK_THROWS_WITH(load_model({"net 1", file.path(), std::string(64, '0')}),
                    Contains(sha256_of("not the promised bytes").hex()) && Contains("but configs/models.yaml says 0000"));
}

TEST_CASE("a file that is no TorchScript is not loaded, even with the right digest") {
  const TemporaryFile file{"plain words"};
  CHECK_THROWS_WITH(load_model({"net 1", file.path(), sha256_of("plain words").hex()}), Contains("is not a TorchScript file"));
}
