// sd and thumb: one decode, at the least scale that gives the larger of the two; the smaller one is made from it.
// Tiles: libjpeg's coefficients, sorted into one file for each.

#include "vision/derive.hpp"

#include "core/picture_grid.hpp"
#include "vision/picture.hpp"
#include "vision/planes.hpp"
#include "vision/turbojpeg.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace cairn::vision {
namespace {

/// The least of libjpeg's fast scales that still is as wide.
int eighths_for(int width_px, int least_px) {
  for (const int eighths : {1, 2, 4}) {
    if (width_px * eighths / 8 >= least_px) return eighths;
  }
  return 8;
}

/// `size` is that of the whole picture, whose shape counts: a scaled decode rounds up.
Planes no_wider(const Planes& planes, JpegHeader size, int wanted_px) {
  if (planes[0].cols <= wanted_px) return shrunk(planes, planes[0].size());
  const double height = static_cast<double>(size.height_px) * wanted_px / size.width_px;
  return shrunk(planes, {wanted_px, std::clamp(static_cast<int>(std::lround(height)), 1, planes[0].rows)});
}

/// What TurboJPEG wrote, freed in any case.
struct TurboFiles {
  explicit TurboFiles(std::size_t count) : bytes(count), sizes(count) {}
  TurboFiles(const TurboFiles&) = delete;
  TurboFiles& operator=(const TurboFiles&) = delete;
  ~TurboFiles() {
    for (auto* file : bytes) tjFree(file);
  }
  std::vector<unsigned char*> bytes;
  std::vector<unsigned long> sizes;
};

std::vector<tjtransform> cuts_of(const PictureGrid& grid, int width_px, int height_px) {
  std::vector<tjtransform> cuts;
  for (int top = 0; top < height_px; top += grid.tile_height_px) {
    for (int left = 0; left < width_px; left += grid.tile_width_px) {
      tjtransform cut{};
      cut.r = {left, top, std::min(grid.tile_width_px, width_px - left),
               std::min(grid.tile_height_px, height_px - top)};
      cut.op = TJXOP_NONE;
      cut.options = TJXOPT_CROP | TJXOPT_COPYNONE;
      cuts.push_back(cut);
    }
  }
  return cuts;
}

}  // namespace

std::variant<std::vector<Bytes>, Refusal> picture_tiles(ByteView redacted_jpeg) {
  const Turbo turbo{tjInitTransform()};
  const auto* jpeg = reinterpret_cast<const unsigned char*>(redacted_jpeg.data());
  int width = 0, height = 0, sampling = 0, colours = 0;
  if (!turbo || tjDecompressHeader3(turbo.get(), jpeg, redacted_jpeg.size(), &width, &height, &sampling, &colours)) {
    return Refusal{Reason::broken_file, tjGetErrorStr2(turbo.get())};
  }
  if (sampling < 0 || tjMCUWidth[sampling] > 16) return Refusal{Reason::not_supported, "blocks of more than 16 pixels"};
  auto cuts = cuts_of(picture_grid_of(width, height), width, height);
  TurboFiles files{cuts.size()};
  if (tjTransform(turbo.get(), jpeg, redacted_jpeg.size(), static_cast<int>(cuts.size()), files.bytes.data(),
                  files.sizes.data(), cuts.data(), 0)) {
    return Refusal{Reason::broken_file, tjGetErrorStr2(turbo.get())};
  }
  std::vector<Bytes> tiles;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const auto* first = reinterpret_cast<const std::byte*>(files.bytes[i]);
    tiles.emplace_back(first, first + files.sizes[i]);
  }
  return tiles;
}

std::variant<SmallerPictures, Refusal> smaller_pictures(ByteView redacted_jpeg, const DeriveRules& rules) {
  const PictureLimits any_size{std::numeric_limits<std::int64_t>::max(), 1, 100};
  const auto header = read_jpeg_header(redacted_jpeg, any_size);
  if (auto* refusal = std::get_if<Refusal>(&header)) return *refusal;
  const auto size = std::get<JpegHeader>(header);

  const bool is_sd = size.width_px <= rules.sd_width_px;
  const int widest_px = is_sd ? rules.thumb_width_px : std::max(rules.sd_width_px, rules.thumb_width_px);
  const auto decoded = planes_of(redacted_jpeg, eighths_for(size.width_px, widest_px));
  if (auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;

  auto planes = std::get<Planes>(decoded);
  SmallerPictures smaller;
  if (is_sd) {
    smaller.sd.assign(redacted_jpeg.begin(), redacted_jpeg.end());
  } else {
    planes = no_wider(planes, size, rules.sd_width_px);
    smaller.sd = jpeg_of_planes(planes, rules.quality);
  }
  smaller.thumb = jpeg_of_planes(no_wider(planes, size, rules.thumb_width_px), rules.quality);
  return smaller;
}

}  // namespace cairn::vision
