// libjpeg's coefficients, sorted into one file for each tile.

#include "vision/picture_tiles.hpp"

#include "core/picture_grid.hpp"
#include "vision/turbojpeg.hpp"

#include <algorithm>

namespace cairn::vision {
namespace {

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

}  // namespace cairn::vision
