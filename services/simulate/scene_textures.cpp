#include "services/simulate/paint.hpp"
#include "services/simulate/scene.hpp"

#include <utility>

namespace cairn::simulate {

const Texture* Scene::keep(const cv::Mat& picture, Fourth fourth) {
  kept_.emplace_back(picture, fourth);
  return &kept_.back();
}

void Scene::make_textures() {
  const Random random = Random{town_.options.seed}.fork(30);
  for (const auto& sign : town_.signs) {
    if (textures_.sign_faces.contains(sign.kind)) continue;
    textures_.sign_faces[sign.kind] = keep(paint::sign_face(sign.kind), Fourth::opacity);
    textures_.sign_backs[sign.kind] = keep(paint::sign_back(sign.kind), Fourth::opacity);
  }
  for (const auto& house : town_.buildings) {
    const int key = house.facade * 8 + house.floors;
    if (textures_.facades.contains(key)) continue;
    const Random own = random.fork(1000 + static_cast<std::uint64_t>(key));
    textures_.facades[key] = keep(paint::facade(own, house.facade, house.floors, light_ == Light::night), Fourth::glow);
  }
  for (std::uint64_t i = 0; i < kTreeLooks; ++i)
    textures_.foliage.push_back(keep(paint::foliage(random.fork(i)), Fourth::opacity));
  for (int lamp = 0; lamp < 3; ++lamp) textures_.lights.push_back(keep(paint::traffic_light(lamp), Fourth::glow));
  textures_.plaster = keep(paint::plaster(random.fork(10)), Fourth::nothing);
  textures_.roof = keep(paint::roof(random.fork(11)), Fourth::nothing);
  textures_.hedge = keep(paint::hedge(random.fork(12)), Fourth::nothing);
  textures_.bark = keep(paint::bark(random.fork(13)), Fourth::nothing);
  textures_.spot = keep(paint::soft_spot(paint::bgr(10, 10, 12), 0.9), Fourth::opacity);
  textures_.halo = keep(paint::soft_spot(paint::bgr(255, 232, 190), 0.8), Fourth::opacity);
  make_people(random);
  make_cars();
}

void Scene::make_people(Random random) {
  constexpr int kSteps = 3;
  for (std::uint64_t i = 0; i < kPersonLooks; ++i) {
    const Random look = random.fork(100 + i);
    textures_.heads_front.push_back(keep(paint::person_head(look, true), Fourth::opacity));
    textures_.heads_back.push_back(keep(paint::person_head(look, false), Fourth::opacity));
    for (int step = 0; step < kSteps; ++step) {
      textures_.bodies_front.push_back(keep(paint::person_body(look, true, step), Fourth::opacity));
      textures_.bodies_back.push_back(keep(paint::person_body(look, false, step), Fourth::opacity));
    }
  }
}

void Scene::make_cars() {
  textures_.windscreen = keep(paint::car_windscreen(), Fourth::nothing);
  textures_.wheel = keep(paint::wheel(), Fourth::opacity);
  for (const auto rgb : kCarPaints) {
    const auto colour =
        paint::bgr(static_cast<int>(rgb >> 16), static_cast<int>((rgb >> 8) & 255), static_cast<int>(rgb & 255));
    CarLook look{keep(paint::car_side(colour), Fourth::nothing), {}, {}, {}};
    for (std::size_t shape = 0; shape < 3; ++shape)
      look.windows[shape] = keep(paint::car_windows(static_cast<int>(shape), colour), Fourth::nothing);
    for (const std::size_t on : {0u, 1u}) {
      look.front[on] = keep(paint::car_front(colour, on == 1), Fourth::glow);
      look.rear[on] = keep(paint::car_rear(colour, on == 1), Fourth::glow);
    }
    textures_.cars.push_back(look);
  }
}

const Texture* Scene::plate_of(const std::string& text) const {
  auto& texture = plates_[text];
  if (texture.empty()) texture = Texture{paint::plate(text), Fourth::nothing};
  return &texture;
}

}  // namespace cairn::simulate
