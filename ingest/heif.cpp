#include "ingest/heif.hpp"

#include "ingest/heif_claims.hpp"
#include "ingest/jpeg_outline.hpp"

#include <libheif/heif.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::ingest {
namespace {

constexpr int kHeifAsJpegQuality = 95;  ///< no visible second loss
constexpr std::size_t kLongestBlock = 65'533;

struct Free {
  void operator()(heif_context* context) const { heif_context_free(context); }
  void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
  void operator()(heif_image* image) const { heif_image_release(image); }
  void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
  void operator()(void* turbo) const { tjDestroy(turbo); }
  void operator()(unsigned char* bytes) const { tjFree(bytes); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Refusal broken(const heif_error& error) {
  return {Reason::broken_file, error.message ? error.message : "libheif gives no reason"};
}

/// The main picture of a file, whose bytes must outlive it.
struct Opened {
  Owned<heif_context> context;
  Owned<heif_image_handle> picture;
};

std::variant<Opened, Refusal> opened(ByteView heif) {
  if (claimed_bytes_of(heif) > 2 * std::uint64_t{heif.size()}) return Refusal{Reason::broken_file, "its items claim more bytes than it has"};
  Opened file{Owned<heif_context>{heif_context_alloc()}, nullptr};
  heif_context_set_max_decoding_threads(file.context.get(), 0);
  if (const auto error =
          heif_context_read_from_memory_without_copy(file.context.get(), heif.data(), heif.size(), nullptr);
      error.code) {
    return broken(error);
  }
  heif_image_handle* picture = nullptr;
  const auto error = heif_context_get_primary_image_handle(file.context.get(), &picture);
  file.picture.reset(picture);
  if (error.code || !picture) return broken(error);
  return file;
}

/// The first block of a type, and of a kind of content where that is named; empty when there is none or it is too long.
Bytes block_of(const heif_image_handle* picture, const char* type, std::string_view content) {
  std::vector<heif_item_id> ids(16);
  ids.resize(static_cast<std::size_t>(
      heif_image_handle_get_list_of_metadata_block_IDs(picture, type, ids.data(), static_cast<int>(ids.size()))));
  for (const auto id : ids) {
    const auto* kind = heif_image_handle_get_metadata_content_type(picture, id);
    if (!content.empty() && (!kind || content != kind)) continue;
    const auto size = heif_image_handle_get_metadata_size(picture, id);
    if (size == 0 || size > kLongestBlock) return {};
    Bytes block(size);
    if (heif_image_handle_get_metadata(picture, id, block.data()).code) return {};
    return block;
  }
  return {};
}

/// HEIF puts four bytes before an EXIF block: how far behind them the TIFF header stands.
Bytes tiff_of(Bytes block) {
  if (block.size() < 4) return {};
  std::size_t skip = 0;
  for (int i = 0; i < 4; ++i) skip = skip << 8 | std::to_integer<std::size_t>(block[static_cast<std::size_t>(i)]);
  if (skip > block.size() - 4) return {};
  block.erase(block.begin(), block.begin() + 4 + static_cast<std::ptrdiff_t>(skip));
  return block;
}

std::variant<Bytes, Refusal> jpeg_of(const heif_image* image) {
  int stride = 0;
  const auto* pixels = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
  const int width = heif_image_get_width(image, heif_channel_interleaved),
            height = heif_image_get_height(image, heif_channel_interleaved);
  const Owned<void> turbo{tjInitCompress()};
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const bool failed = !pixels || !turbo ||
                      tjCompress2(turbo.get(), pixels, width, stride, height, TJPF_RGB, &out, &size, TJSAMP_420,
                                  kHeifAsJpegQuality, TJFLAG_ACCURATEDCT) != 0;
  const Owned<unsigned char> owner{out};
  if (failed) return Refusal{Reason::broken_file, "its pixels can't be written as JPEG"};
  const auto* first = reinterpret_cast<const std::byte*>(out);
  return Bytes{first, first + size};
}

}  // namespace

std::variant<HeifOutline, Refusal> heif_outline_of(ByteView heif) {
  const auto file = opened(heif);
  if (const auto* refusal = std::get_if<Refusal>(&file)) return *refusal;
  const auto* picture = std::get<Opened>(file).picture.get();
  return HeifOutline{heif_image_handle_get_width(picture), heif_image_handle_get_height(picture),
                     tiff_of(block_of(picture, "Exif", "")), block_of(picture, "mime", "application/rdf+xml")};
}

std::variant<Bytes, Refusal> jpeg_from_heif(ByteView heif, const DecodeRules& rules) {
  if (!heif_have_decoder_for_format(heif_compression_HEVC)) {
    return Refusal{Reason::not_supported, "a HEIC picture, and libheif has no decoder for it here: send JPEG"};
  }
  const auto file = opened(heif);
  if (const auto* refusal = std::get_if<Refusal>(&file)) return *refusal;
  const auto* picture = std::get<Opened>(file).picture.get();
  if (auto refusal = check_size(heif_image_handle_get_width(picture), heif_image_handle_get_height(picture), rules))
    return *refusal;
  const Owned<heif_decoding_options> options{heif_decoding_options_alloc()};
  options->convert_hdr_to_8bit = 1;
  heif_image* decoded = nullptr;
  const auto error =
      heif_decode_image(picture, &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGB, options.get());
  const Owned<heif_image> image{decoded};
  if (error.code || !image) return broken(error);
  return jpeg_of(image.get());
}

}  // namespace cairn::ingest
