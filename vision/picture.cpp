#include "vision/picture.hpp"

#include "vision/jpeg_guard.hpp"
#include "vision/turbojpeg.hpp"

#include <jerror.h>

#include <opencv2/core.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>

namespace cairn::vision {
namespace {

constexpr int kTurnedQuality = 95;  ///< of a turned picture that could not be turned losslessly: no visible second loss

Refusal broken(const JpegErrors& errors) { return {Reason::broken_file, errors.message()}; }

std::string size_text(const jpeg_decompress_struct& info) {
  return std::to_string(info.image_width) + " x " + std::to_string(info.image_height) + " pixels";
}

/// Counts the scans by walking the markers, without decoding.
int scans_of(ByteView jpeg) {
  const auto* at = reinterpret_cast<const unsigned char*>(jpeg.data());
  const auto* const end = at + jpeg.size();
  int scans = 0;
  while ((at = static_cast<const unsigned char*>(std::memchr(at, 0xFF, static_cast<std::size_t>(end - at)))) &&
         end - at >= 4) {
    const int marker = at[1];
    if (marker == 0xFF) {
      ++at;
    } else if (marker == 0 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += 2;
    } else if (marker == 0xD9) {
      break;
    } else {
      scans += marker == 0xDA;
      const std::ptrdiff_t length = 2 + at[2] * 256 + at[3];
      if (length >= end - at) break;
      at += length;
    }
  }
  return scans;
}

Refusal header_refusal(const JpegReader& reader) {
  switch (reader.errors.code) {
    case JERR_IMAGE_TOO_BIG: return {Reason::picture_too_large, size_text(reader.info)};
    case JERR_NO_SOI:
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED: return {Reason::not_supported, reader.errors.message()};
    default: return broken(reader.errors);
  }
}

std::optional<Refusal> refusal_of_kind(const jpeg_decompress_struct& info) {
  if (info.arith_code) return Refusal{Reason::not_supported, "arithmetic coding"};
  const auto colours = info.jpeg_color_space;
  const bool grey = colours == JCS_GRAYSCALE && info.num_components == 1;
  const bool coloured = (colours == JCS_YCbCr || colours == JCS_RGB) && info.num_components == 3;
  if (!grey && !coloured) return Refusal{Reason::not_supported, "CMYK or unknown colours"};
  return std::nullopt;
}

std::optional<Refusal> refusal_of_size(const jpeg_decompress_struct& info, const PictureLimits& limits) {
  const auto width = static_cast<std::int64_t>(info.image_width), height = static_cast<std::int64_t>(info.image_height);
  if (width * height > limits.most_pixels) return Refusal{Reason::picture_too_large, size_text(info)};
  if (std::min(width, height) < limits.least_side_px) return Refusal{Reason::picture_too_small, size_text(info)};
  return std::nullopt;
}

Bytes copied(const TurboBytes& bytes, unsigned long size) {
  const auto* first = reinterpret_cast<const std::byte*>(bytes.get());
  return {first, first + size};
}

/// Nothing when the blocks at the edges don't allow it, or when libjpeg found fault.
std::optional<Bytes> turned_losslessly(ByteView jpeg, int orientation) {
  constexpr int kTurns[] = {TJXOP_HFLIP, TJXOP_ROT180,     TJXOP_VFLIP, TJXOP_TRANSPOSE,
                            TJXOP_ROT90, TJXOP_TRANSVERSE, TJXOP_ROT270};
  const Turbo turbo{tjInitTransform()};
  if (!turbo) return std::nullopt;
  tjtransform turn{};
  turn.op = kTurns[orientation - 2];
  turn.options = TJXOPT_PERFECT | TJXOPT_COPYNONE;
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const int failed = tjTransform(turbo.get(), reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size(), 1, &out,
                                 &size, &turn, 0);
  const TurboBytes owner{out};
  if (failed || !out) return std::nullopt;
  return copied(owner, size);
}

cv::Mat turned(const cv::Mat& stored, int orientation) {
  cv::Mat upright;
  switch (orientation) {
    case 2: cv::flip(stored, upright, 1); break;
    case 3: cv::rotate(stored, upright, cv::ROTATE_180); break;
    case 4: cv::flip(stored, upright, 0); break;
    case 5: cv::transpose(stored, upright); break;
    case 6: cv::rotate(stored, upright, cv::ROTATE_90_CLOCKWISE); break;
    case 7:
      cv::transpose(stored, upright);
      cv::rotate(upright.clone(), upright, cv::ROTATE_180);
      break;
    default: cv::rotate(stored, upright, cv::ROTATE_90_COUNTERCLOCKWISE); break;
  }
  return upright;
}

}  // namespace

OrRefusal<JpegHeader> read_jpeg_header(ByteView jpeg, const PictureLimits& limits) {
  if (jpeg.empty()) return Refusal{Reason::empty_file, ""};
  JpegReader reader{jpeg};
  if (!reader.read_header()) return header_refusal(reader);
  if (auto refusal = refusal_of_kind(reader.info)) return *refusal;
  if (auto refusal = refusal_of_size(reader.info, limits)) return *refusal;
  if (const int scans = scans_of(jpeg); scans > limits.most_scans) {
    return Refusal{Reason::broken_file, std::to_string(scans) + " scans"};
  }
  return JpegHeader{static_cast<int>(reader.info.image_width), static_cast<int>(reader.info.image_height)};
}

OrRefusal<cv::Mat> decode_jpeg(ByteView jpeg, int eighths) {
  JpegReader reader{jpeg};
  auto& info = reader.info;
  if (!reader.read_header()) return broken(reader.errors);
  const bool started = guarded(reader.errors, [&info, eighths] {
    info.scale_num = static_cast<unsigned>(eighths);
    info.scale_denom = 8;
    info.out_color_space = JCS_EXT_BGR;
    jpeg_start_decompress(&info);
  });
  if (!started) return broken(reader.errors);
  cv::Mat bgr(static_cast<int>(info.output_height), static_cast<int>(info.output_width), CV_8UC3);
  const bool finished = guarded(reader.errors, [&info, first = bgr.data, step = bgr.step[0]] {
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = first + info.output_scanline * step;
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
  });
  if (!finished || reader.errors.damaged) return broken(reader.errors);
  return bgr;
}

Bytes encode_jpeg(const cv::Mat& bgr, int quality) {
  const Turbo turbo{tjInitCompress()};
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const int failed = !turbo || tjCompress2(turbo.get(), bgr.data, bgr.cols, static_cast<int>(bgr.step[0]), bgr.rows,
                                           TJPF_BGR, &out, &size, TJSAMP_420, quality, 0);
  const TurboBytes owner{out};
  if (failed || !out)
    throw std::runtime_error{"can't encode a JPEG of " + std::to_string(bgr.cols) + " x " + std::to_string(bgr.rows)};
  return copied(owner, size);
}

OrRefusal<Bytes> turned_upright(ByteView jpeg, int orientation) {
  if (orientation < 2 || orientation > 8) return Bytes(jpeg.begin(), jpeg.end());
  if (auto lossless = turned_losslessly(jpeg, orientation)) return *std::move(lossless);
  auto stored = decode_jpeg(jpeg);
  if (auto* refusal = std::get_if<Refusal>(&stored)) return *refusal;
  return encode_jpeg(turned(std::get<cv::Mat>(stored), orientation), kTurnedQuality);
}

}  // namespace cairn::vision
