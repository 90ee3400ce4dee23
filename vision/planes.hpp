#pragma once
// A picture as JPEG holds it: brightness and, mostly at half the size, two planes of colour. Work on planes spares the
// way to BGR and back, and half of the pixels. Only for .cpp files of this room.

#include "core/bytes.hpp"
#include "core/reason.hpp"

#include <variant>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace cairn::vision {

/// Y alone, or Y, Cb, Cr; 8 bits each. The planes of colour may be smaller than Y, by whole numbers.
using Planes = std::vector<cv::Mat>;

/// Decodes at `eighths`/8 of the size (1, 2, 4 or 8; sizes round up). broken_file when data is missing or corrupt. Does
/// not check limits.
std::variant<Planes, Refusal> planes_of(ByteView jpeg, int eighths);

/// The same picture with Y at this size, which is not larger, and colours at half of it (4:2:0).
Planes shrunk(const Planes& planes, cv::Size size);

/// A baseline JPEG without metadata, 4:2:0. The planes must be those of shrunk(). Throws
/// std::runtime_error when the encoder fails.
Bytes jpeg_of_planes(const Planes& planes, int quality);

}  // namespace cairn::vision
