#pragma once
// The faces of one picture, gathered and put in order.

#include "services/simulate/scene.hpp"

#include <array>
#include <string>
#include <vector>

namespace cairn::simulate {

inline const cv::Vec3f kAsPainted{255, 255, 255};

class ViewBuilder {
 public:
  ViewBuilder(const Scene& scene, const Camera& camera) : scene_{scene}, camera_{camera} {}

  View build(const Traffic&) &&;

  /// Takes a face; blended ones are ordered by their middle, brought nearer by so much.
  void add(const Face&, double nearer_m = 0);
  /// Makes a thing known to the truth; its number goes into the face that shows it.
  int target(ObjectClass, std::string id, const Face& outline);
  void halo(Vec3 at, double radius, cv::Vec3f colour);

  const Scene& scene() const { return scene_; }
  const Camera& camera() const { return camera_; }
  /// Whether a flat thing that looks that way can be recognised from here: seen from less than 70 degrees off, and
  /// near.
  bool recognisable(Vec3 place, Vec2 facing, double farthest_m) const;
  double metres_to(Vec2 place) const { return length(place - eye()); }

 private:
  struct Sorted {
    double depth;
    Face face;
  };

  bool in_view(Vec3 centre, double radius) const;
  Vec2 eye() const { return {camera_.place().x, camera_.place().y}; }
  /// What lies to the right, on the ground, of one who looks at a place.
  Vec2 rightwards(Vec2 place) const { return right_of(unit(place - eye())); }
  void pole(Vec2 place, double radius, double top, std::uint32_t colour);
  void sign(const Sign&, std::size_t number);
  void light(const TrafficLight&, std::size_t number);
  void lamp(const Lamp&);
  void tree(const Tree&);
  void person(const Person&);
  void car(const Car&);

  const Scene& scene_;
  const Camera& camera_;
  View view_;
  std::vector<Sorted> solid_, blended_;
};

}  // namespace cairn::simulate
