#include "ingest/jpeg_outline.hpp"

#include "core/hex.hpp"

#include <xxhash.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::ingest {
namespace {

constexpr std::uint8_t kStartOfImage = 0xD8, kEndOfImage = 0xD9, kStartOfScan = 0xDA, kMetadata = 0xE1, kComment = 0xFE;
constexpr std::string_view kExifSignature{"Exif\0\0", 6};
constexpr std::string_view kXmpSignature{"http://ns.adobe.com/xap/1.0/\0", 29};
constexpr int kMostScans = 100;  ///< encoders write about ten; each costs a pass over the whole picture

bool is_frame_header(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}
bool is_restart(std::uint8_t marker) { return marker >= 0xD0 && marker <= 0xD7; }
bool is_application_data(std::uint8_t marker) { return marker >= 0xE0 && marker <= 0xEF; }

std::uint8_t byte_at(ByteView bytes, std::size_t at) { return std::to_integer<std::uint8_t>(bytes[at]); }
std::size_t length_at(ByteView bytes, std::size_t at) {
  return at + 2 <= bytes.size() ? (byte_at(bytes, at) << 8 | byte_at(bytes, at + 1)) : 0;
}

/// The first marker at or after `at` that isn't part of entropy-coded data; the end if there is none.
std::size_t end_of_scan(ByteView bytes, std::size_t at) {
  while (at < bytes.size()) {
    const auto* found = std::memchr(bytes.data() + at, 0xFF, bytes.size() - at);
    if (!found) return bytes.size();
    at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
    if (at + 1 >= bytes.size()) return bytes.size();
    const auto next = byte_at(bytes, at + 1);
    if (next == 0xFF) {
      ++at;
    } else if (next == 0 || is_restart(next)) {
      at += 2;
    } else {
      return at;
    }
  }
  return bytes.size();
}

void read_frame_header(ByteView segment, std::uint8_t marker, JpegOutline& outline) {
  if (segment.size() < 10 || outline.process != 0) return;
  outline.process = marker;
  outline.bits = byte_at(segment, 4);
  outline.height_px = static_cast<int>(length_at(segment, 5));
  outline.width_px = static_cast<int>(length_at(segment, 7));
  outline.components = byte_at(segment, 9);
}

void read_metadata(ByteView segment, JpegOutline& outline) {
  const auto content = segment.subspan(4);
  const auto take = [&](std::string_view signature, ByteView& block) {
    if (block.empty() && text_of(content).starts_with(signature)) block = content.subspan(signature.size());
  };
  take(kExifSignature, outline.exif);
  take(kXmpSignature, outline.xmp);
}

std::string size_text(std::int64_t width_px, std::int64_t height_px) {
  return std::to_string(width_px) + " x " + std::to_string(height_px) + " pixels";
}

}  // namespace

JpegWalk::JpegWalk(ByteView jpeg) : bytes_{jpeg}, at_{jpeg.size()} {
  if (jpeg.size() >= 2 && byte_at(jpeg, 0) == 0xFF && byte_at(jpeg, 1) == kStartOfImage) at_ = 2;
}

std::optional<JpegSegment> JpegWalk::next() {
  while (at_ + 1 < bytes_.size() && byte_at(bytes_, at_) == 0xFF && byte_at(bytes_, at_ + 1) == 0xFF) ++at_;
  if (at_ + 1 >= bytes_.size() || byte_at(bytes_, at_) != 0xFF) return std::nullopt;
  const auto marker = byte_at(bytes_, at_ + 1);
  if (marker == kEndOfImage) {
    complete_ = true;
    rest_ = bytes_.subspan(at_ + 2);
    at_ = bytes_.size();
    return std::nullopt;
  }
  const auto start = at_;
  at_ = end_of_segment(start, marker);
  if (at_ == 0) {
    at_ = bytes_.size();
    return std::nullopt;
  }
  return JpegSegment{marker, bytes_.subspan(start, at_ - start)};
}

/// 0 when the segment's length is nonsense or leads past the end.
std::size_t JpegWalk::end_of_segment(std::size_t start, std::uint8_t marker) const {
  if (marker == 0x01 || is_restart(marker)) return start + 2;
  const auto length = length_at(bytes_, start + 2);
  const auto end = start + 2 + length;
  if (length < 2 || end > bytes_.size()) return 0;
  return marker == kStartOfScan ? end_of_scan(bytes_, end) : end;
}

JpegOutline outline_of(ByteView jpeg) {
  JpegOutline outline;
  JpegWalk walk{jpeg};
  while (const auto segment = walk.next()) {
    if (is_frame_header(segment->marker)) read_frame_header(segment->bytes, segment->marker, outline);
    if (segment->marker == kStartOfScan) ++outline.scans;
    if (segment->marker == kMetadata) read_metadata(segment->bytes, outline);
  }
  outline.complete = walk.complete();
  return outline;
}

bool is_run_of_jpegs(ByteView bytes) {
  for (int pictures = 0; pictures < 2; ++pictures) {
    JpegWalk walk{bytes};
    while (walk.next()) {
    }
    bytes = walk.rest();
  }
  return text_of(bytes).starts_with("\xFF\xD8\xFF");
}

std::optional<Refusal> check_size(std::int64_t width_px, std::int64_t height_px, const DecodeRules& rules) {
  if (width_px <= 0 || height_px <= 0) return Refusal{Reason::broken_file, "the header says no size"};
  if (width_px > rules.most_pixels / height_px) return Refusal{Reason::picture_too_large, size_text(width_px, height_px)};
  if (width_px * height_px < rules.least_pixels) return Refusal{Reason::picture_too_small, size_text(width_px, height_px)};
  return std::nullopt;
}

std::optional<Refusal> check_outline(const JpegOutline& outline, const DecodeRules& rules) {
  if (outline.process == 0) return Refusal{Reason::broken_file, "no frame header"};
  if (outline.process > 0xC8) return Refusal{Reason::not_supported, "arithmetic coding: send a baseline or progressive JPEG"};
  if (outline.process > 0xC2) return Refusal{Reason::not_supported, "lossless or hierarchical coding: send a baseline or progressive JPEG"};
  if (outline.bits != 8) return Refusal{Reason::not_supported, std::to_string(outline.bits) + " bits a sample: send 8"};
  if (outline.components != 1 && outline.components != 3) {
    return Refusal{Reason::not_supported, std::to_string(outline.components) + " colour components, as CMYK has: send RGB or grey"};
  }
  if (auto refusal = check_size(outline.width_px, outline.height_px, rules)) return refusal;
  if (outline.scans == 0) return Refusal{Reason::broken_file, "no picture data"};
  if (outline.scans > kMostScans) return Refusal{Reason::broken_file, std::to_string(outline.scans) + " scans"};
  if (!outline.complete) return Refusal{Reason::broken_file, "the picture data end early"};
  return std::nullopt;
}

std::optional<std::string> scan_hash_of(ByteView jpeg) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> hash{XXH3_createState(), &XXH3_freeState};
  XXH3_128bits_reset(hash.get());
  JpegWalk walk{jpeg};
  bool has_scan = false;
  while (const auto segment = walk.next()) {
    if (is_application_data(segment->marker) || segment->marker == kComment) continue;
    has_scan = has_scan || segment->marker == kStartOfScan;
    XXH3_128bits_update(hash.get(), segment->bytes.data(), segment->bytes.size());
  }
  if (!has_scan) return std::nullopt;
  const auto digest = XXH3_128bits_digest(hash.get());
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, digest);
  return hex_of(canonical.digest);
}

}  // namespace cairn::ingest
