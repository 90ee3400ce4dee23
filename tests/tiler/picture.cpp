#include "tests/tiler/picture.hpp"

#include <cpl_error.h>
#include <gdal_priv.h>

#include <stdexcept>

namespace cairn::tiler::testing {
namespace {

constexpr const char* kPicturePath = "/vsimem/picture-of-a-test";

ReadPicture read_indexed(GDALDataset* dataset) {
  auto* band = dataset ? dataset->GetRasterBand(1) : nullptr;
  const auto* palette = band ? band->GetColorTable() : nullptr;
  if (!palette) throw std::runtime_error{"no picture with a palette"};
  ReadPicture picture{dataset->GetRasterXSize(), dataset->GetRasterYSize(), {}};
  std::vector<std::uint8_t> indexes(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  if (band->RasterIO(GF_Read, 0, 0, picture.width, picture.height, indexes.data(), picture.width, picture.height, GDT_Byte, 0, 0) != CE_None)
    throw std::runtime_error{"the pixels can't be read"};
  const auto byte = [](short value) { return static_cast<std::uint8_t>(value); };
  for (const auto index : indexes) {
    const auto* colour = palette->GetColorEntry(index);
    if (!colour) throw std::runtime_error{"a pixel has a colour that is not in the palette"};
    picture.pixels.push_back({byte(colour->c1), byte(colour->c2), byte(colour->c3), byte(colour->c4)});
  }
  return picture;
}

}  // namespace

ReadPicture read_picture(ByteView png) {
  GDALAllRegister();
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};  // what is wrong is thrown
  Bytes bytes{png.begin(), png.end()};
  VSIFCloseL(VSIFileFromMemBuffer(kPicturePath, reinterpret_cast<GByte*>(bytes.data()), bytes.size(), FALSE));
  struct Unlink {
    ~Unlink() { VSIUnlink(kPicturePath); }
  } at_the_end;
  const GDALDatasetUniquePtr dataset{GDALDataset::Open(kPicturePath, GDAL_OF_RASTER)};
  return read_indexed(dataset.get());
}

}  // namespace cairn::tiler::testing
