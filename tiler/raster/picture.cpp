#include "tiler/raster/picture.hpp"

#include "tiler/raster/geotiff.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>

namespace cairn::tiler::raster {
namespace {

/// The mean of 2 x 2 pixels of a child.
void put_mean(const Pixels& child, int side, int x, int y, std::uint8_t* out) {
  std::array<unsigned, 3> sums{};
  unsigned alpha = 0;
  for (const int row : {2 * y, 2 * y + 1}) {
    for (const int column : {2 * x, 2 * x + 1}) {
      const auto* pixel = &child[static_cast<std::size_t>(row * side + column) * 4];
      for (std::size_t band = 0; band < 3; ++band) sums[band] += unsigned{pixel[band]} * pixel[3];
      alpha += pixel[3];
    }
  }
  if (alpha == 0) return;
  for (std::size_t band = 0; band < 3; ++band) out[band] = static_cast<std::uint8_t>((sums[band] + alpha / 2) / alpha);
  out[3] = static_cast<std::uint8_t>((alpha + 2) / 4);
}

Pixels on_white(Pixels pixels) {
  for (std::size_t i = 0; i < pixels.size(); i += 4) {
    const unsigned alpha = pixels[i + 3];
    for (std::size_t band = 0; band < 3; ++band) {
      pixels[i + band] = static_cast<std::uint8_t>((pixels[i + band] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
  return pixels;
}

bool all_alpha(const Pixels& pixels, std::uint8_t wanted) {
  for (std::size_t i = 3; i < pixels.size(); i += 4) {
    if (pixels[i] != wanted) return false;
  }
  return true;
}

GDALDriver& driver_for(TileFormat format) {
  prepare_gdal();
  const auto* name = format == TileFormat::jpeg ? "JPEG" : format == TileFormat::webp ? "WEBP" : "PNG";
  auto* driver = GetGDALDriverManager()->GetDriverByName(name);
  if (!driver) throw std::runtime_error{std::string{"this GDAL was built without "} + name + ": take another --format"};
  return *driver;
}

[[noreturn]] void refuse_picture() { throw std::runtime_error{std::string{"a tile can't be encoded: "} + CPLGetLastErrorMsg()}; }

/// Bytes that GDAL wrote into memory under a name.
Bytes taken(const std::string& name) {
  vsi_l_offset size = 0;
  const std::unique_ptr<GByte, decltype(&VSIFree)> data{VSIGetMemFileBuffer(name.c_str(), &size, TRUE), VSIFree};
  if (!data || size == 0) refuse_picture();
  const auto* first = reinterpret_cast<const std::byte*>(data.get());
  return {first, first + size};
}

}  // namespace

bool shows_nothing(const Pixels& pixels) { return all_alpha(pixels, 0); }

Pixels halved(const std::array<Pixels, 4>& children, int side) {
  if (std::ranges::all_of(children, &Pixels::empty)) return {};
  Pixels pixels(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
  const int half = side / 2;
  for (int i = 0; i < 4; ++i) {
    const auto& child = children[static_cast<std::size_t>(i)];
    if (child.empty()) continue;
    const int left = (i % 2) * half, top = (i / 2) * half;
    for (int y = 0; y < half; ++y) {
      for (int x = 0; x < half; ++x) put_mean(child, side, x, y, &pixels[static_cast<std::size_t>((top + y) * side + left + x) * 4]);
    }
  }
  return pixels;
}

Bytes encoded_picture(const Pixels& pixels, int side, TileFormat format, int quality) {
  static std::atomic<unsigned> number{0};
  const CPLErrorHandlerPusher quiet{CPLQuietErrorHandler};
  auto& driver = driver_for(format);
  const bool jpeg = format == TileFormat::jpeg;
  auto drawn = jpeg ? on_white(pixels) : pixels;
  const int bands = jpeg || all_alpha(pixels, 255) ? 3 : 4;
  const GDALDatasetUniquePtr picture{GetGDALDriverManager()->GetDriverByName("MEM")->Create("", side, side, bands, GDT_Byte, nullptr)};
  if (!picture || picture->RasterIO(GF_Write, 0, 0, side, side, drawn.data(), side, side, GDT_Byte, bands, nullptr, 4, 4 * side, 1, nullptr) != CE_None) {
    refuse_picture();
  }
  CPLStringList options;
  if (format != TileFormat::png) options.SetNameValue("QUALITY", std::to_string(quality).c_str());
  const auto name = "/vsimem/cairn-tile-" + std::to_string(number++);
  const GDALDatasetUniquePtr written{driver.CreateCopy(name.c_str(), picture.get(), FALSE, options.List(), nullptr, nullptr)};
  if (!written) refuse_picture();
  return taken(name);
}

}  // namespace cairn::tiler::raster
