#include "services/simulate/paint.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <vector>

namespace cairn::simulate::paint {
namespace {

cv::Mat3b one_colour(int size, const cv::Scalar& colour) {
  return filled(size, size, cv::Vec3b(uchar(colour[0]), uchar(colour[1]), uchar(colour[2])));
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
  roughen(ground, noise(random.fork(3), 512, 256, 1), 0.032);
  roughen(ground, noise(random.fork(4), 512, 512, 1), 0.022);
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
  auto crown = filled(384, 384, cv::Vec4b{38, 66, 48, 0});
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
