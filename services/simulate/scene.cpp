#include "services/simulate/scene.hpp"

#include "services/simulate/paint.hpp"

#include <algorithm>

namespace cairn::simulate {
namespace {

}  // namespace

cv::Vec3f colour_of(std::uint32_t rgb) {
  return {static_cast<float>(rgb & 255), static_cast<float>((rgb >> 8) & 255), static_cast<float>(rgb >> 16)};
}

Scene::Scene(const Town& town, Light light, const Sun& sun)
    : town_{town}, light_{light}, sun_{sun}, backdrop_{town, light, sun} {
  make_textures();
  for (const auto& house : town.buildings) add_building(house);
  for (const auto& hedge : town.hedges) add_hedge(hedge);
}

float Scene::light_on(Vec3 normal, Vec3 place) const {
  if (light_ == Light::night) return 0.055f + 0.85f * backdrop_.lamp_light({place.x, place.y});
  const double sun = std::max(0.0, dot(normal, direction_to(sun_)));
  return static_cast<float>(0.60 + 0.06 * normal.z + 0.50 * sun);
}

void Scene::add_building(const Building& house) {
  const double height = paint::facade_height_m(house.floors), rise = house.gable ? house.depth_m * 0.36 : 0;
  const Vec2 out = direction_of(house.facing_deg);
  const Vec2 right = right_of(out * -1.0) * (house.width_m / 2);  // as one sees it from the street
  const auto corner = [&](double side, double back, double z) {
    return at_height(house.front + right * side - out * (back * house.depth_m), z);
  };
  const Vec3 front3 = at_height(out, 0), side3 = at_height(unit(right), 0);
  const cv::Vec3f paint = colour_of(house.colour);
  Block block{
      corner(0, 0.5, height / 2), std::hypot(std::hypot(house.width_m, house.depth_m) / 2, (height + rise) / 2), {}};
  const auto add = [&](Face face, Vec3 normal) {
    face.light = light_on(normal, at_height(house.front + out * 3, 0));
    face.one_sided = true;
    block.faces.push_back(face);
  };
  const auto* facade = textures_.facades.at(house.facade * 8 + house.floors);
  const double bays = house.width_m / 12;
  add(face_of(corner(-1, 0, height), corner(1, 0, height), corner(1, 0, 0), corner(-1, 0, 0), facade, paint, bays),
      front3);
  add(face_of(corner(1, 1, height), corner(-1, 1, height), corner(-1, 1, 0), corner(1, 1, 0), facade, paint, bays),
      front3 * -1.0);
  for (const double side : {1.0, -1.0}) {
    const double near_end = side > 0 ? 0 : 1, far_end = 1 - near_end;
    add(face_of(corner(side, near_end, height), corner(side, far_end, height), corner(side, far_end, 0),
                corner(side, near_end, 0), facade, paint, std::round(house.depth_m / 3) / 4),
        side3 * side);
    if (!house.gable) continue;
    Face gable = face_of(corner(side, near_end, height + rise), corner(side, far_end, height + rise),
                         corner(side, far_end, height), corner(side, near_end, height), textures_.plaster, paint,
                         house.depth_m / 5, rise / 5);
    gable.corner = {corner(side, near_end, height), corner(side, 0.5, height + rise), corner(side, far_end, height)};
    gable.corners = 3;
    add(gable, side3 * side);
  }
  if (house.gable) {
    const cv::Vec3f tiles = house.facade % 3 == 0   ? cv::Vec3f{96, 92, 94}
                            : house.facade % 3 == 1 ? cv::Vec3f{78, 96, 168}
                                                    : cv::Vec3f{66, 80, 132};
    const double slope = std::hypot(house.depth_m / 2, rise), eave = height - 0.12;
    const Vec3 up_front = unit(front3 * rise + Vec3{0, 0, house.depth_m / 2}),
               up_back = unit(front3 * -rise + Vec3{0, 0, house.depth_m / 2});
    const double ridge = height + rise;
    add(face_of(corner(-1.02, 0.5, ridge), corner(1.02, 0.5, ridge), corner(1.02, -0.04, eave),
                corner(-1.02, -0.04, eave), textures_.roof, tiles, house.width_m / 4, slope / 4),
        up_front);
    add(face_of(corner(1.02, 0.5, ridge), corner(-1.02, 0.5, ridge), corner(-1.02, 1.04, eave),
                corner(1.02, 1.04, eave), textures_.roof, tiles, house.width_m / 4, slope / 4),
        up_back);
  }
  blocks_.push_back(std::move(block));
}

void Scene::add_hedge(const Hedge& hedge) {
  const Vec2 along = hedge.to - hedge.from;
  const Vec2 thick = right_of(unit(along)) * 0.35;
  const double metres = length(along), top = hedge.height_m;
  Block block{at_height((hedge.from + hedge.to) * 0.5, top / 2), metres / 2 + 1, {}};
  const auto add = [&](Vec2 from, Vec2 to, Vec3 normal) {
    Face face = face_of(at_height(from, top), at_height(to, top), at_height(to, 0), at_height(from, 0), textures_.hedge,
                        {255, 255, 255}, length(to - from) / 2, top / 2);
    face.light = light_on(normal, at_height(from, 0));
    block.faces.push_back(face);
  };
  add(hedge.from - thick, hedge.to - thick, at_height(unit(thick) * -1.0, 0));
  add(hedge.from + thick, hedge.to + thick, at_height(unit(thick), 0));
  add(hedge.from - thick, hedge.from + thick, at_height(unit(along) * -1.0, 0));
  add(hedge.to - thick, hedge.to + thick, at_height(unit(along), 0));
  Face lid =
      face_of(at_height(hedge.from - thick, top), at_height(hedge.to - thick, top), at_height(hedge.to + thick, top),
              at_height(hedge.from + thick, top), textures_.hedge, {255, 255, 255}, metres / 2, 0.35);
  lid.light = light_on({0, 0, 1}, at_height(hedge.from, 0)) * 1.1f;
  block.faces.push_back(lid);
  blocks_.push_back(std::move(block));
}

Air Scene::air() const {
  Air air;
  if (light_ == Light::night) {
    air.haze = {26, 20, 16};
    air.haze_m = 260;
    air.headlights = 1.05f;
  }
  return air;
}

}  // namespace cairn::simulate
