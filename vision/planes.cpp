#include "vision/planes.hpp"

#include "vision/picture.hpp"
#include "vision/turbojpeg.hpp"

#include <opencv2/imgproc.hpp>

#include <array>
#include <stdexcept>
#include <string>

namespace cairn::vision {
namespace {

struct Header {
  int width_px = 0, height_px = 0, sampling = 0, colours = 0;
  /// Others (RGB, samplings without a name) take the way through BGR.
  bool has_planes() const {
    return sampling >= 0 && sampling < TJ_NUMSAMP && (colours == TJCS_YCbCr || colours == TJCS_GRAY);
  }
};

Header header_of(void* turbo, ByteView jpeg) {
  Header header;
  const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  const int failed = tjDecompressHeader3(turbo, bytes, jpeg.size(), &header.width_px, &header.height_px,
                                         &header.sampling, &header.colours);
  if (failed) header.sampling = -1;
  return header;
}

Planes empty_planes(cv::Size size, int sampling) {
  Planes planes;
  for (int i = 0; i < (sampling == TJSAMP_GRAY ? 1 : 3); ++i) {
    planes.emplace_back(tjPlaneHeight(i, size.height, sampling), tjPlaneWidth(i, size.width, sampling), CV_8U);
  }
  return planes;
}

/// TurboJPEG's way to name planes.
struct Pointers {
  std::array<unsigned char*, 3> first{};
  std::array<const unsigned char*, 3> first_const{};
  std::array<int, 3> strides{};
};
Pointers pointers_to(const Planes& planes) {
  Pointers pointers;
  for (std::size_t i = 0; i < planes.size(); ++i) {
    pointers.first[i] = planes[i].data;
    pointers.first_const[i] = planes[i].data;
    pointers.strides[i] = static_cast<int>(planes[i].step[0]);
  }
  return pointers;
}

std::variant<Planes, Refusal> planes_through_bgr(ByteView jpeg, int eighths) {
  const auto decoded = decode_jpeg(jpeg, eighths);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;
  const auto& bgr = std::get<cv::Mat>(decoded);
  auto planes = empty_planes(bgr.size(), TJSAMP_420);
  auto into = pointers_to(planes);
  const Turbo turbo{tjInitCompress()};
  if (tjEncodeYUVPlanes(turbo.get(), bgr.data, bgr.cols, static_cast<int>(bgr.step[0]), bgr.rows, TJPF_BGR,
                        into.first.data(), into.strides.data(), TJSAMP_420, 0)) {
    throw std::runtime_error{std::string{"can't turn colours into planes: "} + tjGetErrorStr2(turbo.get())};
  }
  planes[0] = planes[0](cv::Rect{{0, 0}, bgr.size()});
  return planes;
}

/// TurboJPEG reads an even number of columns and rows of Y where the colours are halved.
cv::Mat made_even(const cv::Mat& luma) {
  cv::Mat even;
  cv::copyMakeBorder(luma, even, 0, luma.rows % 2, 0, luma.cols % 2, cv::BORDER_REPLICATE);
  return even;
}

/// Halves by means of 2 x 2 pixels while it can, which is exact and fast; the rest of the way, less than a half, by
/// neighbours. Both count in whole numbers: the same bytes on every machine.
cv::Mat shrunk_plane(cv::Mat plane, cv::Size size) {
  while (plane.cols >= 2 * size.width && plane.rows >= 2 * size.height) {
    cv::Mat half;
    const cv::Rect even{0, 0, plane.cols / 2 * 2, plane.rows / 2 * 2};
    cv::resize(plane(even), half, even.size() / 2, 0, 0, cv::INTER_AREA);
    plane = half;
  }
  if (plane.size() == size) return plane;
  cv::Mat smaller;
  cv::resize(plane, smaller, size, 0, 0, cv::INTER_LINEAR_EXACT);
  return smaller;
}

}  // namespace

std::variant<Planes, Refusal> planes_of(ByteView jpeg, int eighths) {
  const Turbo turbo{tjInitDecompress()};
  if (!turbo) throw std::runtime_error{"TurboJPEG gives no decoder"};
  const auto header = header_of(turbo.get(), jpeg);
  if (!header.has_planes()) return planes_through_bgr(jpeg, eighths);
  const tjscalingfactor scale{eighths, 8};
  const cv::Size size{TJSCALED(header.width_px, scale), TJSCALED(header.height_px, scale)};
  auto planes = empty_planes(size, header.sampling);
  auto into = pointers_to(planes);
  const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  if (tjDecompressToYUVPlanes(turbo.get(), bytes, jpeg.size(), into.first.data(), size.width, into.strides.data(),
                              size.height, 0)) {
    return Refusal{Reason::broken_file, tjGetErrorStr2(turbo.get())};
  }
  planes[0] = planes[0](cv::Rect{{0, 0}, size});  // TurboJPEG makes it even where the colours are halved
  return planes;
}

Planes shrunk(const Planes& planes, cv::Size size) {
  Planes smaller{shrunk_plane(planes[0], size)};
  const cv::Size colours{(size.width + 1) / 2, (size.height + 1) / 2};
  for (std::size_t i = 1; i < planes.size(); ++i) smaller.push_back(shrunk_plane(planes[i], colours));
  return smaller;
}

Bytes jpeg_of_planes(const Planes& planes, int quality) {
  const Turbo turbo{tjInitCompress()};
  const auto& luma = planes[0];
  auto even = planes;
  if (planes.size() > 1 && (luma.cols % 2 || luma.rows % 2)) even[0] = made_even(luma);
  auto from = pointers_to(even);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const int sampling = planes.size() == 1 ? TJSAMP_GRAY : TJSAMP_420;
  const int failed =
      !turbo || tjCompressFromYUVPlanes(turbo.get(), from.first_const.data(), luma.cols, from.strides.data(), luma.rows,
                                        sampling, &out, &size, quality, 0);
  const TurboBytes owner{out};
  if (failed || !out) {
    throw std::runtime_error{"can't encode a JPEG of " + std::to_string(luma.cols) + " x " + std::to_string(luma.rows)};
  }
  const auto* first = reinterpret_cast<const std::byte*>(out);
  return {first, first + size};
}

}  // namespace cairn::vision
