#include "tests/ingest/make_picture.hpp"

#include <exiv2/exiv2.hpp>
#include <turbojpeg.h>

#include <stdexcept>

namespace cairn::testing {

Bytes make_jpeg(int width_px, int height_px, bool progressive) {
  std::vector<unsigned char> rgb;
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (const int value : {x, y, x ^ y}) rgb.push_back(static_cast<unsigned char>(value));
    }
  }
  unsigned char* target = nullptr;
  unsigned long size = 0;
  const auto handle = tjInitCompress();
  const int failed = tjCompress2(handle, rgb.data(), width_px, 0, height_px, TJPF_RGB, &target, &size, TJSAMP_420, 80,
                                 progressive ? TJFLAG_PROGRESSIVE : 0);
  if (failed != 0) throw std::runtime_error{tjGetErrorStr2(handle)};
  const auto* first = reinterpret_cast<const std::byte*>(target);
  Bytes jpeg{first, first + size};
  tjFree(target);
  tjDestroy(handle);
  return jpeg;
}

Bytes with_tags(const Bytes& jpeg, const Tags& tags) {
  const auto image = Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(jpeg.data()), jpeg.size());
  image->readMetadata();
  for (const auto& [key, value] : tags) {
    if (key.starts_with("Xmp.")) {
      image->xmpData()[key] = value;
    } else {
      image->exifData()[key] = value;
    }
  }
  image->writeMetadata();
  auto& io = image->io();
  io.open();
  const auto* first = reinterpret_cast<const std::byte*>(io.mmap());
  return {first, first + io.size()};
}

Tags place_tags() {
  return {{"Exif.GPSInfo.GPSLatitudeRef", "N"},
          {"Exif.GPSInfo.GPSLatitude", "55/1 42/1 0/1"},
          {"Exif.GPSInfo.GPSLongitudeRef", "E"},
          {"Exif.GPSInfo.GPSLongitude", "13/1 11/1 24/1"}};
}

Tags time_tags() {
  return {{"Exif.GPSInfo.GPSDateStamp", "2026:04:30"}, {"Exif.GPSInfo.GPSTimeStamp", "10/1 20/1 30/1"}};
}

Tags operator+(Tags one, const Tags& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

}  // namespace cairn::testing
