// CPU time of the stages of vision, without a net: on a synthetic 1080p picture, and on the photos of a real walk when
// CAIRN_SHARED_DATA has them. One thread; read the column "CPU".

#include "tests/vision/nothing.hpp"
#include "tests/vision/pictures.hpp"
#include "vision/derive.hpp"
#include "vision/inspect.hpp"
#include "vision/luma.hpp"
#include "vision/motion.hpp"
#include "vision/phash.hpp"
#include "vision/picture.hpp"
#include "vision/quality.hpp"
#include "vision/redact.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::vision;

/// As dashcams write them.
const Bytes& jpeg_1080p() {
  static const Bytes jpeg = jpeg_of(scene(1920, 1080, 1), {.quality = 85});
  return jpeg;
}

const cv::Mat& bgr_1080p() {
  static const cv::Mat bgr = std::get<cv::Mat>(decode_jpeg(jpeg_1080p()));
  return bgr;
}

const std::vector<Detection> kHidden{{ObjectClass::plate, {900, 700, 1020, 740}, 0.9f},
                                     {ObjectClass::plate, {300, 650, 360, 670}, 0.9f},
                                     {ObjectClass::head, {1500, 500, 1540, 560}, 0.9f},
                                     {ObjectClass::head, {100, 400, 300, 700}, 0.9f}};

void decode_1080p(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(decode_jpeg(jpeg_1080p()));
  state.counters["jpeg_kB"] = static_cast<double>(jpeg_1080p().size()) / 1000;
}
BENCHMARK(decode_1080p)->Unit(benchmark::kMillisecond);

void redact_1080p(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(redacted(jpeg_1080p(), kHidden));
}
BENCHMARK(redact_1080p)->Unit(benchmark::kMillisecond);

void smaller_pictures_1080p(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(smaller_pictures(jpeg_1080p(), {}));
}
BENCHMARK(smaller_pictures_1080p)->Unit(benchmark::kMillisecond);

void luma_1080p(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(luma_of(bgr_1080p()));
}
BENCHMARK(luma_1080p)->Unit(benchmark::kMillisecond);

void quality(benchmark::State& state) {
  const auto luma = luma_of(bgr_1080p());
  for (auto _ : state) benchmark::DoNotOptimize(quality_of(luma));
}
BENCHMARK(quality)->Unit(benchmark::kMillisecond);

void fingerprint(benchmark::State& state) {
  const auto luma = luma_of(bgr_1080p());
  for (auto _ : state) benchmark::DoNotOptimize(phash_of(luma));
}
BENCHMARK(fingerprint)->Unit(benchmark::kMillisecond);

/// Frames 4 px apart.
void motion(benchmark::State& state) {
  const auto luma = luma_of(bgr_1080p());
  const cv::Mat before = luma.colRange(0, luma.cols - 4), now = luma.colRange(4, luma.cols);
  for (auto _ : state) benchmark::DoNotOptimize(motion_between(before, now, 457.0));
}
BENCHMARK(motion)->Unit(benchmark::kMillisecond);

std::vector<Bytes> photos_of(const std::string& folder) {
  std::vector<Bytes> photos;
  if (const auto path = shared_path(folder)) {
    for (const auto& file : files_in(*path, ".jpg")) photos.push_back(bytes_from_file(file));
  }
  return photos;
}

/// Per photo: everything but the detectors.
void inspect_photos(benchmark::State& state, const std::string& folder) {
  const auto photos = photos_of(folder);
  if (photos.empty()) return state.SkipWithError("skipped: no photos");
  std::vector<std::unique_ptr<Detector>> detectors;
  detectors.push_back(std::make_unique<Nothing>());
  Inspector inspector{std::move(detectors), {}};
  std::size_t next = 0;
  for (auto _ : state) {
    FrameToInspect frame;
    frame.jpeg = photos[next++ % photos.size()];
    const auto inspected = inspector.inspect(frame);
    benchmark::DoNotOptimize(inspected.pictures->thumb.data());
  }
}
BENCHMARK_CAPTURE(inspect_photos, lund, std::string{"drives/lund"})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inspect_photos, plates_dashcam_720p, std::string{"labels/plates_dashcam"})
    ->Unit(benchmark::kMillisecond);

void inspect_1080p(benchmark::State& state) {
  std::vector<std::unique_ptr<Detector>> detectors;
  detectors.push_back(std::make_unique<Nothing>());
  Inspector inspector{std::move(detectors), {}};
  FrameToInspect frame;
  frame.jpeg = jpeg_1080p();
  for (auto _ : state) benchmark::DoNotOptimize(inspector.inspect(frame));
}
BENCHMARK(inspect_1080p)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  cv::setNumThreads(1);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
