#pragma once
// How a 360 picture is cut, so that a viewer loads only what it shows. Shared by who cuts and who announces the tiles.

namespace cairn {

/// Tiles in rows from the upper left; those of the last column and row may be smaller.
struct PictureGrid {
  int columns = 0;
  int rows = 0;
  int tile_width_px = 0;
  int tile_height_px = 0;
  friend bool operator==(const PictureGrid&, const PictureGrid&) = default;
};

/// For an upright picture of this size: 4, 8, 16, 32 or 64 columns, so that a tile is some 500 to 1000 pixels wide, and
/// half as many rows; sides are multiples of 16 pixels, for lossless cuts. 5760 x 2880 gives 8 x 4 tiles of 720, as
/// Panoramax has them.
constexpr PictureGrid picture_grid_of(int width_px, int height_px) {
  constexpr int kBlock = 16;
  int columns = 4;
  while (columns < 64 && width_px >= columns * 2 * 512) columns *= 2;
  const auto side = [](int length, int parts) { return ((length + parts - 1) / parts + kBlock - 1) / kBlock * kBlock; };
  const int width = side(width_px, columns), height = side(height_px, columns / 2);
  return {(width_px + width - 1) / width, (height_px + height - 1) / height, width, height};
}
static_assert(picture_grid_of(5760, 2880) == PictureGrid{8, 4, 720, 720});

}  // namespace cairn
