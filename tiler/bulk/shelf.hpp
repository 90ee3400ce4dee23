#pragma once
// Blocks that are written once and read from anywhere afterwards, on disk beside the target: memory holds what the system can spare.

#include "tiler/archive/file_writer.hpp"
#include "tiler/buffer.hpp"
#include "tiler/bulk/mapped_file.hpp"

#include <optional>
#include <string_view>

namespace cairn::tiler::bulk {

class Shelf {
 public:
  explicit Shelf(const std::filesystem::path& target) : place_{std::in_place, target, "shelf"}, file_{place_->path()} {}

  /// Where the block stands.
  std::uint64_t put(std::string_view block) {
    const auto offset = file_.size();
    file_.append(bytes_of(block));
    return offset;
  }
  /// No more will come.
  void close() {
    file_.flush();
    mapped_.emplace(place_->path(), kSlack);
    place_.reset();
  }
  /// Behind it kSlack bytes may be read.
  std::string_view block(std::uint64_t offset, std::size_t size) const { return mapped_->text().substr(offset, size); }

 private:
  std::optional<TemporaryPath> place_;
  AppendFile file_;
  std::optional<MappedFile> mapped_;
};

}  // namespace cairn::tiler::bulk
