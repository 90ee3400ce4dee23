#pragma once
// Whether a frame is good enough to map from.

#include "core/observation.hpp"

namespace cv {
class Mat;
}

namespace cairn::vision {

/// Absolute limits, set so that no picture of the street drives at hand is rejected (docs/decisions/frame-quality.md).
struct QualityRules {
  double blurred = 0.02;       ///< sharpness below rejects: a Gaussian of 2 px at this width
  double soft = 0.10;          ///< … below degrades: about 1 px
  double dark_level = 20;      ///< a darker pixel shows nothing
  double bright_level = 250;   ///< a brighter one is clipped
  double too_dark = 0.90;      ///< dark share of the road region from which on a picture is rejected
  double dim = 0.60;           ///< … degraded
  double over_exposed = 0.60;  ///< clipped share, rejected
  double bright = 0.35;        ///< … degraded
  double few_tones = 4.0;      ///< bits of entropy of the whole picture below which it is degraded
  double no_tones = 2.5;       ///< … rejected, as too dark or over-exposed by its mean
};

/// Judges a luma picture (8 bit, 640 px wide). Values kept: sharpness (75th percentile over textured cells of Laplacian
/// variance over luma variance), textured_cells, dark_share and clipped_share (of the road region, the lower 60 %),
/// entropy_bits and mean_luma (of all).
Quality quality_of(const cv::Mat& luma, const QualityRules& rules = {});

}  // namespace cairn::vision
