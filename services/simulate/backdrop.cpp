#include "services/simulate/backdrop.hpp"

#include "services/simulate/paint.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::simulate {
namespace {

constexpr double kMapMargin_m = 60;
constexpr float kCorner_m = 3;  ///< radius of kerbs at crossings

/// How much of a pixel lies inside an edge, `inside_m` from it.
float cover(float inside_m, float footprint_m) {
  return std::clamp(0.5f + inside_m / std::max(footprint_m, 0.004f), 0.0f, 1.0f);
}

/// Share of a pixel covered by stripes `width` wide every `period`.
float stripes(float place, float period, float width, float footprint) {
  if (footprint > period) return width / period;
  const float in = place - period * std::floor(place / period);
  return std::min(cover(in, footprint), cover(width - in, footprint));
}

cv::Vec3f mixed(const cv::Vec3f& a, const cv::Vec3f& b, float share_of_b) {
  return a * (1 - share_of_b) + b * share_of_b;
}

/// The nearest of evenly spaced lines, and how far it is: its number and the signed distance.
struct NearLine {
  int number;
  float off_m;
};
NearLine near_line(double place, double pitch, int last) {
  const int number = std::clamp(static_cast<int>(std::floor(place / pitch + 0.5)), 0, last);
  return {number, static_cast<float>(place - number * pitch)};
}

float beyond_ends(double place, double length) {
  return static_cast<float>(std::max({-kKerb_m - place, place - length - kKerb_m, 0.0}));
}

}  // namespace

Backdrop::Backdrop(const Town& town, Light light, const Sun& sun)
    : layout_{town.layout},
      light_{light},
      map_origin_{-town.layout.width_m() / 2 - kMapMargin_m, -town.layout.depth_m() / 2 - kMapMargin_m},
      map_step_m_{std::max(0.25, (std::max(town.layout.width_m(), town.layout.depth_m()) + 2 * kMapMargin_m) / 4000)} {
  const Random random = Random{town.options.seed}.fork(20);
  asphalt_ = Texture{paint::asphalt(random.fork(1)), Fourth::nothing};
  fine_noise_ = Texture{paint::noise(random.fork(2), 512, 256, 1), Fourth::nothing};
  broad_noise_ = Texture{paint::noise(random.fork(3), 256, 32, 1), Fourth::nothing};
  const int columns = static_cast<int>((town.layout.width_m() + 2 * kMapMargin_m) / map_step_m_);
  const int rows = static_cast<int>((town.layout.depth_m() + 2 * kMapMargin_m) / map_step_m_);
  shadow_ = cv::Mat1f::zeros(rows, columns);
  if (light == Light::day) cast_shadows(town, sun);
  if (light == Light::night) light_lamps(town);
}

cv::Point2d Backdrop::map_point(Vec2 ground) const {
  return {(ground.x - map_origin_.x) / map_step_m_, (ground.y - map_origin_.y) / map_step_m_};
}

void Backdrop::cast_shadows(const Town& town, const Sun& sun) {
  const double reach = 1 / std::tan(radians(std::max(8.0, sun.elevation_deg)));  // metres of shadow per metre of height
  const Vec2 away = direction_of(sun.azimuth_deg) * -reach;
  cv::Mat1b hard = cv::Mat1b::zeros(shadow_.size());
  for (const auto& house : town.buildings) {
    const Vec2 out = direction_of(house.facing_deg), side = right_of(out) * (house.width_m / 2);
    std::vector<cv::Point> corners;
    for (const Vec2 foot : {house.front + side, house.front - side, house.front - out * house.depth_m + side,
                            house.front - out * house.depth_m - side}) {
      const double height = paint::facade_height_m(house.floors) + (house.gable ? 2.0 : 0.3);
      for (const double up : {0.0, height}) corners.emplace_back(map_point(foot + away * up));
    }
    std::vector<cv::Point> hull;
    cv::convexHull(corners, hull);
    cv::fillConvexPoly(hard, hull, 255);
  }
  for (const auto& tree : town.trees)
    cv::circle(hard, map_point(tree.place + away * (tree.height_m * 0.62)),
               std::max(1, cvRound(tree.crown_m * 0.42 / map_step_m_)), 215, cv::FILLED);
  cv::GaussianBlur(hard, hard, {5, 5}, 0);
  hard.convertTo(shadow_, CV_32F, 1 / 255.0);
}

void Backdrop::light_lamps(const Town& town) {
  lamps_ = cv::Mat1f::zeros(shadow_.size());
  const int reach = cvRound(18 / map_step_m_);
  for (const auto& lamp : town.lamps) {
    const auto at = map_point(lamp.place + direction_of(lamp.facing_deg) * 1.4);
    const cv::Point centre(cvRound(at.x), cvRound(at.y));
    for (int y = std::max(0, centre.y - reach); y <= std::min(lamps_.rows - 1, centre.y + reach); ++y)
      for (int x = std::max(0, centre.x - reach); x <= std::min(lamps_.cols - 1, centre.x + reach); ++x) {
        const double metres = std::hypot(x - at.x, y - at.y) * map_step_m_;
        const double rest = std::max(0.0, 1 - metres / 18);
        lamps_(y, x) += static_cast<float>(0.62 * rest * rest / (1 + metres * metres / 40));
      }
  }
}

