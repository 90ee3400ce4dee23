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
        wall_(px(facade_height_m(floors)), px(12), cv::Vec4b{235, 238, 240, 255}),
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

cv::Mat3b one_colour(int size, const cv::Scalar& colour) {
  return cv::Mat3b(size, size, cv::Vec3b(uchar(colour[0]), uchar(colour[1]), uchar(colour[2])));
}

}  // namespace

cv::Mat1b noise(Random random, int size, int cells, double contrast) {
  cv::Mat1b coarse(cells, cells);
  for (auto& value : coarse) value = static_cast<uchar>(128 + contrast * random.between(-127, 127));
  // Wrapped on all sides before it is enlarged, so that it repeats without a seam.
  cv::Mat wrapped, large;
  const int border = 2, scale = size / cells;
  cv::copyMakeBorder(coarse, wrapped, border, border, border, border, cv::BORDER_WRAP);
  cv::resize(wrapped, large, {}, scale, scale, scale > 1 ? cv::INTER_CUBIC : cv::INTER_NEAREST);
  return large(cv::Rect{border * scale, border * scale, cells * scale, cells * scale}).clone();
}

void roughen(cv::Mat& picture, const cv::Mat1b& grey, double weight) {
  const int channels = picture.channels();
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x) {
      const double factor = 1 + weight * (grey(y % grey.rows, x % grey.cols) - 128) / 64.0;
      uchar* pixel = picture.ptr<uchar>(y) + x * channels;
      for (int k = 0; k < std::min(3, channels); ++k) pixel[k] = cv::saturate_cast<uchar>(pixel[k] * factor);
    }
}

cv::Mat4b facade(Random random, int style, int floors, bool night) {
  return FacadePainter{random, style, floors, night}.paint();
}

cv::Mat3b plaster(Random random) {
  cv::Mat3b wall = one_colour(256, bgr(236, 234, 230));
  roughen(wall, noise(random.fork(1), 256, 4, 1), 0.022);
  roughen(wall, noise(random.fork(2), 256, 128, 1), 0.022);
  return wall;
}

cv::Mat3b roof(Random random) {
  cv::Mat3b tiles = one_colour(256, bgr(225, 222, 220));
  for (int row = 0; row < 16; ++row) {
    for (int column = 0; column < 16; ++column) {
      const double shade = random.between(0.82, 1.08);
      cv::rectangle(tiles, {column * 16, row * 16, 16, 16}, bgr(225, 222, 220) * shade, cv::FILLED);
      cv::line(tiles, {column * 16 + (row % 2) * 8, row * 16}, {column * 16 + (row % 2) * 8, row * 16 + 15},
               bgr(150, 146, 142));
    }
    cv::rectangle(tiles, {0, row * 16 + 13, 256, 3}, bgr(128, 122, 118), cv::FILLED);
  }
  return tiles;
}

cv::Mat3b asphalt(Random random) {
  cv::Mat3b ground = one_colour(512, bgr(128, 128, 128));
  roughen(ground, noise(random.fork(1), 512, 8, 1), 0.022);
  roughen(ground, noise(random.fork(2), 512, 64, 1), 0.022);
  roughen(ground, noise(random.fork(3), 512, 256, 1), 0.045);
  roughen(ground, noise(random.fork(4), 512, 512, 1), 0.035);
  for (int crack = 0; crack < 3; ++crack) {
    cv::Point at{random.whole(60, 450), random.whole(60, 450)};
    double heading = random.between(0, 2 * kPi);
    for (int step = 0; step < 14; ++step) {
      heading += random.between(-0.6, 0.6);
      const cv::Point to = at + cv::Point(cvRound(9 * std::cos(heading)), cvRound(9 * std::sin(heading)));
      cv::line(ground, at, to, bgr(92, 92, 92), 1);
      at = to;
    }
  }
  return ground;
}

cv::Mat4b foliage(Random random) {
  cv::Mat4b crown(384, 384, cv::Vec4b{38, 66, 48, 0});
  std::vector<cv::Point3d> clumps;
  for (int i = 0; i < 26; ++i) {
    const double angle = random.between(0, 2 * kPi), out = 108 * std::sqrt(random.unit());
    clumps.emplace_back(192 + out * std::cos(angle), 192 + out * std::sin(angle) * 0.95, random.between(34, 62));
  }
  const int leaves = 5200;
  for (int i = 0; i < leaves; ++i) {
    const auto& clump = random.one_of(clumps);
    const double angle = random.between(0, 2 * kPi), out = clump.z * std::sqrt(random.unit());
    const double x = clump.x + out * std::cos(angle), y = clump.y + out * std::sin(angle);
    // Lighter above and on each clump's upper side, darker below; the first leaves drawn lie deepest.
    const double light = 0.50 + 0.28 * (1 - y / 384) - 0.22 * std::sin(angle) * out / clump.z + 0.35 * i / leaves +
                         random.between(-0.1, 0.1);
    const auto colour = bgr(cv::saturate_cast<uchar>(88 * light), cv::saturate_cast<uchar>(124 * light),
                            cv::saturate_cast<uchar>(58 * light));
    cv::ellipse(crown, cv::Point(cvRound(x), cvRound(y)), {random.whole(3, 6), random.whole(2, 4)},
                random.between(0, 180), 0, 360, colour, cv::FILLED);
  }
  return crown;
}

cv::Mat3b hedge(Random random) {
  cv::Mat3b leaves = one_colour(256, bgr(42, 58, 34));
  for (int i = 0; i < 2600; ++i) {
    const double light = random.between(0.5, 1.2);
    const cv::Point at{random.whole(0, 255), random.whole(0, 255)};
    cv::ellipse(leaves, at, {5, 3}, random.between(0, 180), 0, 360,
                bgr(int(76 * light), int(106 * light), int(52 * light)), cv::FILLED);
  }
  return leaves;
}

cv::Mat3b bark(Random random) {
  cv::Mat3b trunk = one_colour(64, bgr(96, 82, 68));
  for (int x = 0; x < 64; x += 3)
    cv::line(trunk, {x, 0}, {x + random.whole(-3, 3), 63}, bgr(64, 54, 46) * random.between(0.8, 1.4), 1);
  return trunk;
}

cv::Mat4b soft_spot(cv::Scalar colour, double opacity) {
  cv::Mat4b spot(128, 128);
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) {
      const double out = std::hypot(x - 63.5, y - 63.5) / 63.5;
      const double here = std::max(0.0, 1 - out) * std::max(0.0, 1 - out) * (1 + 2 * out) * opacity * 255;
      spot(y, x) = {uchar(colour[0]), uchar(colour[1]), uchar(colour[2]), cv::saturate_cast<uchar>(here)};
    }
  return spot;
}

}  // namespace cairn::simulate::paint
