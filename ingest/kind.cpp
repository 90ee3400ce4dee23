#include "ingest/decode_file.hpp"

#include <algorithm>
#include <array>

namespace cairn::ingest {
namespace {

constexpr std::size_t kGpxSearchLength = 4096;  ///< the root element of a track stands near the start, after a comment at most

bool is_jpeg(std::string_view head) { return head.starts_with("\xFF\xD8\xFF"); }

/// Brands of the same container that hold pictures or sound only.
bool is_other_brand(std::string_view brand) {
  constexpr std::array<std::string_view, 12> kOthers{"heic", "heix", "heim", "heis", "hevc", "mif1",
                                                     "msf1", "avif", "avis", "crx ", "M4A ", "M4B "};
  return std::ranges::find(kOthers, brand) != kOthers.end();
}

bool is_movie(std::string_view head) {
  if (head.size() < 12) return false;
  const auto box = head.substr(4, 4);
  if (box == "ftyp") return !is_other_brand(head.substr(8, 4));
  return box == "moov" || box == "mdat" || box == "wide" || box == "skip" || box == "free";
}

bool is_gpx(std::string_view head) {
  head = head.substr(0, kGpxSearchLength);
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const auto start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || head[start] != '<') return false;
  return head.find("<gpx") != std::string_view::npos || head.find(":gpx ") != std::string_view::npos;
}

}  // namespace

std::optional<FileKind> kind_of(ByteView head) {
  const auto text = text_of(head);
  if (is_jpeg(text)) return FileKind::picture;
  if (is_movie(text)) return FileKind::video;
  if (is_gpx(text)) return FileKind::track;
  return std::nullopt;
}

}  // namespace cairn::ingest
