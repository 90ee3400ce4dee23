#pragma once
// Everything behind the things: ground with its streets, hills and sky. Worked out per pixel, so that streets may
// curve.

#include "services/simulate/raster.hpp"
#include "services/simulate/simulate.hpp"
#include "services/simulate/sun.hpp"

namespace cairn::simulate {

class Backdrop {
 public:
  Backdrop(const Town&, Light, const Sun&);

  /// What shows at a pixel where no thing is.
  /// `shift` is kept from pixel to pixel of one picture: see Layout::street_of.
  Canvas::Backdrop at(const Camera&, int x, int y, Vec2& shift) const;
  /// Light of street lamps at a place, 0 by day.
  float lamp_light(Vec2 ground) const;

 private:
  struct Footprint {
    float u, v;
  };
  Canvas::Backdrop ground(Vec2 place, Vec2 street, double depth, double slope, double pixel) const;
  /// How high the hills reach in a direction, as the sine of the angle.
  float ridge_at(Vec3 direction) const;
  cv::Vec3f sky(Vec3 ray) const;
  cv::Vec3f road_colour(Vec2 street, Footprint) const;
  cv::Vec3f beside_colour(Vec2 street, float out_m, float footprint) const;
  float paint_on(float across, float along, float to_crossing, bool approaching, bool zebra, float fine,
                 float coarse) const;
  float map_at(const cv::Mat1f& map, Vec2 ground) const;
  cv::Point2d map_point(Vec2 ground) const;
  void cast_shadows(const Town&, const Sun&);
  void light_lamps(const Town&);

  const Layout layout_;
  Light light_;
  Vec2 map_origin_;
  double map_step_m_;
  cv::Mat1f shadow_;  ///< 0 in the sun, 1 in full shadow
  cv::Mat1f lamps_;
  Texture asphalt_, fine_noise_, broad_noise_;
};

}  // namespace cairn::simulate