float Backdrop::map_at(const cv::Mat1f& map, Vec2 ground) const {
  if (map.empty()) return 0;
  const auto p = map_point(ground);
  const int x = static_cast<int>(std::floor(p.x)), y = static_cast<int>(std::floor(p.y));
  if (x < 0 || y < 0 || x + 1 >= map.cols || y + 1 >= map.rows) return 0;
  const float fx = static_cast<float>(p.x - x), fy = static_cast<float>(p.y - y);
  return (map(y, x) * (1 - fx) + map(y, x + 1) * fx) * (1 - fy) +
         (map(y + 1, x) * (1 - fx) + map(y + 1, x + 1) * fx) * fy;
}

float Backdrop::lamp_light(Vec2 ground) const { return map_at(lamps_, ground); }

Canvas::Backdrop Backdrop::at(const Camera& camera, int x, int y, Vec2& shift) const {
  const Vec3 ray = camera.world_ray(x + 0.5, y + 0.5);
  if (ray.z > -1e-4) return {sky(ray), 0, 1};
  const double depth = camera.place().z / -ray.z;
  if (depth > 1500) return {sky({ray.x, ray.y, 1e-3}), 0, 1};
  const Vec2 place{camera.place().x + ray.x * depth, camera.place().y + ray.y * depth};
  return ground(place, layout_.street_of(place, shift), depth, -ray.z, 1 / camera.focal_px());
}

Canvas::Backdrop Backdrop::ground(Vec2 place, Vec2 street, double depth, double slope, double pixel) const {
  // A pixel covers depth * pixel across the view and that over the slope along it; streets run either way, so the two
  // are split by the direction of view only roughly: what lies ahead is what a driver looks along.
  const float across = static_cast<float>(depth * pixel),
              along = static_cast<float>(std::min(40.0, depth * pixel / slope));
  const auto u = near_line(street.x, layout_.block_m(), layout_.blocks_east());
  const auto v = near_line(street.y, layout_.block_m(), layout_.blocks_north());
  const bool beside_u_line = std::abs(u.off_m) < std::abs(v.off_m);
  const Footprint footprint = beside_u_line ? Footprint{across, along} : Footprint{along, across};

  const float u_over = beyond_ends(street.y, layout_.depth_m()), v_over = beyond_ends(street.x, layout_.width_m());
  const float to_u = u_over > 0 ? float(kKerb_m) + u_over : std::abs(u.off_m);
  const float to_v = v_over > 0 ? float(kKerb_m) + v_over : std::abs(v.off_m);
  const float a = to_u - float(kKerb_m), b = to_v - float(kKerb_m);
  float out = std::min(a, b);
  if (a > 0 && b > 0 && a < kCorner_m && b < kCorner_m) out = kCorner_m - std::hypot(kCorner_m - a, kCorner_m - b);

  const float on_road = cover(-out, across);
  cv::Vec3f colour{0, 0, 0};
  if (on_road > 0) colour += road_colour(street, footprint) * on_road;
  if (on_road < 1) colour += beside_colour(street, out, std::sqrt(across * along)) * (1 - on_road);
  float light = 0.97f - 0.42f * map_at(shadow_, place);
  if (light_ == Light::night) light = 0.07f + lamp_light(place);
  return {colour, static_cast<float>(depth), light};
}

cv::Vec3f Backdrop::road_colour(Vec2 street, Footprint f) const {
  const auto u = near_line(street.x, layout_.block_m(), layout_.blocks_east());
  const auto v = near_line(street.y, layout_.block_m(), layout_.blocks_north());
  const float mean = std::sqrt(f.u * f.v);
  const float s = static_cast<float>(street.x / 9), t = static_cast<float>(street.y / 9);
  const float grain = asphalt_.grey_at(s, t, mean * 512 / 9);
  const float patch =
      broad_noise_.grey_at(static_cast<float>(street.x / 150), static_cast<float>(street.y / 150), mean * 256 / 150);
  float grey = 116 * grain / 128 * (0.86f + 0.28f * patch / 255);
  const bool along_v = std::abs(u.off_m) < std::abs(v.off_m);  // on a street that runs north
  const float across = along_v ? u.off_m : -v.off_m;           // right of the way north, right of the way east
  const float along = static_cast<float>(along_v ? street.y : street.x);
  const float crossing_off = along_v ? v.off_m : u.off_m;  // negative: before the crossing for one who goes on
  const float in_lane = std::abs(std::abs(across) - float(kLane_m));
  grey *= 1 - 0.07f * std::max(0.0f, 1 - std::abs(in_lane - 0.75f) / 0.35f);  // where wheels roll
  const int crossing = along_v ? u.number * 41 + v.number : v.number * 41 + u.number;
  const bool approaching = (across > 0) == (crossing_off < 0);
  const float paint = paint_on(across, along, std::abs(crossing_off), approaching,
                               (crossing * 7 + (along_v ? 1 : 0)) % 3 != 0, along_v ? f.u : f.v, along_v ? f.v : f.u);
  if (paint <= 0) return {grey * 1.01f, grey, grey * 0.985f};
  const float worn = 0.72f + 0.24f * fine_noise_.grey_at(s * 3, t * 3, mean * 512 / 3) / 255;
  return mixed({grey * 1.01f, grey, grey * 0.985f}, {214, 218, 220}, paint * worn);
}

