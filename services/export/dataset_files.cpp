#include "services/export/dataset_files.hpp"

#include "services/store/file_view.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace cairn::services {
namespace {

namespace fs = std::filesystem;

bool holds(const fs::path& file, const Sha256& content) {
  std::error_code none;
  return fs::is_regular_file(file, none) && sha256_of(store::FileView{file}.bytes()) == content;
}

}  // namespace

std::string picture_path_of(FrameId id) {
  const auto text = id.text();
  return "images/" + text.substr(0, 2) + "/" + text + ".jpg";
}

std::optional<std::uint64_t> put_picture(const store::BlobStore& blobs, const store::FrameRow& frame, const fs::path& dataset) {
  const auto target = dataset / picture_path_of(frame.id);
  if (!frame.hd) return std::nullopt;
  if (holds(target, *frame.hd)) return fs::file_size(target);
  const auto bytes = blobs.get(store::Namespace::public_, *frame.hd);
  if (!bytes) return std::nullopt;
  fs::create_directories(target.parent_path());
  TextFile file{target};
  file.add(text_of(*bytes));
  file.finish();
  return bytes->size();
}

void keep_pictures(const fs::path& dataset, const std::vector<FrameId>& frames) {
  std::vector<fs::path> rest;
  for (const auto& entry : fs::recursive_directory_iterator{dataset / "images"}) {
    const auto id = FrameId::parse(entry.path().stem().string());
    if (entry.is_regular_file() && !(id && std::ranges::binary_search(frames, *id))) rest.push_back(entry.path());
  }
  for (const auto& path : rest) fs::remove(path);
}

TextFile::TextFile(fs::path path) : path_{std::move(path)}, stream_{path_, std::ios::binary | std::ios::trunc} {}

void TextFile::add(std::string_view text) { stream_.write(text.data(), static_cast<std::streamsize>(text.size())); }

void TextFile::finish() {
  stream_.close();
  if (!stream_) throw std::runtime_error{"can't write " + path_.string() + ": " + std::strerror(errno) + "; run the same again when there is room, it goes on from here"};
}

std::string readme_of(const Terms& terms, std::size_t pictures, std::size_t annotations) {
  return "# " + terms.title + R"(

)" + std::to_string(pictures) + " street-level pictures with " + std::to_string(annotations) + R"( boxes.

| what | is |
|---|---|
| `images/` | the pictures at full size, upright; faces, people and number plates are hidden in them, and nothing else was changed |
| `annotations.json` | COCO: `images`, `annotations` (`bbox` is left, top, width, height in pixels), `categories`, `licenses` |
| `frames.fgb` | FlatGeobuf: where, when and by whom each picture was taken; `file_name` leads to it |

The boxes were found by a detector, not drawn by people: `score` says how sure it was, from 0 to 1. An image's `frame` is its name for good.

Licence: )" + terms.licence_id + " (" + terms.licence_url + ")\nAttribution: " + terms.attribution + R"(, and the `contributor` of each picture.

Contributors may withdraw their pictures. Make the dataset anew before you hand it on, so that what was withdrawn is not in it.
)";
}

}  // namespace cairn::services
