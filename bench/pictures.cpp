// What a received picture costs without any detector, beside libjpeg-turbo's own decoding of the same bytes. CPU
// seconds (user + system), one thread; all variants take turns, and each prints its median.
//
//   bench_pictures [ROUNDS]      default: 15

#include "bench/cpu_seconds.hpp"
#include "core/sha256.hpp"
#include "ingest/decode_file.hpp"
#include "tests/vision/nothing.hpp"
#include "tests/vision/pictures.hpp"
#include "vision/derive.hpp"
#include "vision/picture_tiles.hpp"
#include "vision/inspect.hpp"
#include "vision/picture.hpp"
#include "vision/redact.hpp"

#include <turbojpeg.h>

#include <cstdio>
#include <functional>

using namespace cairn;
using namespace cairn::testing;
using namespace cairn::vision;

namespace {

/// The yardstick: TurboJPEG's decoder into a buffer that is kept.
void turbo_decode(ByteView jpeg, tjscalingfactor scale) {
  static const auto turbo = tjInitDecompress();
  static std::vector<unsigned char> pixels;
  const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  int width = 0, height = 0, sampling = 0, colours = 0;
  tjDecompressHeader3(turbo, bytes, jpeg.size(), &width, &height, &sampling, &colours);
  width = TJSCALED(width, scale);
  height = TJSCALED(height, scale);
  pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  if (tjDecompress2(turbo, bytes, jpeg.size(), pixels.data(), width, 0, height, TJPF_BGR, 0) != 0) std::abort();
}

template <class T>
const T& or_stop(const std::variant<T, Refusal>& made) {
  if (const auto* refusal = std::get_if<Refusal>(&made)) {
    std::fprintf(stderr, "%s %s\n", std::string{code_of(refusal->reason)}.c_str(), refusal->detail.c_str());
    std::exit(1);
  }
  return std::get<T>(made);
}

/// What receiving does to the bytes of a picture.
void check(ByteView jpeg) {
  ingest::FileToDecode file;
  file.bytes = jpeg;
  file.content = sha256_of(jpeg);
  file.received_at = time_from_micros(1'800'000'000'000'000);
  file.overrides = {.taken_at = file.received_at, .place = LatLon::from_degrees(55.7, 13.2), .heading_deg = {}};
  or_stop(ingest::read_picture(file, {}));
  if (!ingest::scan_hash_of(jpeg)) std::abort();
}

struct Variant {
  const char* what;
  std::function<void()> run;
  std::vector<double> seconds;
};

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const char* title, const Bytes& jpeg, int rounds) {
  std::vector<std::unique_ptr<Detector>> detectors;
  detectors.push_back(std::make_unique<Nothing>());
  Inspector inspector{std::move(detectors), {}};
  DeriveRules thumb_only;
  thumb_only.sd_width_px = 65'500;  // sd is then hd itself: no pixel is spent on it
  FrameToInspect frame;
  frame.jpeg = jpeg;
  std::vector<Variant> variants{
      {"libjpeg-turbo: whole",
       [&] {
         turbo_decode(jpeg, {1, 1});
       },
       {}},
      {"libjpeg-turbo: 1/2",
       [&] {
         turbo_decode(jpeg, {1, 2});
       },
       {}},
      {"libjpeg-turbo: 1/8",
       [&] {
         turbo_decode(jpeg, {1, 8});
       },
       {}},
      {"decode, whole", [&] { or_stop(decode_jpeg(jpeg)); }, {}},
      {"check", [&] { check(jpeg); }, {}},
      {"check + thumb", [&] { check(jpeg), or_stop(smaller_pictures(jpeg, thumb_only)); }, {}},
      {"check + thumb + sd", [&] { check(jpeg), or_stop(smaller_pictures(jpeg, {})); }, {}},
      {"tiles, as of a 360", [&] { or_stop(picture_tiles(jpeg)); }, {}},
      {"redact nothing", [&] { or_stop(redacted(jpeg, {})); }, {}},
      {"inspect, no detector", [&] { inspector.inspect(frame); }, {}}};
  for (auto& one : variants) one.run();
  for (int i = 0; i < rounds; ++i) {
    for (auto& one : variants) {
      const double start = cpu_seconds();
      one.run();
      one.seconds.push_back(cpu_seconds() - start);
    }
  }
  std::printf("%s, %.2f MB\n", title, static_cast<double>(jpeg.size()) * 1e-6);
  for (const auto& one : variants) std::printf("  %-24s %.4f CPU s\n", one.what, median_of(one.seconds));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 15;
  measure("12 MP, 4000 x 3000", jpeg_of(scene(4000, 3000, 1), {.quality = 95}), rounds);
  measure("0.8 MP, 1024 x 768", jpeg_of(scene(1024, 768, 2), {.quality = 93}), rounds * 5);
}
