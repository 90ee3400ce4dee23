#pragma once

#include "core/bytes.hpp"

#include <filesystem>

namespace cairn::store {

/// A file's bytes as the kernel maps them: read without a copy. Blobs never change, so the view stays true.
class FileView {
 public:
  /// Throws std::system_error with the path when it can't be opened.
  explicit FileView(const std::filesystem::path& path);
  ~FileView();
  FileView(const FileView&) = delete;
  FileView& operator=(const FileView&) = delete;

  ByteView bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace cairn::store
