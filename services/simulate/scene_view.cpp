// The things that turn towards the camera or move: signs, lights, lamps, trees, people, cars.

#include "services/simulate/scene.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::simulate {
namespace {

constexpr double kFarthest_m = 220;
constexpr double kFarthestTarget_m = 90;

cv::Vec3f colour_of(std::uint32_t rgb) {
  return {static_cast<float>(rgb & 255), static_cast<float>((rgb >> 8) & 255), static_cast<float>(rgb >> 16)};
}
constexpr std::uint32_t kSteel = 0x9a9da0;
const cv::Vec3f kAsPainted{255, 255, 255};

}  // namespace

class ViewBuilder {
 public:
  ViewBuilder(const Scene& scene, const Camera& camera) : scene_{scene}, camera_{camera} {}

  View build(const Traffic& traffic) {
    const auto& town = scene_.town_;
    for (const auto& block : scene_.blocks_)
      if (in_view(block.centre, block.radius_m))
        for (const auto& face : block.faces) add(face);
    for (std::size_t i = 0; i < town.signs.size(); ++i) sign(town.signs[i], i);
    for (std::size_t i = 0; i < town.lights.size(); ++i) light(town.lights[i], i);
    for (const auto& one : town.lamps) lamp(one);
    for (const auto& one : town.trees) tree(one);
    for (const auto& one : traffic.cars) car(one);
    for (const auto& one : traffic.people) person(one);
    std::stable_sort(solid_.begin(), solid_.end(), [](const Sorted& a, const Sorted& b) { return a.depth < b.depth; });
    std::stable_sort(blended_.begin(), blended_.end(),
                     [](const Sorted& a, const Sorted& b) { return a.depth > b.depth; });
    for (auto& one : solid_) view_.solid.push_back(one.face);
    for (auto& one : blended_) view_.blended.push_back(one.face);
    return std::move(view_);
  }

 private:
  struct Sorted {
    double depth;
    Face face;
  };

  bool in_view(Vec3 centre, double radius) const {
    const Vec3 seen = camera_.camera_from_world(centre);
    if (seen.z < -radius || seen.z > kFarthest_m) return false;
    const double slack = radius * 1.6 + 0.5;
    return std::abs(seen.x) < seen.z * camera_.centre_x() / camera_.focal_px() + slack;
  }

  void add(const Face& face, double nearer_m = 0) {
    Vec3 sum;
    for (int i = 0; i < face.corners; ++i) sum = sum + face.corner[static_cast<std::size_t>(i)];
    const double depth = camera_.camera_from_world(sum * (1.0 / face.corners)).z - nearer_m;
    const bool blended = face.glows || (face.texture && face.texture->fourth() == Fourth::opacity);
    (blended ? blended_ : solid_).push_back({depth, face});
  }

  int target(ObjectClass object, std::string id, std::array<Vec3, 4> outline) {
    view_.targets.push_back({object, std::move(id), outline});
    return static_cast<int>(view_.targets.size()) - 1;
  }

  /// What lies to the right, on the ground, of one who looks at a place.
  Vec2 rightwards(Vec2 place) const { return right_of(unit(place - Vec2{camera_.place().x, camera_.place().y})); }

  double metres_to(Vec2 place) const { return length(place - Vec2{camera_.place().x, camera_.place().y}); }

  /// An upright rectangle, its middle line through a place.
  static Face upright(Vec2 place, Vec2 right, double half_width, double low, double top, const Texture* texture,
                      cv::Vec3f colour) {
    const Vec2 side = right * half_width;
    return face_of(at_height(place - side, top), at_height(place + side, top), at_height(place + side, low),
                   at_height(place - side, low), texture, colour);
  }

  void pole(Vec2 place, double radius, double top, std::uint32_t colour) {
    Face face = upright(place, rightwards(place), radius, 0, top, nullptr, colour_of(colour));
    face.light = 0.8f * scene_.light_on({0, 0, 1}, at_height(place, 0));
    add(face);
  }

  void sign(const Sign& one, std::size_t number) {
    const Vec2 place{one.centre.x, one.centre.y}, facing = direction_of(one.facing_deg);
    if (!in_view(one.centre, 1.5)) return;
    const double half = one.size_m / 2;
    pole(place - facing * 0.05, 0.035, one.centre.z + half - 0.08, kSteel);
    const bool from_front = dot(camera_.place() - one.centre, at_height(facing, 0)) > 0;
    const Vec2 right = right_of(from_front ? facing * -1.0 : facing);
    const Vec2 where = from_front ? place : place - facing * 0.02;
    const auto& textures = from_front ? scene_.sign_faces_ : scene_.sign_backs_;
    Face face =
        upright(where, right, half, one.centre.z - half, one.centre.z + half, textures.at(one.kind), kAsPainted);
    face.light = scene_.light_on(at_height(from_front ? facing : facing * -1.0, 0), one.centre) * 1.02f;
    if (from_front) {
      face.retro = 5;
      if (metres_to(place) < kFarthestTarget_m)
        face.target = target(ObjectClass::sign, "sign-" + std::to_string(number),
                             {face.corner[0], face.corner[1], face.corner[2], face.corner[3]});
    }
    add(face);
  }

