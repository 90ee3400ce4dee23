#pragma once
// A file as memory, followed by zeros: parsers that read ahead need no copy.

#include <filesystem>
#include <string_view>

namespace cairn::tiler::bulk {

class MappedFile {
 public:
  /// Throws std::runtime_error with the path.
  MappedFile(const std::filesystem::path& file, std::size_t padding);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view text() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;
};

}  // namespace cairn::tiler::bulk
