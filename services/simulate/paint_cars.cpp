#include "services/simulate/paint.hpp"

#include <opencv2/imgproc.hpp>

namespace cairn::simulate::paint {
namespace {

cv::Vec3b shade(const cv::Scalar& colour, double factor) {
  return {cv::saturate_cast<uchar>(colour[0] * factor), cv::saturate_cast<uchar>(colour[1] * factor),
          cv::saturate_cast<uchar>(colour[2] * factor)};
}
cv::Vec4b opaque(const cv::Scalar& colour) { return {uchar(colour[0]), uchar(colour[1]), uchar(colour[2]), 255}; }
const cv::Scalar kTrim = bgr(34, 35, 38);

}  // namespace

cv::Mat3b plate(const std::string& text) {
  auto large = filled(176, 832, cv::Vec3b{232, 236, 236});
  cv::rectangle(large, {0, 0, 76, 176}, bgr(28, 60, 150), cv::FILLED);
  cv::circle(large, {38, 58}, 22, bgr(235, 205, 60), 5);
  cv::putText(large, "C", {22, 146}, cv::FONT_HERSHEY_SIMPLEX, 1.6, bgr(240, 240, 240), 6);
  cv::putText(large, text, {98, 140}, cv::FONT_HERSHEY_SIMPLEX, 3.9, bgr(18, 18, 22), 15);
  cv::rectangle(large, {0, 0, 832, 176}, bgr(30, 30, 34), 7);
  cv::Mat3b small;
  cv::resize(large, small, {232, 49}, 0, 0, cv::INTER_AREA);
  return small;
}

/// The lower side between the bumpers, 4.2 x 0.65 m, nose to the right.
cv::Mat3b car_side(cv::Scalar paint) {
  auto side = filled(104, 672, shade(paint, 1));
  for (int y = 0; y < 104; ++y)
    cv::line(side, {0, y}, {671, y}, shade(paint, y < 40 ? 1.06 - 0.001 * y : 0.97 - 0.002 * y));
  cv::rectangle(side, {0, 88, 672, 16}, kTrim, cv::FILLED);
  for (const int x : {118, 278, 430}) cv::line(side, {x, 0}, {x - 6, 88}, shade(paint, 0.5), 2);
  for (const int x : {138, 292}) cv::rectangle(side, {x, 20, 30, 6}, shade(paint, 0.35), cv::FILLED);
  cv::line(side, {0, 40}, {672, 44}, shade(paint, 0.84), 4);
  for (const int x : {128, 540}) cv::circle(side, {x, 100}, 62, bgr(20, 20, 22), cv::FILLED);
  cv::rectangle(side, {0, 22, 26, 30}, bgr(150, 26, 28), cv::FILLED);
  cv::rectangle(side, {640, 34, 32, 20}, bgr(214, 218, 222), cv::FILLED);
  return side;
}

cv::Mat3b car_windows(int shape, cv::Scalar paint) {
  auto band = filled(96, 448, shade(paint, 1));
  const auto glass = bgr(38, 46, 54);
  if (shape == 2) {  // a van: one window, then metal
    cv::rectangle(band, {318, 14, 106, 74}, glass, cv::FILLED);
    return band;
  }
  cv::rectangle(band, {8, 10, 432, 80}, glass, cv::FILLED);
  cv::line(band, {0, 26}, {448, 18}, bgr(84, 96, 108), 8);
  for (const int x : {126, 262}) cv::rectangle(band, {x, 8, 12, 84}, bgr(22, 22, 24), cv::FILLED);
  return band;
}

cv::Mat3b car_windscreen() {
  auto screen = filled(128, 256, cv::Vec3b{58, 48, 40});
  for (int y = 0; y < 128; ++y) cv::line(screen, {0, y}, {255, y}, bgr(104 - y / 2, 118 - y / 2, 130 - y / 2));
  cv::rectangle(screen, {0, 0, 256, 128}, bgr(24, 24, 26), 10);
  cv::rectangle(screen, {112, 8, 32, 14}, bgr(26, 26, 28), cv::FILLED);
  return screen;
}

cv::Mat4b car_front(cv::Scalar paint, bool lamps_on) {
  auto front = filled(112, 288, opaque(paint));
  cv::rectangle(front, {0, 84, 288, 28}, kTrim, cv::FILLED);
  cv::rectangle(front, {78, 16, 132, 26}, kTrim, cv::FILLED);
  cv::rectangle(front, {64, 78, 160, 26}, bgr(20, 20, 22), cv::FILLED);
  for (const int x : {6, 222}) {
    cv::rectangle(front, {x, 12, 60, 28}, bgr(60, 62, 66), cv::FILLED);
    cv::ellipse(front, {x + 30, 26}, {24, 12}, 0, 0, 360, lamps_on ? bgr(255, 250, 236, 0) : bgr(226, 230, 234),
                cv::FILLED);
  }
  return front;
}

cv::Mat4b car_rear(cv::Scalar paint, bool lamps_on) {
  auto rear = filled(168, 288, opaque(paint));
  const auto dark = shade(paint, 0.62), mid = shade(paint, 0.86);
  cv::rectangle(rear, {0, 136, 288, 32}, kTrim, cv::FILLED);
  cv::line(rear, {0, 44}, {288, 44}, {double(dark[0]), double(dark[1]), double(dark[2]), 255.0}, 3);
  cv::rectangle(rear, {70, 62, 148, 46}, {double(mid[0]), double(mid[1]), double(mid[2]), 255.0}, cv::FILLED);
  for (const int x : {4, 232}) {
    cv::rectangle(rear, {x, 22, 52, 50}, lamps_on ? bgr(255, 40, 34, 30) : bgr(146, 24, 28), cv::FILLED);
    cv::rectangle(rear, {x, 52, 52, 10}, bgr(216, 132, 60), cv::FILLED);
  }
  return rear;
}

cv::Mat4b wheel() {
  auto round = filled(128, 128, cv::Vec4b{20, 20, 20, 0});
  cv::circle(round, {64, 64}, 62, bgr(26, 26, 28), cv::FILLED);
  // Dark rims with thin spokes: a bright plain disc would pass for a sign.
  cv::circle(round, {64, 64}, 42, bgr(60, 62, 66), cv::FILLED);
  for (int spoke = 0; spoke < 7; ++spoke) {
    const double angle = spoke * 2 * kPi / 7 + 0.6;
    const cv::Point tip(cvRound(64 + 40 * std::cos(angle)), cvRound(64 + 40 * std::sin(angle)));
    cv::line(round, {64, 64}, tip, bgr(112, 114, 118), 6);
  }
  cv::circle(round, {64, 64}, 10, bgr(90, 92, 96), cv::FILLED);
  return round;
}

cv::Mat4b traffic_light(int lit) {
  auto box = filled(288, 102, cv::Vec4b{30, 28, 28, 255});
  static const std::array<cv::Scalar, 3> on{bgr(255, 52, 40, 0), bgr(255, 190, 50, 0), bgr(70, 255, 150, 0)};
  static const std::array<cv::Scalar, 3> off{bgr(72, 24, 22), bgr(74, 58, 24), bgr(22, 60, 40)};
  for (int lamp = 0; lamp < 3; ++lamp) {
    const cv::Point centre{51, 50 + lamp * 94};
    cv::circle(box, centre, 42, bgr(14, 14, 14), cv::FILLED);
    cv::circle(box, centre, 36, lamp == lit ? on[size_t(lamp)] : off[size_t(lamp)], cv::FILLED);
  }
  return box;
}

}  // namespace cairn::simulate::paint
