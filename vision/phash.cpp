// The DCT is our own, in double and in a fixed order: cv::dct may differ in the last bits between processors (law 5).

#include "vision/phash.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace cairn::vision {
namespace {

constexpr int kSide = 32;
constexpr int kFrequencies = 8;  ///< per axis, from 1 on: 0 is the mean, which exposure decides

using Cosines = std::array<std::array<double, kSide>, kFrequencies>;

Cosines cosines() {
  Cosines table{};
  for (int f = 0; f < kFrequencies; ++f) {
    for (int i = 0; i < kSide; ++i) table[f][i] = std::cos(std::numbers::pi * (i + 0.5) * (f + 1) / kSide);
  }
  return table;
}

std::array<double, 64> low_frequencies(const cv::Mat& small) {
  static const Cosines kCosines = cosines();
  std::array<std::array<double, kFrequencies>, kSide> rows{};
  for (int y = 0; y < kSide; ++y) {
    for (int f = 0; f < kFrequencies; ++f) {
      for (int x = 0; x < kSide; ++x) rows[y][f] += kCosines[f][x] * small.at<std::uint8_t>(y, x);
    }
  }
  std::array<double, 64> coefficients{};
  for (int v = 0; v < kFrequencies; ++v) {
    for (int u = 0; u < kFrequencies; ++u) {
      for (int y = 0; y < kSide; ++y) coefficients[v * kFrequencies + u] += kCosines[v][y] * rows[y][u];
    }
  }
  return coefficients;
}

}  // namespace

std::uint64_t phash_of(const cv::Mat& luma) {
  cv::Mat small;
  cv::resize(luma, small, {kSide, kSide}, 0, 0, cv::INTER_AREA);
  const auto coefficients = low_frequencies(small);
  auto sorted = coefficients;
  std::ranges::nth_element(sorted, sorted.begin() + 32);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < 64; ++i) hash |= static_cast<std::uint64_t>(coefficients[i] > sorted[32]) << i;
  return hash;
}

}  // namespace cairn::vision
