#include "tests/ingest/make_heif.hpp"

#include <iostream>
#include <stdexcept>

#ifdef CAIRN_WITH_HEIF

#include <libheif/heif.h>

namespace cairn::testing {
namespace {

void require(const heif_error& error) {
  if (error.code) throw std::runtime_error{error.message};
}

heif_error append(heif_context*, const void* data, std::size_t size, void* target) {
  const auto* first = static_cast<const std::byte*>(data);
  auto& bytes = *static_cast<Bytes*>(target);
  bytes.insert(bytes.end(), first, first + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

heif_image* gradient(int width_px, int height_px) {
  heif_image* image = nullptr;
  require(heif_image_create(width_px, height_px, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image));
  require(heif_image_add_plane(image, heif_channel_interleaved, width_px, height_px, 8));
  int stride = 0;
  auto* pixels = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      auto* pixel = pixels + y * stride + x * 3;
      pixel[0] = static_cast<std::uint8_t>(x * 255 / width_px);
      pixel[1] = static_cast<std::uint8_t>(y * 255 / height_px);
      pixel[2] = 64;
    }
  }
  return image;
}

}  // namespace

std::optional<Bytes> make_heif(int width_px, int height_px, const Bytes& exif, const std::string& xmp) {
  if (!heif_have_encoder_for_format(heif_compression_HEVC) || !heif_have_decoder_for_format(heif_compression_HEVC)) {
    std::cout << "skipped: libheif has no HEVC encoder or decoder\n";
    return std::nullopt;
  }
  auto* context = heif_context_alloc();
  auto* image = gradient(width_px, height_px);
  heif_encoder* encoder = nullptr;
  require(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder));
  heif_encoder_set_lossy_quality(encoder, 60);
  heif_image_handle* handle = nullptr;
  require(heif_context_encode_image(context, image, encoder, nullptr, &handle));
  if (!exif.empty())
    require(heif_context_add_exif_metadata(context, handle, exif.data(), static_cast<int>(exif.size())));
  if (!xmp.empty()) require(heif_context_add_XMP_metadata(context, handle, xmp.data(), static_cast<int>(xmp.size())));
  Bytes bytes;
  heif_writer writer{1, append};
  require(heif_context_write(context, &writer, &bytes));
  heif_image_handle_release(handle);
  heif_encoder_release(encoder);
  heif_image_release(image);
  heif_context_free(context);
  return bytes;
}

}  // namespace cairn::testing

#else

std::optional<cairn::Bytes> cairn::testing::make_heif(int, int, const Bytes&, const std::string&) {
  std::cout << "skipped: built without libheif\n";
  return std::nullopt;
}

#endif