float Backdrop::paint_on(float across, float along, float to_crossing, bool approaching, bool zebra, float fine,
                         float coarse) const {
  float paint = 0;
  if (to_crossing > 14) {
    paint = std::max(paint, cover(0.07f - std::abs(across), fine) * stripes(along, 6, 3, coarse));
    paint = std::max(paint, 0.8f * cover(0.05f - std::abs(std::abs(across) - 3.2f), fine));
  }
  if (to_crossing > 16 && std::abs(across) > 3.2f) paint = std::max(paint, 0.7f * stripes(along + 1, 6, 0.1f, coarse));
  if (zebra && std::abs(across) < 4.9f)
    paint =
        std::max(paint, cover(1.6f - std::abs(to_crossing - 10.2f), coarse) * stripes(across + 0.25f, 1, 0.5f, fine));
  if (approaching && std::abs(across) < 3.2f)
    paint = std::max(paint, cover(0.2f - std::abs(to_crossing - 13.2f), coarse));
  return paint;
}

cv::Vec3f Backdrop::beside_colour(Vec2 street, float out_m, float footprint) const {
  const float x = static_cast<float>(street.x), y = static_cast<float>(street.y);
  const float grain = fine_noise_.grey_at(x / 6, y / 6, footprint * 512 / 6) / 128 - 1;
  const float patch = broad_noise_.grey_at(x / 90, y / 90, footprint * 256 / 90) / 128 - 1;
  if (out_m < 0.2f) return cv::Vec3f{168, 170, 172} * (1 + 0.06f * grain);
  if (out_m < float(kPavement_m - kKerb_m)) {
    const float joints = std::max(stripes(x, 0.8f, 0.03f, footprint), stripes(y, 0.8f, 0.03f, footprint));
    return cv::Vec3f{140, 146, 150} * ((1 + 0.07f * grain + 0.06f * patch) * (1 - 0.22f * joints));
  }
  const cv::Vec3f grass = cv::Vec3f{52, 98, 86} * (1 + 0.28f * grain + 0.16f * patch);
  const cv::Vec3f gravel = cv::Vec3f{132, 146, 152} * (1 + 0.12f * grain);
  return mixed(gravel, grass, std::clamp((out_m - 4.2f) / 1.5f + patch, 0.0f, 1.0f));
}

float Backdrop::ridge_at(Vec3 direction) const {
  const float azimuth = static_cast<float>(std::atan2(direction.x, direction.y) / (2 * kPi));
  return 0.012f + 0.024f * broad_noise_.grey_at(azimuth, 0.3f, 1) / 255 +
         0.008f * broad_noise_.grey_at(azimuth * 5, 0.7f, 1) / 255;
}

cv::Vec3f Backdrop::sky(Vec3 ray) const {
  const Vec3 up = unit(ray);
  const float height = static_cast<float>(std::max(0.0, up.z));
  const float ridge = height < 0.045f ? ridge_at(up) : 0;
  const bool hill = height < ridge;
  if (light_ == Light::night) {
    if (hill) return {20, 15, 12};
    const float glow = std::exp(-height * 7);
    return cv::Vec3f{30, 20, 14} + cv::Vec3f{16, 20, 26} * glow;
  }
  if (hill) return mixed({168, 158, 138}, {206, 192, 172}, height / ridge);
  const cv::Vec3f blue = mixed({234, 222, 204}, {206, 150, 92}, std::pow(height, 0.55f));
  const float x = static_cast<float>(up.x / (up.z + 0.12)), y = static_cast<float>(up.y / (up.z + 0.12));
  const float cloud = broad_noise_.grey_at(x / 14, y / 14, 1) / 255 * 0.62f +
                      broad_noise_.grey_at(x / 5 + 0.3f, y / 5, 1) / 255 * 0.26f +
                      broad_noise_.grey_at(x / 1.7f, y / 1.7f + 0.6f, 1) / 255 * 0.12f;
  const float cover_share = std::clamp((cloud - 0.50f) * 4.5f, 0.0f, 1.0f);
  return mixed(blue, {246, 243, 238}, cover_share * 0.85f);
}

}  // namespace cairn::simulate
