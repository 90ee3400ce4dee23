// Cars: some twenty flat faces each.

#include "services/simulate/view_builder.hpp"

namespace cairn::simulate {
namespace {

/// One car, in its own axes: x to the right, y forward, z up.
class CarShape {
 public:
  CarShape(ViewBuilder& view, const Car& car)
      : view_{view},
        scene_{view.scene()},
        car_{car},
        ahead_{direction_of(car.heading_deg)},
        paint_{colour_of(kCarPaints[static_cast<std::size_t>(car.paint)])},
        look_{view.scene().textures().cars[static_cast<std::size_t>(car.paint)]},
        lamps_{car.lamps_on && view.scene().light() == Light::night ? 1u : 0u} {
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
                        scene_.textures().spot, kAsPainted);
    dark.light = 0.5f;
    view_.add(dark, -2);
  }

  void underbody() {
    put(face_of(at(-0.8, -2.0, 0.3), at(0.8, -2.0, 0.3), at(0.8, -2.0, 0.16), at(-0.8, -2.0, 0.16), nullptr,
                {18, 17, 17}),
        {0, 0, 0});
    put(face_of(at(0.8, 2.0, 0.3), at(-0.8, 2.0, 0.3), at(-0.8, 2.0, 0.16), at(0.8, 2.0, 0.16), nullptr, {18, 17, 17}),
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
                    scene_.textures().wheel, kAsPainted),
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
    const bool from_front = dot(view_.camera().place() - at(0, 0, 0), at_height(ahead_, 0)) > 0;
    for (const double x : {-0.66, 0.66})
      if (from_front) view_.halo(at(x, 2.13, 0.62), 0.5, {230, 245, 255});
  }

  void cabin() {
    const double t = 0.66, l = 0.86;
    put(face_of(at(t, screen_top_, roof_), at(-t, screen_top_, roof_), at(-l, screen_foot_, belt_),
                at(l, screen_foot_, belt_), scene_.textures().windscreen, kAsPainted),
        normal(0, 0.6, 0.8));
    put(face_of(at(-t, screen_top_, roof_), at(t, screen_top_, roof_), at(t, back_top_, roof_),
                at(-t, back_top_, roof_), nullptr, paint_),
        {0, 0, 1});
    const bool van = car_.shape == 2;
    put(face_of(at(-t, back_top_, roof_), at(t, back_top_, roof_), at(l, -2.08, belt_), at(-l, -2.08, belt_),
                van ? nullptr : scene_.textures().windscreen, van ? paint_ : kAsPainted),
        normal(0, -0.8, 0.5));
  }

  void plates() {
    plate(0, 2.115, 0.43, true);
    plate(0, -2.115, car_.shape == 2 ? 0.75 : 0.66, false);
  }

  void plate(double x, double y, double z, bool front) {
    const double side = front ? -0.26 : 0.26;
    Face face = face_of(at(x - side, y, z + 0.055), at(x + side, y, z + 0.055), at(x + side, y, z - 0.055),
                        at(x - side, y, z - 0.055), scene_.plate_of(car_.plate), kAsPainted);
    face.retro = 2.5f;
    face.one_sided = true;
    if (view_.recognisable(at(x, y, z), ahead_ * (front ? 1.0 : -1.0), 60))
      face.target = view_.target(ObjectClass::plate, "plate-" + std::to_string(car_.number), face);
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

}  // namespace

void ViewBuilder::car(const Car& one) {
  if (in_view(at_height(one.place, 0.8), 2.6)) CarShape{*this, one}.build();
}

}  // namespace cairn::simulate
