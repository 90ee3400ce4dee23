#pragma once
// The files of a dataset while it grows.

#include "services/export/point_file.hpp"
#include "services/store/blobs.hpp"
#include "services/store/frames.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace cairn::services {

/// "images/0a/0a1b….jpg": no folder gets too many.
std::string picture_path_of(FrameId id);

/// Puts the public picture of a frame where it belongs, unless it lies there already. Nothing when its bytes are gone; else their number.
std::optional<std::uint64_t> put_picture(const store::BlobStore&, const store::FrameRow& frame, const std::filesystem::path& dataset);

/// Deletes every picture but these, which are sorted: what an earlier run left, and what was withdrawn meanwhile.
void keep_pictures(const std::filesystem::path& dataset, const std::vector<FrameId>& frames);

/// A text file that says so when the disk is full.
class TextFile {
 public:
  explicit TextFile(std::filesystem::path path);
  void add(std::string_view text);
  /// Throws when not all of it could be written.
  void finish();

 private:
  std::filesystem::path path_;
  std::ofstream stream_;
};

/// What is in the dataset and under which terms, for people.
std::string readme_of(const Terms&, std::size_t pictures, std::size_t annotations);

}  // namespace cairn::services
