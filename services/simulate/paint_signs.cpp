// Sign faces after the Vienna Convention, on a canvas of 512 and shrunk to 256.

#include "services/simulate/paint.hpp"

#include <opencv2/imgproc.hpp>

#include <cmath>
#include <vector>

namespace cairn::simulate::paint {
namespace {

constexpr int kSize = 512;
using Points = std::vector<cv::Point>;

const cv::Scalar kRed = bgr(190, 24, 36), kBlue = bgr(20, 80, 165), kWhite = bgr(236, 236, 232),
                 kBlack = bgr(24, 24, 26), kYellow = bgr(245, 190, 20), kGrey = bgr(128, 130, 132);

cv::Mat4b empty() { return filled(kSize, kSize, cv::Vec4b{128, 128, 128, 0}); }

cv::Mat4b shrunk(const cv::Mat4b& large) {
  cv::Mat4b small;
  cv::resize(large, small, {256, 256}, 0, 0, cv::INTER_AREA);
  return small;
}

void disc(cv::Mat4b& face, int radius, const cv::Scalar& colour, cv::Point centre = {256, 256}) {
  cv::circle(face, centre, radius, colour, cv::FILLED, cv::LINE_8);
}

void polygon(cv::Mat4b& face, const Points& points, const cv::Scalar& colour) {
  cv::fillPoly(face, std::vector{points}, colour);
}

/// A regular polygon; `turn_deg` of its first corner, clockwise from the top.
Points regular(int corners, double radius, double turn_deg, cv::Point2d centre = {256, 256}) {
  Points points;
  for (int i = 0; i < corners; ++i) {
    const double angle = radians(turn_deg + 360.0 * i / corners);
    points.emplace_back(cvRound(centre.x + radius * std::sin(angle)), cvRound(centre.y - radius * std::cos(angle)));
  }
  return points;
}

/// An upright triangle that fills the square's width, by its distance from the edge.
Points triangle(int inset, bool upright) {
  const int top = upright ? 30 + inset * 2 : 482 - inset * 2, low = upright ? 474 - inset : 38 + inset;
  const int side = static_cast<int>(inset * 1.75);
  return {{256, top}, {504 - side, low}, {8 + side, low}};
}

void text_across(cv::Mat4b& face, const std::string& text, cv::Point centre, double height_px, int thickness,
                 const cv::Scalar& colour) {
  int below = 0;
  const auto probe = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, 1, 1, &below);
  const double scale = height_px / probe.height;
  const auto size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, thickness, &below);
  cv::putText(face, text, {centre.x - size.width / 2, centre.y + size.height / 2 - thickness / 4},
              cv::FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv::LINE_8);
}

cv::Mat4b ring_disc() {
  auto face = empty();
  disc(face, 252, kWhite);
  disc(face, 246, kRed);
  disc(face, 184, kWhite);
  return face;
}

cv::Mat4b blue_disc() {
  auto face = empty();
  disc(face, 252, kWhite);
  disc(face, 242, kBlue);
  return face;
}

cv::Mat4b warning() {
  auto face = empty();
  polygon(face, triangle(0, true), kRed);
  polygon(face, triangle(42, true), kWhite);
  return face;
}

cv::Mat4b speed(const std::string& value) {
  auto face = ring_disc();
  text_across(face, value, {256, 256}, 172, 34, kBlack);
  return face;
}

void little_car(cv::Mat4b& face, int x, const cv::Scalar& colour) {
  cv::rectangle(face, {x - 52, 248, 104, 56}, colour, cv::FILLED);
  polygon(face, {{x - 40, 248}, {x - 26, 206}, {x + 26, 206}, {x + 40, 248}}, colour);
  cv::rectangle(face, {x - 48, 296, 24, 30}, colour, cv::FILLED);
  cv::rectangle(face, {x + 24, 296, 24, 30}, colour, cv::FILLED);
  cv::rectangle(face, {x - 24, 218, 48, 26}, kWhite, cv::FILLED);
}

/// A walking figure: head, trunk, limbs.
void walker(cv::Mat4b& face) {
  cv::circle(face, {262, 212}, 24, kBlack, cv::FILLED);
  cv::line(face, {258, 250}, {252, 330}, kBlack, 36);
  cv::line(face, {252, 330}, {214, 412}, kBlack, 22);
  cv::line(face, {256, 330}, {296, 408}, kBlack, 22);
  cv::line(face, {256, 258}, {212, 310}, kBlack, 16);
  cv::line(face, {258, 258}, {302, 306}, kBlack, 16);
}

