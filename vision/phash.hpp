#pragma once

#include <cstdint>

namespace cv {
class Mat;
}

namespace cairn::vision {

/// A fingerprint that survives scaling and compression: 64 low frequencies of the luma (8 bit, any size) at 32 x 32,
/// each above or below their median. Pictures of one scene differ in few bits, others in about 32.
std::uint64_t phash_of(const cv::Mat& luma);

}  // namespace cairn::vision
