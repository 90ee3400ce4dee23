#pragma once
// Town and traffic -> the faces that a camera sees, and what of them the truth knows.

#include "services/simulate/backdrop.hpp"
#include "services/simulate/raster.hpp"
#include "services/simulate/simulate.hpp"
#include "services/simulate/traffic.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace cairn::simulate {

/// Something the truth tells of, and the corners of the rectangle around it.
struct Target {
  ObjectClass object = ObjectClass::sign;
  std::string id;
  std::array<Vec3, 4> outline{};
};

/// What a camera sees, in the order to draw it.
struct View {
  std::vector<Face> solid;    ///< the nearest first
  std::vector<Face> blended;  ///< the farthest first
  std::vector<Target> targets;
};

/// Of 0xBBGGRR, as OpenCV orders it.
cv::Vec3f colour_of(std::uint32_t rgb);

/// Not thread-safe: one per thread.
class Scene {
 public:
  struct CarLook {
    const Texture* side;
    std::array<const Texture*, 3> windows;      ///< by shape
    std::array<const Texture*, 2> front, rear;  ///< lamps off, on
  };
  struct Textures {
    std::map<SignKind, const Texture*> sign_faces, sign_backs;
    std::map<int, const Texture*> facades;  ///< by facade * 8 + floors
    std::vector<const Texture*> foliage, lights, heads_front, heads_back, bodies_front, bodies_back;
    const Texture *plaster, *roof, *hedge, *bark, *windscreen, *wheel, *spot, *halo;
    std::vector<CarLook> cars;  ///< by paint
  };
  /// What never changes: in view as a whole, or not at all.
  struct Block {
    Vec3 centre;
    double radius_m;
    std::vector<Face> faces;
  };

  Scene(const Town&, Light, const Sun&);
  Scene(const Scene&) = delete;  // faces point to its textures
  Scene& operator=(const Scene&) = delete;

  View view_of(const Camera&, const Traffic&) const;
  const Backdrop& backdrop() const { return backdrop_; }
  Air air() const;

  const Town& town() const { return town_; }
  Light light() const { return light_; }
  const std::vector<Block>& blocks() const { return blocks_; }
  const Textures& textures() const { return textures_; }
  /// Drawn when first seen. Number plates are many, so only those of late are kept.
  const Texture* plate_of(const std::string& text) const;
  /// Light on a surface that looks that way.
  float light_on(Vec3 normal, Vec3 place) const;

 private:
  const Texture* keep(const cv::Mat& picture, Fourth);
  void make_textures();
  void make_people(Random);
  void make_cars();
  void add_building(const Building&);
  void add_hedge(const Hedge&);

  const Town& town_;
  Light light_;
  Sun sun_;
  Backdrop backdrop_;
  std::deque<Texture> kept_;  ///< a deque: faces hold pointers
  Textures textures_{};
  std::vector<Block> blocks_;  ///< buildings and hedges
  mutable std::map<std::string, Texture> plates_;
};

}  // namespace cairn::simulate
