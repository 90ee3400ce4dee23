#pragma once
// JPEG bytes <-> pixels, with every limit checked on the header before anything is decoded.

#include "core/bytes.hpp"
#include "core/reason.hpp"

#include <cstdint>
#include <variant>

#include <opencv2/core/mat.hpp>

namespace cairn::vision {

template <class T>
using OrRefusal = std::variant<T, Refusal>;

/// What a JPEG's header says, in pixels as stored.
struct JpegHeader {
  int width_px = 0;
  int height_px = 0;
};

struct PictureLimits {
  std::int64_t most_pixels = 64'000'000;  ///< 192 MB as BGR, up to 384 MB as coefficients
  int least_side_px = 128;                ///< below, nothing can be read from a street scene
  int most_scans = 100;                   ///< a progressive picture has about ten; each costs a pass over all of it
};

/// Reads the header only. Refused: no bytes (empty_file); no JPEG, CMYK, 12 bits, arithmetic or lossless coding
/// (not_supported); no readable header, too many scans (broken_file); a size outside the limits (picture_too_small,
/// picture_too_large).
OrRefusal<JpegHeader> read_jpeg_header(ByteView jpeg, const PictureLimits& limits);

/// Decodes to BGR at `eighths`/8 of the size (1, 2, 4 or 8; sizes round up). broken_file when data is missing or
/// corrupt, be it only the last byte. Does not check limits: read_jpeg_header first.
OrRefusal<cv::Mat> decode_jpeg(ByteView jpeg, int eighths = 8);

/// A baseline JPEG, colours 4:2:0, without metadata. Throws std::runtime_error when the encoder fails.
Bytes encode_jpeg(const cv::Mat& bgr, int quality);

/// The same picture turned so that it needs no EXIF orientation (2-8; others give the bytes as they are). Lossless
/// where the blocks allow it, else decoded, turned and encoded at quality 95. Metadata is dropped when turned.
OrRefusal<Bytes> turned_upright(ByteView jpeg, int orientation);

}  // namespace cairn::vision
