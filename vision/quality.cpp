#include "vision/quality.hpp"

#include "core/reason.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace cairn::vision {
namespace {

constexpr int kColumns = 8, kRows = 6;
constexpr int kFirstRow = 1, kEndRow = 5;  ///< without the top row (sky) and the bottom one (hood)
constexpr double kLeastContrast = 50;  ///< variance of the luma below which a cell is flat and says nothing of focus
constexpr double kRoundingNoise =
    2;  ///< variance of the Laplacian of a flat area whose levels were rounded: 20/12, a little more

cv::Rect cell_of(const cv::Mat& luma, int column, int row) {
  const int left = luma.cols * column / kColumns, right = luma.cols * (column + 1) / kColumns;
  const int top = luma.rows * row / kRows, bottom = luma.rows * (row + 1) / kRows;
  return {left, top, right - left, bottom - top};
}

double variance(const cv::Mat& values) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(values, mean, deviation);
  return deviation[0] * deviation[0];
}

/// Per textured cell, ascending.
std::vector<double> sharpness_of_cells(const cv::Mat& luma) {
  cv::Mat laplacian;
  cv::Laplacian(luma, laplacian, CV_16S, 1);
  std::vector<double> sharpness;
  for (int row = kFirstRow; row < kEndRow; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      const auto cell = cell_of(luma, column, row);
      const double contrast = variance(luma(cell));
      if (contrast >= kLeastContrast)
        sharpness.push_back(std::max(0.0, variance(laplacian(cell)) - kRoundingNoise) / contrast);
    }
  }
  std::ranges::sort(sharpness);
  return sharpness;
}

using Histogram = std::array<double, 256>;  ///< shares

Histogram histogram_of(const cv::Mat& luma) {
  Histogram shares{};
  for (int y = 0; y < luma.rows; ++y) {
    const auto* row = luma.ptr<std::uint8_t>(y);
    for (int x = 0; x < luma.cols; ++x) shares[row[x]] += 1;
  }
  for (auto& share : shares) share /= static_cast<double>(luma.total());
  return shares;
}

double entropy_bits(const Histogram& shares) {
  double bits = 0;
  for (const double share : shares) {
    if (share > 0) bits -= share * std::log2(share);
  }
  return bits;
}

double share_between(const Histogram& shares, double low, double high) {
  double sum = 0;
  for (int level = 0; level < 256; ++level) {
    if (level >= low && level <= high) sum += shares[level];
  }
  return sum;
}

/// 1 at `good`, 0 at `bad`, linear between.
double ramp(double value, double bad, double good) { return std::clamp((value - bad) / (good - bad), 0.0, 1.0); }

/// Adds what one value means: nothing, degraded or rejected for `reason`.
void judge(Quality& quality, Reason reason, bool reject, bool degrade) {
  if (!reject && !degrade) return;
  const std::string code{code_of(reason)};
  if (std::ranges::find(quality.reasons, code) == quality.reasons.end()) quality.reasons.push_back(code);
  quality.decision = std::max(quality.decision, reject ? QualityDecision::reject : QualityDecision::degrade);
}

}  // namespace

Quality quality_of(const cv::Mat& luma, const QualityRules& rules) {
  const auto cells = sharpness_of_cells(luma);
  const double sharpness = cells.empty() ? 0 : cells[cells.size() * 3 / 4];
  const auto road = histogram_of(luma.rowRange(luma.rows * 2 / 5, luma.rows));
  const auto whole = histogram_of(luma);
  const double dark = share_between(road, 0, rules.dark_level), clipped = share_between(road, rules.bright_level, 255);
  const double entropy = entropy_bits(whole), mean = cv::mean(luma)[0];

  Quality quality;
  judge(quality, Reason::blurred, sharpness < rules.blurred, sharpness < rules.soft);
  const bool no_tones = entropy < rules.no_tones, few_tones = entropy < rules.few_tones;
  judge(quality, Reason::too_dark, dark > rules.too_dark || (no_tones && mean < 128),
        dark > rules.dim || (few_tones && mean < 128));
  judge(quality, Reason::over_exposed, clipped > rules.over_exposed || (no_tones && mean >= 128),
        clipped > rules.bright || (few_tones && mean >= 128));
  quality.score = ramp(sharpness, rules.blurred / 2, rules.soft * 1.5) * ramp(dark, 1.0, rules.dim / 2) *
                  ramp(clipped, 1.0, rules.bright / 2) * ramp(entropy, rules.no_tones / 2, rules.few_tones + 1);
  quality.values = {{"sharpness", sharpness},  {"textured_cells", static_cast<double>(cells.size())},
                    {"dark_share", dark},      {"clipped_share", clipped},
                    {"entropy_bits", entropy}, {"mean_luma", mean}};
  return quality;
}

}  // namespace cairn::vision
