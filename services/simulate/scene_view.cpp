// The things that turn towards the camera or move: signs, lights, lamps, trees, people.

#include "services/simulate/view_builder.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::simulate {
namespace {

constexpr double kFarthest_m = 220;
constexpr double kFarthestTarget_m = 90;
constexpr std::uint32_t kSteel = 0x9a9da0;

/// An upright rectangle, its middle line through a place.
Face upright(Vec2 place, Vec2 right, double half_width, double low, double top, const Texture* texture,
             cv::Vec3f colour) {
  const Vec2 side = right * half_width;
  return face_of(at_height(place - side, top), at_height(place + side, top), at_height(place + side, low),
                 at_height(place - side, low), texture, colour);
}

}  // namespace

View ViewBuilder::build(const Traffic& traffic) && {
  const auto& town = scene_.town();
  for (const auto& block : scene_.blocks())
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

bool ViewBuilder::in_view(Vec3 centre, double radius) const {
  const Vec3 seen = camera_.camera_from_world(centre);
  if (seen.z < -radius || seen.z > kFarthest_m) return false;
  const double slack = radius * 1.6 + 0.5;
  return std::abs(seen.x) < seen.z * camera_.centre_x() / camera_.focal_px() + slack;
}

void ViewBuilder::add(const Face& face, double nearer_m) {
  Vec3 sum;
  for (int i = 0; i < face.corners; ++i) sum = sum + face.corner[static_cast<std::size_t>(i)];
  const double depth = camera_.camera_from_world(sum * (1.0 / face.corners)).z - nearer_m;
  const bool blended = face.glows || (face.texture && face.texture->fourth() == Fourth::opacity);
  (blended ? blended_ : solid_).push_back({depth, face});
}

bool ViewBuilder::recognisable(Vec3 place, Vec2 facing, double farthest_m) const {
  constexpr double kLeastCosine = 0.34;
  const Vec3 seen_from = camera_.place() - place;
  return length(seen_from) < farthest_m && dot(unit(seen_from), at_height(facing, 0)) > kLeastCosine;
}

int ViewBuilder::target(ObjectClass object, std::string id, const Face& outline) {
  const auto& c = outline.corner;
  view_.targets.push_back({object, std::move(id), {c[0], c[1], c[2], c[3]}});
  return static_cast<int>(view_.targets.size()) - 1;
}

void ViewBuilder::pole(Vec2 place, double radius, double top, std::uint32_t colour) {
  Face face = upright(place, rightwards(place), radius, 0, top, nullptr, colour_of(colour));
  face.light = 0.8f * scene_.light_on({0, 0, 1}, at_height(place, 0));
  add(face);
}

void ViewBuilder::sign(const Sign& one, std::size_t number) {
  const Vec2 place{one.centre.x, one.centre.y}, facing = direction_of(one.facing_deg);
  if (!in_view(one.centre, 1.5)) return;
  const double half = one.size_m / 2;
  pole(place - facing * 0.05, 0.035, one.centre.z + half - 0.08, kSteel);
  const bool from_front = dot(camera_.place() - one.centre, at_height(facing, 0)) > 0;
  const Vec2 right = right_of(from_front ? facing * -1.0 : facing);
  const Vec2 where = from_front ? place : place - facing * 0.02;
  const auto& textures = from_front ? scene_.textures().sign_faces : scene_.textures().sign_backs;
  Face face = upright(where, right, half, one.centre.z - half, one.centre.z + half, textures.at(one.kind), kAsPainted);
  face.light = scene_.light_on(at_height(from_front ? facing : facing * -1.0, 0), one.centre) * 1.02f;
  if (from_front) {
    face.retro = 5;
    if (recognisable(one.centre, facing, kFarthestTarget_m))
      face.target = target(ObjectClass::sign, "sign-" + std::to_string(number), face);
  }
  add(face);
}

void ViewBuilder::light(const TrafficLight& one, std::size_t number) {
  if (!in_view(one.centre, 2)) return;
  const Vec2 place{one.centre.x, one.centre.y}, facing = direction_of(one.facing_deg);
  pole(place - facing * 0.12, 0.05, one.centre.z + 0.4, 0x3c4044);
  const bool from_front = dot(camera_.place() - one.centre, at_height(facing, 0)) > 0;
  const Vec2 right = right_of(facing * -1.0);
  const int lit = number % 2 == 0 ? 2 : 0;
  Face face = upright(place, right, 0.16, one.centre.z - 0.45, one.centre.z + 0.45,
                      from_front ? scene_.textures().lights[static_cast<std::size_t>(lit)] : nullptr,
                      from_front ? kAsPainted : colour_of(0x222426));
  face.light = scene_.light_on(at_height(facing, 0), one.centre);
  if (recognisable(one.centre, facing, kFarthestTarget_m))
    face.target = target(ObjectClass::traffic_light, "light-" + std::to_string(number), face);
  add(face);
}

void ViewBuilder::halo(Vec3 at, double radius, cv::Vec3f colour) {
  const Vec3 right = camera_.right() * radius, up = camera_.down() * -radius;
  Face face =
      face_of(at - right + up, at + right + up, at + right - up, at - right - up, scene_.textures().halo, colour);
  face.glows = true;
  add(face, 0.3);
}

void ViewBuilder::lamp(const Lamp& one) {
  if (!in_view(at_height(one.place, 3), 6)) return;
  pole(one.place, 0.06, 6.2, 0x5c6468);
  const Vec2 arm = direction_of(one.facing_deg);
  const Vec2 end = one.place + arm * 1.3;
  Face bar = face_of(at_height(one.place, 6.25), at_height(end, 6.35), at_height(end, 6.22), at_height(one.place, 6.12),
                     nullptr, colour_of(0x5c6468));
  bar.light = 0.8f * scene_.light_on({0, 0, 1}, at_height(end, 0));
  add(bar);
  if (scene_.light() == Light::night) halo(at_height(end, 6.2), 0.9, {200, 230, 255});
}

void ViewBuilder::tree(const Tree& one) {
  if (!in_view(at_height(one.place, one.height_m / 2), one.height_m / 2 + 1)) return;
  const Vec2 right = rightwards(one.place);
  const float lightness = scene_.light_on({0, 0, 0.6}, at_height(one.place, 0));
  Face trunk = upright(one.place, right, 0.13 + one.height_m * 0.008, 0, one.height_m * 0.55, scene_.textures().bark,
                       kAsPainted);
  trunk.light = 0.8f * lightness;
  add(trunk);
  const double low = std::max(2.7, one.height_m * 0.32);
  const double reach = one.crown_m * 0.72;
  const Vec2 nearer = unit(eye() - one.place) * 0.35;
  Face crown = upright(one.place + nearer, right, reach, low - 0.25, std::max(one.height_m, low + reach * 1.7),
                       scene_.textures().foliage[static_cast<std::size_t>(one.look)], kAsPainted);
  crown.light = 1.12f * lightness;
  add(crown, 0.5);
}

void ViewBuilder::person(const Person& one) {
  const double k = one.height_m / 1.72;
  if (!in_view(at_height(one.place, 0.9), 1) || metres_to(one.place) < 1.2) return;
  const Vec2 right = rightwards(one.place);
  const Vec2 to_camera = eye() - one.place;
  const Vec2 walks = direction_of(one.heading_deg);
  const bool front = walks.x * to_camera.x + walks.y * to_camera.y > 0;
  const auto step = static_cast<std::size_t>(std::min(3.0, one.step * 4));
  const auto body_index = static_cast<std::size_t>(one.look) * 3 + std::array<std::size_t, 4>{0, 1, 0, 2}[step];
  const float lightness = scene_.light_on(at_height(unit(to_camera), 0.3), at_height(one.place, 0));
  Face shade =
      face_of(at_height(one.place - right * 0.45, 0.02) + Vec3{0, 0, 0}, at_height(one.place + right * 0.45, 0.02),
              at_height(one.place + right * 0.45 + unit(to_camera) * 0.5, 0.02),
              at_height(one.place - right * 0.45 + unit(to_camera) * 0.5, 0.02), scene_.textures().spot, kAsPainted);
  shade.light = 0.5f;
  add(shade, -0.4);
  Face body = upright(one.place, right, 0.45 * k, 0, 1.47 * k,
                      (front ? scene_.textures().bodies_front : scene_.textures().bodies_back)[body_index], kAsPainted);
  body.light = lightness;
  add(body, 0.05);
  Face head = upright(
      one.place, right, 0.15 * k, 1.44 * k, 1.74 * k,
      (front ? scene_.textures().heads_front : scene_.textures().heads_back)[static_cast<std::size_t>(one.look)],
      kAsPainted);
  head.light = lightness;
  if (metres_to(one.place) < kFarthestTarget_m) {
    const auto outline = upright(one.place, right, 0.10 * k, 1.455 * k, 1.735 * k, nullptr, kAsPainted);
    head.target = target(ObjectClass::head, "head-" + std::to_string(one.number), outline);
  }
  add(head, 0.1);
}

View Scene::view_of(const Camera& camera, const Traffic& traffic) const {
  constexpr std::size_t kMostPlates = 1000;  // some 60 MB
  if (plates_.size() > kMostPlates) plates_.clear();
  return ViewBuilder{*this, camera}.build(traffic);
}

}  // namespace cairn::simulate
