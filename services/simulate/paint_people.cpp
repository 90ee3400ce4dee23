#include "services/simulate/paint.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <vector>

namespace cairn::simulate::paint {
namespace {

constexpr int kPerMetre = 200;

/// Clothes, skin and hair of one look; drawn from the same stream for every view of it.
struct Look {
  cv::Scalar skin, hair, top, legs, shoes;
  bool long_hair, skirt;
};

Look look_of(Random random) {
  static const std::vector<cv::Scalar> skins{bgr(232, 194, 168), bgr(222, 178, 148), bgr(198, 146, 112),
                                             bgr(148, 100, 74), bgr(240, 206, 184)};
  static const std::vector<cv::Scalar> hairs{bgr(46, 34, 28), bgr(88, 62, 42), bgr(168, 132, 84), bgr(28, 26, 28),
                                             bgr(150, 146, 142)};
  static const std::vector<cv::Scalar> tops{bgr(148, 46, 44), bgr(44, 66, 104),  bgr(66, 92, 70),   bgr(196, 190, 178),
                                            bgr(52, 52, 58),  bgr(204, 158, 62), bgr(118, 84, 126), bgr(86, 132, 156)};
  static const std::vector<cv::Scalar> trousers{bgr(48, 58, 82), bgr(40, 40, 44), bgr(112, 98, 78), bgr(78, 84, 92)};
  Look look;
  look.skin = random.one_of(skins);
  look.hair = random.one_of(hairs);
  look.top = random.one_of(tops);
  look.legs = random.one_of(trousers);
  look.shoes = bgr(36, 32, 30);
  look.long_hair = random.chance(0.45);
  look.skirt = look.long_hair && random.chance(0.4);
  return look;
}

cv::Scalar shaded(const cv::Scalar& colour, double factor) {
  return {colour[0] * factor, colour[1] * factor, colour[2] * factor, 255};
}

cv::Mat4b blank(double width_m, double height_m, const cv::Scalar& under) {
  return filled(cvRound(height_m * kPerMetre), cvRound(width_m * kPerMetre),
                cv::Vec4b(uchar(under[0]), uchar(under[1]), uchar(under[2]), 0));
}

}  // namespace

cv::Mat4b person_head(Random random, bool front) {
  const Look look = look_of(random);
  auto head = blank(0.30, 0.30, look.hair);
  const cv::Point centre{30, 32};  // crown at 2 px, chin at 56 px: 0.27 m with hair, the face 0.19 m high
  if (look.long_hair) cv::ellipse(head, {30, 36}, {20, 24}, 0, 0, 360, look.hair, cv::FILLED);
  cv::rectangle(head, {23, 48, 14, 12}, shaded(look.skin, 0.82), cv::FILLED);
  if (!front) {
    cv::ellipse(head, centre, {16, 23}, 0, 0, 360, shaded(look.skin, 0.9), cv::FILLED);
    cv::ellipse(head, {30, 29}, {18, 23}, 0, 0, 360, look.hair, cv::FILLED);
    if (look.long_hair) cv::rectangle(head, {14, 30, 32, 30}, look.hair, cv::FILLED);
    return head;
  }
  cv::ellipse(head, {30, 28}, {18, 24}, 0, 0, 360, look.hair, cv::FILLED);
  cv::ellipse(head, {30, 35}, {15, 21}, 0, 0, 360, look.skin, cv::FILLED);
  cv::ellipse(head, {30, 18}, {15, 9}, 0, 180, 360, look.hair, cv::FILLED);
  for (const int x : {24, 36}) {
    cv::ellipse(head, {x, 33}, {4, 2}, 0, 0, 360, bgr(238, 236, 232), cv::FILLED);
    cv::circle(head, {x, 33}, 2, bgr(40, 34, 30), cv::FILLED);
    cv::line(head, {x - 4, 28}, {x + 4, 28}, shaded(look.hair, 0.9), 2);
    cv::ellipse(head, {x, 41}, {4, 3}, 0, 0, 360, shaded(look.skin, 0.95), cv::FILLED);
  }
  cv::line(head, {30, 33}, {31, 41}, shaded(look.skin, 0.76), 2);
  cv::line(head, {25, 48}, {35, 48}, bgr(158, 76, 72), 2);
  return head;
}

cv::Mat4b person_body(Random random, bool front, int step) {
  const Look look = look_of(random);
  auto body = blank(0.9, 1.47, look.top);
  const int swing = step == 0 ? 0 : step == 1 ? 14 : -14;
  const auto limb = [&](cv::Point from, cv::Point to, int width, const cv::Scalar& colour) {
    cv::line(body, from, to, colour, width);
  };
  // Legs from the hip at 0.90 m to the ground.
  limb({80, 116}, {76 - swing, 284}, 26, shaded(look.legs, 0.86));
  limb({100, 116}, {104 + swing, 284}, 26, look.legs);
  cv::ellipse(body, {74 - swing, 287}, {15, 7}, 0, 0, 360, look.shoes, cv::FILLED);
  cv::ellipse(body, {106 + swing, 287}, {15, 7}, 0, 0, 360, look.shoes, cv::FILLED);
  if (look.skirt)
    cv::fillPoly(body, std::vector<std::vector<cv::Point>>{{{66, 100}, {114, 100}, {130, 196}, {50, 196}}},
                 shaded(look.legs, 1.1));
  // Arms swing against the legs.
  limb({56, 22}, {46 + swing / 2, 74}, 18, shaded(look.top, 0.84));
  limb({46 + swing / 2, 74}, {48 + swing, 120}, 16, shaded(look.top, 0.8));
  limb({124, 22}, {134 + swing / 2, 74}, 18, shaded(look.top, 0.9));
  limb({134 + swing / 2, 74}, {132 + swing, 120}, 16, shaded(look.top, 0.86));
  for (const int x : {48 + swing, 132 + swing}) cv::circle(body, {x, 128}, 8, look.skin, cv::FILLED);
  // Trunk with shoulders.
  cv::fillPoly(body,
               std::vector<std::vector<cv::Point>>{
                   {{76, 3}, {104, 3}, {130, 14}, {122, 60}, {118, 124}, {62, 124}, {58, 60}, {50, 14}}},
               look.top);
  cv::fillPoly(body, std::vector<std::vector<cv::Point>>{{{104, 6}, {130, 14}, {122, 60}, {118, 124}, {100, 124}}},
               shaded(look.top, 0.88));
  if (front) {
    cv::fillPoly(body, std::vector<std::vector<cv::Point>>{{{80, 2}, {100, 2}, {90, 22}}}, shaded(look.skin, 0.92));
    cv::line(body, {90, 24}, {90, 122}, shaded(look.top, 0.7), 2);
  } else if (look.long_hair) {
    cv::rectangle(body, {76, 0, 28, 26}, look.hair, cv::FILLED);
  }
  return body;
}

}  // namespace cairn::simulate::paint
