#pragma once
// The town's textures, each drawn once. Pictures are BGR or BGRA, 8 bit.

#include "services/simulate/random.hpp"
#include "services/simulate/texture.hpp"
#include "services/simulate/town.hpp"

#include <opencv2/core.hpp>

#include <string>

namespace cairn::simulate::paint {

inline cv::Scalar bgr(int red, int green, int blue, int fourth = 255) {
  return {double(blue), double(green), double(red), double(fourth)};
}

/// Smooth grey noise that repeats without a seam: `cells` bumps across, around 128.
cv::Mat1b noise(Random, int size, int cells, double contrast);
/// Adds grey noise to the colours.
void roughen(cv::Mat& picture, const cv::Mat1b& noise, double weight);

/// The face of a sign, square, transparent around it.
cv::Mat4b sign_face(SignKind kind);
/// The grey back of a sign of the same outline.
cv::Mat4b sign_back(SignKind kind);

/// Walls: 12 m wide, `height_m` high, 40 pixels per metre; the fourth channel is 0 where a lamp burns behind a window.
cv::Mat4b facade(Random, int style, int floors, bool night);
inline double facade_height_m(int floors) { return floors * 3.0 + 0.5; }
cv::Mat3b plaster(Random);
cv::Mat3b roof(Random);
cv::Mat3b asphalt(Random);
cv::Mat4b foliage(Random);
cv::Mat3b hedge(Random);
cv::Mat3b bark(Random);

/// A European plate, 0.52 x 0.11 m.
cv::Mat3b plate(const std::string& text);
/// Car parts.
cv::Mat3b car_side(cv::Scalar paint);
cv::Mat3b car_windows(int shape, cv::Scalar paint);
cv::Mat3b car_windscreen();
/// The fourth channel is 0 where lamps burn.
cv::Mat4b car_front(cv::Scalar paint, bool lamps_on);
cv::Mat4b car_rear(cv::Scalar paint, bool lamps_on);
cv::Mat4b wheel();

/// A person in three views: 0 from the front, 1 from behind. The head's picture is 0.30 x 0.30 m, the body's 0.9 x 1.47
/// m, both for a height of 1.72 m.
cv::Mat4b person_head(Random, bool front);
cv::Mat4b person_body(Random, bool front, int step);

/// Lamps of a traffic light, 0 red, 1 amber, 2 green; 0.32 x 0.90 m.
cv::Mat4b traffic_light(int lit);
/// A soft round spot, opaque in the middle.
cv::Mat4b soft_spot(cv::Scalar colour, double opacity);

}  // namespace cairn::simulate::paint
