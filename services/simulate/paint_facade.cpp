#include "services/simulate/paint.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <vector>

namespace cairn::simulate::paint {
namespace {

constexpr int kPerMetre = 40;
int px(double metres) { return cvRound(metres * kPerMetre); }

cv::Rect metres(double left, double top, double width, double height) {
  return {px(left), px(top), px(width), px(height)};
}

/// Draws the walls of one style, bay by bay.
class FacadePainter {
 public:
  FacadePainter(Random random, int style, int floors, bool night)
      : random_{random},
        style_{style},
        night_{night},
        wall_(filled(px(facade_height_m(floors)), px(12), cv::Vec4b{235, 238, 240, 255})),
        floors_{floors} {}

  cv::Mat4b paint() {
    roughen(wall_, noise(random_.fork(1), 512, 4, 1), 0.025);
    roughen(wall_, noise(random_.fork(2), 512, 128, 1), 0.025);
    const double ground_top = facade_height_m(floors_) - 3;
    cv::rectangle(wall_, metres(0, 0, 12, 0.28), bgr(205, 202, 196), cv::FILLED);
    cv::rectangle(wall_, metres(0, 0.28, 12, 0.10), bgr(150, 146, 140), cv::FILLED);
    for (int floor = 0; floor + 1 < floors_; ++floor) {
      const double top = 0.5 + floor * 3.0;
      for (int bay = 0; bay < 4; ++bay) window(bay * 3.0 + 0.92, top + 0.75, 1.16, 1.55);
      if (style_ % 3 == 0) cv::rectangle(wall_, metres(0, top + 2.9, 12, 0.1), bgr(190, 186, 180), cv::FILLED);
    }
    style_ % 2 == 0 ? shops(ground_top) : ground_floor(ground_top);
    cv::rectangle(wall_, metres(0, ground_top + 2.65, 12, 0.35), bgr(120, 118, 114), cv::FILLED);
    return wall_;
  }

 private:
  void fill(cv::Rect at, const cv::Scalar& colour) { cv::rectangle(wall_, at, colour, cv::FILLED); }

  void glass(cv::Rect at, double lit_share) {
    const bool lit = night_ && random_.chance(lit_share);
    const cv::Scalar lamp = random_.chance(0.7) ? bgr(255, 206, 130, 0) : bgr(214, 214, 190, 0);
    const double shade = random_.between(0.6, 1.2);
    for (int y = at.y; y < at.y + at.height; ++y) {
      const double down = static_cast<double>(y - at.y) / at.height;
      const double sky = (1 - down) * shade;
      const cv::Scalar seen =
          lit ? lamp * (0.65 + 0.35 * down) : bgr(int(44 + 60 * sky), int(56 + 70 * sky), int(68 + 78 * sky));
      cv::line(wall_, {at.x, y}, {at.x + at.width - 1, y}, {seen[0], seen[1], seen[2], lit ? 60.0 : 255.0});
    }
    if (random_.chance(0.4) && !lit) {  // a curtain, half drawn
      const cv::Rect curtain{at.x, at.y, at.width / 4, at.height};
      fill(curtain, bgr(176, 172, 160));
    }
  }

  void window(double left, double top, double width, double height) {
    fill(metres(left - 0.12, top - 0.12, width + 0.24, height + 0.24), bgr(214, 210, 204));
    fill(metres(left, top, width, height), bgr(245, 244, 240));
    for (int half = 0; half < 2; ++half)
      glass(metres(left + 0.07 + half * (width / 2 - 0.01), top + 0.08, width / 2 - 0.12, height - 0.16), 0.35);
    fill(metres(left, top, width, 0.06), bgr(120, 118, 116));  // shadow of the lintel
    fill(metres(left - 0.18, top + height + 0.06, width + 0.36, 0.10), bgr(176, 172, 166));
    fill(metres(left - 0.18, top + height + 0.16, width + 0.36, 0.05), bgr(138, 134, 130));
    if (style_ % 4 == 1 || style_ % 4 == 2) shutters(left, top, width, height);
  }

  void shutters(double left, double top, double width, double height) {
    const auto colour = style_ % 4 == 1 ? bgr(74, 104, 84) : bgr(120, 84, 66);
    for (const double x : {left - 0.62, left + width + 0.10}) {
      fill(metres(x, top, 0.52, height), colour);
      for (double y = top + 0.1; y < top + height - 0.05; y += 0.12)
        fill(metres(x + 0.06, y, 0.4, 0.04), colour * 0.72 + bgr(0, 0, 0, 72));
    }
  }

  void shops(double top) {
    static const std::vector<cv::Scalar> colours{bgr(120, 32, 36), bgr(30, 62, 92), bgr(38, 82, 58), bgr(196, 148, 52),
                                                 bgr(70, 60, 62)};
    for (int shop = 0; shop < 2; ++shop) {
      const auto colour = random_.one_of(colours);
      const double left = shop * 6.0 + 0.3;
      fill(metres(left - 0.1, top + 0.05, 5.6, 2.95), bgr(96, 92, 90));
      fill(metres(left, top + 0.1, 5.4, 0.55), colour);
      for (int letter = 0; letter < 9; ++letter)  // a name nobody can read
        fill(metres(left + 1.2 + letter * 0.34, top + 0.24, random_.between(0.12, 0.26), 0.26), bgr(232, 226, 210));
      glass(metres(left + 0.1, top + 0.75, 3.5, 1.85), 0.7);
      fill(metres(left + 1.85, top + 0.75, 0.07, 1.85), bgr(210, 208, 204));
      fill(metres(left + 3.8, top + 0.75, 1.3, 2.2), colour * 0.8 + bgr(0, 0, 0, 51));
      glass(metres(left + 3.95, top + 0.9, 1.0, 1.5), 0.5);
    }
  }

  void ground_floor(double top) {
    for (int bay = 0; bay < 4; ++bay) {
      if (bay % 4 != style_ % 4) {
        window(bay * 3.0 + 0.92, top + 0.85, 1.16, 1.35);
        continue;
      }
      const double left = bay * 3.0 + 0.9;
      fill(metres(left - 0.15, top + 0.45, 1.5, 2.55), bgr(186, 182, 176));
      fill(metres(left, top + 0.6, 1.2, 2.4), style_ % 3 == 0 ? bgr(92, 58, 40) : bgr(52, 70, 62));
      glass(metres(left + 0.15, top + 0.7, 0.9, 0.35), 0.5);
      for (const double panel : {1.25, 2.1}) fill(metres(left + 0.2, top + panel, 0.8, 0.65), bgr(70, 52, 42));
    }
  }

  Random random_;
  int style_;
  bool night_;
  cv::Mat4b wall_;
  int floors_;
};

}  // namespace

cv::Mat4b facade(Random random, int style, int floors, bool night) {
  return FacadePainter{random, style, floors, night}.paint();
}

}  // namespace cairn::simulate::paint