  void light(const TrafficLight& one, std::size_t number) {
    if (!in_view(one.centre, 2)) return;
    const Vec2 place{one.centre.x, one.centre.y}, facing = direction_of(one.facing_deg);
    pole(place - facing * 0.12, 0.05, one.centre.z + 0.4, 0x3c4044);
    const bool from_front = dot(camera_.place() - one.centre, at_height(facing, 0)) > 0;
    const Vec2 right = right_of(facing * -1.0);
    const int lit = number % 2 == 0 ? 2 : 0;
    Face face = upright(place, right, 0.16, one.centre.z - 0.45, one.centre.z + 0.45,
                        from_front ? scene_.lights_[static_cast<std::size_t>(lit)] : nullptr,
                        from_front ? kAsPainted : colour_of(0x222426));
    face.light = scene_.light_on(at_height(facing, 0), one.centre);
    if (from_front && metres_to(place) < kFarthestTarget_m)
      face.target = target(ObjectClass::traffic_light, "light-" + std::to_string(number),
                           {face.corner[0], face.corner[1], face.corner[2], face.corner[3]});
    add(face);
  }

  void halo(Vec3 at, double radius, cv::Vec3f colour) {
    const Vec3 right = camera_.right() * radius, up = camera_.down() * -radius;
    Face face = face_of(at - right + up, at + right + up, at + right - up, at - right - up, scene_.halo_, colour);
    face.glows = true;
    add(face, 0.3);
  }

  void lamp(const Lamp& one) {
    if (!in_view(at_height(one.place, 3), 6)) return;
    pole(one.place, 0.06, 6.2, 0x5c6468);
    const Vec2 arm = direction_of(one.facing_deg);
    const Vec2 end = one.place + arm * 1.3;
    Face bar = face_of(at_height(one.place, 6.25), at_height(end, 6.35), at_height(end, 6.22),
                       at_height(one.place, 6.12), nullptr, colour_of(0x5c6468));
    bar.light = 0.8f * scene_.light_on({0, 0, 1}, at_height(end, 0));
    add(bar);
    if (scene_.light_ == Light::night) halo(at_height(end, 6.2), 0.9, {200, 230, 255});
  }

  void tree(const Tree& one) {
    if (!in_view(at_height(one.place, one.height_m / 2), one.height_m / 2 + 1)) return;
    const Vec2 right = rightwards(one.place);
    const float lightness = scene_.light_on({0, 0, 0.6}, at_height(one.place, 0));
    Face trunk =
        upright(one.place, right, 0.13 + one.height_m * 0.008, 0, one.height_m * 0.55, scene_.bark_, kAsPainted);
    trunk.light = 0.8f * lightness;
    add(trunk);
    const double low = std::max(2.7, one.height_m * 0.32);
    const double reach = one.crown_m * 0.72;
    const Vec2 nearer = unit(Vec2{camera_.place().x, camera_.place().y} - one.place) * 0.35;
    Face crown = upright(one.place + nearer, right, reach, low - 0.25, std::max(one.height_m, low + reach * 1.7),
                         scene_.foliage_[static_cast<std::size_t>(one.look)], kAsPainted);
    crown.light = 1.12f * lightness;
    add(crown, 0.5);
  }

  void person(const Person& one) {
    const double k = one.height_m / 1.72;
    if (!in_view(at_height(one.place, 0.9), 1) || metres_to(one.place) < 1.2) return;
    const Vec2 right = rightwards(one.place);
    const Vec2 to_camera = Vec2{camera_.place().x, camera_.place().y} - one.place;
    const Vec2 walks = direction_of(one.heading_deg);
    const bool front = walks.x * to_camera.x + walks.y * to_camera.y > 0;
    const auto step = static_cast<std::size_t>(std::min(3.0, one.step * 4));
    const auto body_index = static_cast<std::size_t>(one.look) * 3 + std::array<std::size_t, 4>{0, 1, 0, 2}[step];
    const float lightness = scene_.light_on(at_height(unit(to_camera), 0.3), at_height(one.place, 0));
    Face shade =
        face_of(at_height(one.place - right * 0.45, 0.02) + Vec3{0, 0, 0}, at_height(one.place + right * 0.45, 0.02),
                at_height(one.place + right * 0.45 + unit(to_camera) * 0.5, 0.02),
                at_height(one.place - right * 0.45 + unit(to_camera) * 0.5, 0.02), scene_.spot_, kAsPainted);
    shade.light = 0.5f;
    add(shade, -0.4);
    Face body = upright(one.place, right, 0.45 * k, 0, 1.47 * k,
                        (front ? scene_.bodies_front_ : scene_.bodies_back_)[body_index], kAsPainted);
    body.light = lightness;
    add(body, 0.05);
    Face head =
        upright(one.place, right, 0.15 * k, 1.44 * k, 1.74 * k,
                (front ? scene_.heads_front_ : scene_.heads_back_)[static_cast<std::size_t>(one.look)], kAsPainted);
    head.light = lightness;
    if (metres_to(one.place) < kFarthestTarget_m) {
      const auto outline = upright(one.place, right, 0.10 * k, 1.455 * k, 1.735 * k, nullptr, kAsPainted).corner;
      head.target = target(ObjectClass::head, "head-" + std::to_string(one.number),
                           {outline[0], outline[1], outline[2], outline[3]});
    }
    add(head, 0.1);
  }

