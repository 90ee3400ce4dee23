#include "ingest/decode_file.hpp"
#include "ingest/heif.hpp"

#include "ingest/telemetry/formats.hpp"

#include <algorithm>
#include <array>

namespace cairn::ingest {
namespace {

using namespace std::string_view_literals;

bool is_jpeg(std::string_view head) { return head.starts_with("\xFF\xD8\xFF"); }

/// The HEVC brands of HEIF, and the common one of all its codecs.
bool is_heif_brand(std::string_view brand) {
  constexpr std::array<std::string_view, 6> kHeif{"heic", "heix", "heim", "heis", "mif1", "msf1"};
  return std::ranges::find(kHeif, brand) != kHeif.end();
}

/// Brands of the same container that hold pictures or sound only.
bool is_other_brand(std::string_view brand) {
  constexpr std::array<std::string_view, 6> kOthers{"hevc", "avif", "avis", "crx ", "M4A ", "M4B "};
  return is_heif_brand(brand) || std::ranges::find(kOthers, brand) != kOthers.end();
}

bool is_movie(std::string_view head) {
  if (head.size() < 12) return false;
  const auto box = head.substr(4, 4);
  if (box == "ftyp") return !is_other_brand(head.substr(8, 4));
  return box == "moov" || box == "mdat" || box == "wide" || box == "skip" || box == "free";
}

/// The first bytes by which others are known.
struct Foreign {
  std::size_t at;
  std::string_view bytes, name, send;
};
constexpr std::array kForeign{Foreign{0, "\x89PNG\r\n\x1A\n", "a PNG picture", "JPEG"},
                              Foreign{0, "GIF8", "a GIF picture", "JPEG"},
                              Foreign{0, "BM", "a BMP picture", "JPEG"},
                              Foreign{0, "II*\0"sv, "a TIFF or raw picture", "JPEG"},
                              Foreign{0, "MM\0*"sv, "a TIFF or raw picture", "JPEG"},
                              Foreign{8, "WEBP", "a WebP picture", "JPEG"},
                              Foreign{8, "avif", "an AVIF picture", "JPEG"},
                              Foreign{8, "AVI ", "an AVI video", "MP4"},
                              Foreign{0, "\x1A\x45\xDF\xA3", "a Matroska or WebM video", "MP4"},
                              Foreign{0, "PK\x03\x04", "a ZIP archive", "its files"},
                              Foreign{0, "<!DOCTYPE", "a web page", "the picture itself"},
                              Foreign{0, "<html", "a web page", "the picture itself"}};

}  // namespace

std::string advice_about(ByteView head) {
  const auto text = text_of(head);
  for (const auto& [at, bytes, name, send] : kForeign) {
    if (text.size() >= at && text.substr(at).starts_with(bytes))
      return std::string{name} + ": send " + std::string{send};
  }
  return "";
}

bool is_heif(ByteView head) {
  const auto text = text_of(head);
  return text.size() >= 12 && text.substr(4, 4) == "ftyp" && is_heif_brand(text.substr(8, 4));
}

std::optional<FileKind> kind_of(ByteView head) {
  const auto text = text_of(head);
  if (is_jpeg(text) || is_heif(head)) return FileKind::picture;
  if (is_movie(text)) return FileKind::video;
  if (track_format_of(head)) return FileKind::track;
  return std::nullopt;
}

}  // namespace cairn::ingest