void arrow(cv::Mat4b& face, cv::Point from, cv::Point to) {
  const cv::Point2d step = cv::Point2d(to - from) * (1 / std::hypot(to.x - from.x, to.y - from.y));
  const cv::Point2d side{-step.y, step.x};
  const auto at = [&](double along, double across) {
    return cv::Point(cv::Point2d(to) + step * along + side * across);
  };
  cv::line(face, from, at(-70, 0), kWhite, 54);
  polygon(face, {at(10, 0), at(-100, 92), at(-100, -92)}, kWhite);
}

cv::Mat4b large_face(SignKind kind) {
  auto face = empty();
  switch (kind) {
    case SignKind::speed_30: return speed("30");
    case SignKind::speed_50: return speed("50");
    case SignKind::no_overtaking:
      face = ring_disc();
      little_car(face, 194, kRed);
      little_car(face, 318, kBlack);
      return face;
    case SignKind::priority_road:
      polygon(face, regular(4, 254, 0), kWhite);
      polygon(face, regular(4, 240, 0), kBlack);
      polygon(face, regular(4, 230, 0), kWhite);
      polygon(face, regular(4, 168, 0), kYellow);
      return face;
    case SignKind::yield:
      polygon(face, triangle(0, false), kRed);
      polygon(face, triangle(46, false), kWhite);
      return face;
    case SignKind::stop:
      polygon(face, regular(8, 270, 22.5), kWhite);
      polygon(face, regular(8, 256, 22.5), kRed);
      text_across(face, "STOP", {256, 256}, 134, 24, kWhite);
      return face;
    case SignKind::no_entry:
      disc(face, 252, kWhite);
      disc(face, 244, kRed);
      cv::rectangle(face, {72, 212, 368, 88}, kWhite, cv::FILLED);
      return face;
    case SignKind::caution:
      face = warning();
      polygon(face, {{236, 200}, {276, 200}, {266, 340}, {246, 340}}, kBlack);
      cv::circle(face, {256, 382}, 21, kBlack, cv::FILLED);
      return face;
    case SignKind::bumpy_road:
      face = warning();
      cv::ellipse(face, {200, 404}, {52, 56}, 0, 180, 360, kBlack, cv::FILLED);
      cv::ellipse(face, {312, 404}, {52, 56}, 0, 180, 360, kBlack, cv::FILLED);
      cv::rectangle(face, {128, 400, 256, 16}, kBlack, cv::FILLED);
      return face;
    case SignKind::road_works:
      face = warning();
      cv::circle(face, {236, 226}, 22, kBlack, cv::FILLED);
      cv::line(face, {232, 256}, {204, 330}, kBlack, 34);
      cv::line(face, {204, 330}, {228, 410}, kBlack, 20);
      cv::line(face, {204, 330}, {168, 410}, kBlack, 20);
      cv::line(face, {236, 272}, {300, 346}, kBlack, 14);
      cv::line(face, {214, 296}, {330, 380}, kBlack, 10);
      polygon(face, {{286, 416}, {322, 356}, {376, 416}}, kBlack);
      return face;
    case SignKind::pedestrians:
      face = warning();
      walker(face);
      return face;
    case SignKind::turn_right:
      face = blue_disc();
      cv::line(face, {180, 400}, {180, 240}, kWhite, 54);
      arrow(face, {166, 240}, {420, 240});
      return face;
    case SignKind::ahead_only:
      face = blue_disc();
      arrow(face, {256, 440}, {256, 80});
      return face;
    case SignKind::keep_right:
      face = blue_disc();
      arrow(face, {130, 130}, {384, 384});
      return face;
    case SignKind::roundabout:
      face = blue_disc();
      for (int i = 0; i < 3; ++i) {
        const double begin = 120.0 * i - 80;
        cv::ellipse(face, {256, 256}, {136, 136}, 0, begin, begin + 70, kWhite, 44);
        const double tip = radians(begin + 70);
        const cv::Point2d out{std::cos(tip), std::sin(tip)}, on{-out.y, out.x},
            mid = cv::Point2d{256, 256} + out * 136.0;
        polygon(face, {cv::Point(mid + on * 66.0), cv::Point(mid + out * 58.0), cv::Point(mid - out * 58.0)}, kWhite);
      }
      return face;
  }
  return face;
}

}  // namespace

cv::Mat4b sign_face(SignKind kind) { return shrunk(large_face(kind)); }

cv::Mat4b sign_back(SignKind kind) {
  auto back = large_face(kind);
  for (auto& pixel : back) pixel = {132, 130, 128, pixel[3]};
  cv::Mat4b mirrored;
  cv::flip(back, mirrored, 1);
  return shrunk(mirrored);
}

}  // namespace cairn::simulate::paint