  void car(const Car& one) {
    if (!in_view(at_height(one.place, 0.8), 2.6)) return;
    CarShape(*this, one).build();
  }

  /// One car, in its own axes: x to the right, y forward, z up.
  class CarShape {
   public:
    CarShape(ViewBuilder& view, const Car& car)
        : view_{view},
          scene_{view.scene_},
          car_{car},
          ahead_{direction_of(car.heading_deg)},
          paint_{colour_of(kCarPaints[static_cast<std::size_t>(car.paint)])},
          look_{view.scene_.car_looks_[static_cast<std::size_t>(car.paint)]},
          lamps_{car.lamps_on && view.scene_.light_ == Light::night ? 1u : 0u} {
      const bool van = car.shape == 2;
      roof_ = van ? 1.95 : 1.44;
      belt_ = van ? 1.05 : 0.90;
      screen_foot_ = van ? 1.45 : 1.0;
      screen_top_ = van ? 0.85 : 0.22;
      back_top_ = van ? -2.05 : car.shape == 1 ? -1.75 : -1.25;
    }

    void build() {
      shadow();
      underbody();
      sides();
      ends();
      cabin();
      plates();
    }

   private:
    Vec3 at(double x, double y, double z) const { return at_height(car_.place + right_of(ahead_) * x + ahead_ * y, z); }
    Vec3 normal(double x, double y, double z) const { return unit(at(x, y, z) - at_height(car_.place, 0)); }

    void put(Face face, Vec3 looks, double nearer_m = 0) {
      face.light = scene_.light_on(looks, at_height(car_.place, 0));
      view_.add(face, nearer_m);
    }

    void shadow() {
      Face dark = face_of(at(-1.15, 2.45, 0.02), at(1.15, 2.45, 0.02), at(1.15, -2.45, 0.02), at(-1.15, -2.45, 0.02),
                          scene_.spot_, kAsPainted);
      dark.light = 0.5f;
      view_.add(dark, -2);
    }

    void underbody() {
      put(face_of(at(-0.8, -2.0, 0.3), at(0.8, -2.0, 0.3), at(0.8, -2.0, 0.16), at(-0.8, -2.0, 0.16), nullptr,
                  {18, 17, 17}),
          {0, 0, 0});
      put(face_of(at(0.8, 2.0, 0.3), at(-0.8, 2.0, 0.3), at(-0.8, 2.0, 0.16), at(0.8, 2.0, 0.16), nullptr,
                  {18, 17, 17}),
          {0, 0, 0});
    }

    void sides() {
      for (const double side : {1.0, -1.0}) {
        const double x = 0.88 * side;
        Face body =
            face_of(at(x, -2.1, belt_), at(x, 2.1, belt_), at(x, 2.1, 0.22), at(x, -2.1, 0.22), look_.side, kAsPainted);
        body.corner = {at(x, -2.1, belt_), at(x, screen_foot_, belt_), at(x, 2.1, 0.70), at(x, 2.1, 0.22),
                       at(x, -2.1, 0.22)};
        body.corners = 5;
        put(body, normal(side, 0, 0));
        for (const double y : {-1.3, 1.28}) {
          const double out = x + 0.012 * side;
          put(face_of(at(out, y - 0.32, 0.64), at(out, y + 0.32, 0.64), at(out, y + 0.32, 0), at(out, y - 0.32, 0),
                      scene_.wheel_, kAsPainted),
              normal(side, 0, 0), 0.1);
        }
        for (const double y : {-1.6, -0.98, 0.96, 1.6})
          put(face_of(at(x - 0.2 * side, y, 0.5), at(x, y, 0.5), at(x, y, 0.03), at(x - 0.2 * side, y, 0.03), nullptr,
                      {24, 22, 22}),
              normal(0, y, 0));
        const double top = 0.66 * side, low = 0.86 * side;
        Face glass = face_of(at(top, back_top_, roof_), at(top, screen_top_, roof_), at(low, screen_foot_, belt_),
                             at(low, -2.02, belt_), look_.windows[static_cast<std::size_t>(car_.shape)], kAsPainted);
        glass.s_axis = at(0, screen_foot_, 0) - at(0, -2.02, 0);
        glass.t_axis = at(low, 0, belt_) - at(top, 0, roof_);
        glass.origin = at(low, -2.02, belt_) - glass.t_axis;
        put(glass, normal(side, 0, 0.4));
      }
    }

