#include "services/simulate/exif.hpp"
#include "services/simulate/scene.hpp"
#include "services/simulate/simulate.hpp"
#include "services/simulate/sun.hpp"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <optional>
#include <tuple>

namespace cairn::simulate {

std::vector<Crossing> route_of(const Town&, const DriveOptions&);  // drive.cpp

namespace {

constexpr double kLeastVisible = 0.5;  ///< of a thing's pixels; less of it can't be asked of anyone
constexpr double kLeastInside = 0.7;   ///< of its box

Sun sun_of(const Town& town, const DrivePlan& plan) {
  Sun sun = sun_at(plan.options.start, town.options.origin);
  // Daylight that was asked for at night is a plain morning's.
  if (plan.light == Light::day && sun.elevation_deg < 8) sun = {35, 120};
  return sun;
}

/// The box of a target in the picture, or nothing when too little of it lies inside.
std::optional<Box> box_of(const Target& target, const Camera& camera) {
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
  for (const auto& corner : target.outline) {
    const auto pixel = camera.pixel_of(corner);
    if (!pixel) return std::nullopt;
    left = std::min(left, pixel->x), right = std::max(right, pixel->x);
    top = std::min(top, pixel->y), bottom = std::max(bottom, pixel->y);
  }
  const double whole = (right - left) * (bottom - top);
  left = std::clamp<double>(left, 0, camera.width_px()), right = std::clamp<double>(right, 0, camera.width_px());
  top = std::clamp<double>(top, 0, camera.height_px()), bottom = std::clamp<double>(bottom, 0, camera.height_px());
  if (!(whole > 0) || (right - left) * (bottom - top) < kLeastInside * whole) return std::nullopt;
  return Box{static_cast<float>(left), static_cast<float>(top), static_cast<float>(right), static_cast<float>(bottom)};
}

/// Grain of a sensor, stronger in the dark, and 8 bits per channel.
cv::Mat3b developed(const cv::Mat3f& light, Random random, double grain) {
  cv::Mat3b picture(light.size());
  for (int y = 0; y < light.rows; ++y)
    for (int x = 0; x < light.cols; ++x) {
      const std::uint64_t bits = random.next();
      // The sum of two uniform numbers is near enough to the noise of a pixel.
      const double noise = (static_cast<double>(bits & 0xffff) + static_cast<double>((bits >> 16) & 0xffff) - 65535) /
                           65535 * 2.4 * grain;
      for (int k = 0; k < 3; ++k) picture(y, x)[k] = cv::saturate_cast<uchar>(light(y, x)[k] + noise);
    }
  return picture;
}

}  // namespace

struct DriveRenderer::State {
  State(const Town& town, const DrivePlan& of)
      : plan{of},
        scene{town, of.light, sun_of(town, of)},
        route{town.layout, route_of(town, of.options)},
        traffic{town, route, Random{of.options.seed}.fork(7)} {}

  std::vector<TruthBox> boxes_of(const View& view, const Canvas& canvas, const Camera& camera) const {
    std::vector<TruthBox> boxes;
    const auto shown = canvas.shown();
    for (std::size_t i = 0; i < view.targets.size(); ++i) {
      const int drawn = canvas.drawn(static_cast<int>(i));
      const auto box = box_of(view.targets[i], camera);
      if (!box || drawn == 0 || box->height() < static_cast<float>(plan.options.least_box_px)) continue;
      const double visible = static_cast<double>(shown[i]) / drawn;
      if (visible >= kLeastVisible) boxes.push_back({view.targets[i].object, view.targets[i].id, *box, visible});
    }
    std::sort(boxes.begin(), boxes.end(), [](const TruthBox& a, const TruthBox& b) {
      return std::tie(a.object, a.id, a.box.left) < std::tie(b.object, b.id, b.box.left);
    });
    return boxes;
  }

  DrivePlan plan;
  Scene scene;
  Route route;
  TrafficPlan traffic;
};

DriveRenderer::DriveRenderer(const Town& town, const DrivePlan& plan) : state_{std::make_unique<State>(town, plan)} {}
DriveRenderer::~DriveRenderer() = default;
DriveRenderer::DriveRenderer(DriveRenderer&&) noexcept = default;

Picture DriveRenderer::render(int index) const {
  const auto& plan = state_->plan;
  const auto& scene = state_->scene;
  const auto& options = plan.options;
  const auto& frame = plan.frames.at(static_cast<std::size_t>(index));
  const Camera camera{frame.camera, plan.focal_px, options.width_px, options.height_px};
  const Camera drawing = options.smooth ? camera.enlarged(2) : camera;
  const auto others =
      state_->traffic.at(seconds_between(options.start, frame.taken_at), options.start_m + index * options.spacing_m);
  const View view = scene.view_of(drawing, others);

  Canvas canvas{drawing, scene.air(), static_cast<int>(view.targets.size())};
  for (const auto& face : view.solid) canvas.draw(face);
  Vec2 shift;
  canvas.fill([&](int x, int y) { return scene.backdrop().at(drawing, x, y, shift); });
  for (const auto& face : view.blended) canvas.draw(face);

  cv::Mat3f light = canvas.colours();
  if (options.smooth) cv::resize(canvas.colours(), light, {options.width_px, options.height_px}, 0, 0, cv::INTER_AREA);
  const double grain = plan.light == Light::night ? 1.5 : 0.6;
  const auto picture = developed(light, Random{options.seed}.fork(1000 + static_cast<std::uint64_t>(index)), grain);
  std::vector<uchar> jpeg;
  cv::imencode(".jpg", picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, options.jpeg_quality, cv::IMWRITE_JPEG_OPTIMIZE, 1});
  return {with_exif(std::as_bytes(std::span{jpeg}),
                    {frame.taken_at, frame.gnss, plan.focal_px, options.width_px, options.height_px}),
          state_->boxes_of(view, canvas, camera)};
}

}  // namespace cairn::simulate