    void ends() {
      put(face_of(at(0.88, 2.1, 0.72), at(-0.88, 2.1, 0.72), at(-0.88, 2.1, 0.22), at(0.88, 2.1, 0.22),
                  look_.front[lamps_], kAsPainted),
          normal(0, 1, 0.2));
      put(face_of(at(-0.88, -2.1, belt_), at(0.88, -2.1, belt_), at(0.88, -2.1, 0.22), at(-0.88, -2.1, 0.22),
                  look_.rear[lamps_], kAsPainted),
          normal(0, -1, 0.1));
      put(face_of(at(-0.88, screen_foot_, belt_), at(0.88, screen_foot_, belt_), at(0.88, 2.1, 0.71),
                  at(-0.88, 2.1, 0.71), nullptr, paint_),
          {0, 0, 1});
      put(face_of(at(-0.88, -2.1, belt_), at(0.88, -2.1, belt_), at(0.88, screen_foot_, belt_),
                  at(-0.88, screen_foot_, belt_), nullptr, paint_ * 0.9f),
          {0, 0, 1});
      if (lamps_ == 0) return;
      const bool from_front = dot(view_.camera_.place() - at(0, 0, 0), at_height(ahead_, 0)) > 0;
      for (const double x : {-0.66, 0.66})
        if (from_front) view_.halo(at(x, 2.13, 0.62), 0.5, {230, 245, 255});
    }

    void cabin() {
      const double t = 0.66, l = 0.86;
      put(face_of(at(t, screen_top_, roof_), at(-t, screen_top_, roof_), at(-l, screen_foot_, belt_),
                  at(l, screen_foot_, belt_), scene_.windscreen_, kAsPainted),
          normal(0, 0.6, 0.8));
      put(face_of(at(-t, screen_top_, roof_), at(t, screen_top_, roof_), at(t, back_top_, roof_),
                  at(-t, back_top_, roof_), nullptr, paint_),
          {0, 0, 1});
      const bool van = car_.shape == 2;
      put(face_of(at(-t, back_top_, roof_), at(t, back_top_, roof_), at(l, -2.08, belt_), at(-l, -2.08, belt_),
                  van ? nullptr : scene_.windscreen_, van ? paint_ : kAsPainted),
          normal(0, -0.8, 0.5));
    }

    void plates() {
      plate(0, 2.115, 0.43, true);
      plate(0, -2.115, car_.shape == 2 ? 0.75 : 0.66, false);
    }

    void plate(double x, double y, double z, bool front) {
      const double side = front ? -0.26 : 0.26;
      Face face = face_of(at(x - side, y, z + 0.055), at(x + side, y, z + 0.055), at(x + side, y, z - 0.055),
                          at(x - side, y, z - 0.055), view_.plate_texture(car_), kAsPainted);
      face.retro = 2.5f;
      face.one_sided = true;
      const bool seen = dot(view_.camera_.place() - at(x, y, z), at_height(ahead_ * (front ? 1.0 : -1.0), 0)) > 0;
      if (seen && view_.metres_to(car_.place) < 60)
        face.target = view_.target(ObjectClass::plate, "plate-" + std::to_string(car_.number),
                                   {face.corner[0], face.corner[1], face.corner[2], face.corner[3]});
      put(face, normal(0, front ? 1 : -1, 0), 0.05);
    }

    ViewBuilder& view_;
    const Scene& scene_;
    const Car& car_;
    Vec2 ahead_;
    cv::Vec3f paint_;
    const Scene::CarLook& look_;
    std::size_t lamps_;
    double roof_, belt_, screen_foot_, screen_top_, back_top_;
  };

  const Texture* plate_texture(const Car& one) const { return scene_.plate_of(one.plate); }

  const Scene& scene_;
  const Camera& camera_;
  View view_;
  std::vector<Sorted> solid_, blended_;
};

View Scene::view_of(const Camera& camera, const Traffic& traffic) const {
  constexpr std::size_t kMostPlates = 1000;  // some 60 MB
  if (plates_.size() > kMostPlates) plates_.clear();
  return ViewBuilder{*this, camera}.build(traffic);
}

}  // namespace cairn::simulate
