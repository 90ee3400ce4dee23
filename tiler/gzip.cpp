#include "tiler/gzip.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace cairn::tiler {
namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};
struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

constexpr int kHighestLevel = 12;
/// DEFLATE can't make more than this of one byte, so a length that claims more is a lie.
constexpr std::size_t kBestRatio = 1032;
/// Header and trailer of RFC 1952 with the shortest stream between them.
constexpr std::size_t kShortestGzip = 20;

/// Setting a compressor up costs more than a small tile, so each thread keeps one per level.
libdeflate_compressor& compressor_of(int level) {
  thread_local std::array<std::unique_ptr<libdeflate_compressor, FreeCompressor>, kHighestLevel + 1> kept;
  auto& compressor = kept.at(static_cast<std::size_t>(level));
  if (!compressor) compressor.reset(libdeflate_alloc_compressor(level));
  if (!compressor) throw std::runtime_error{"no memory for a gzip compressor"};
  return *compressor;
}

std::size_t length_in_trailer(ByteView gzip) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length |= std::to_integer<std::size_t>(gzip[gzip.size() - 4 + i]) << (8 * i);
  return length;
}

}  // namespace

Bytes gzipped(ByteView bytes, int level) {
  auto& compressor = compressor_of(std::clamp(level, 1, kHighestLevel));
  Bytes packed(libdeflate_gzip_compress_bound(&compressor, bytes.size()));
  const auto size = libdeflate_gzip_compress(&compressor, bytes.data(), bytes.size(), packed.data(), packed.size());
  packed.resize(size);
  return packed;
}

Bytes zlib_packed(ByteView bytes, int level) {
  auto& compressor = compressor_of(std::clamp(level, 1, kHighestLevel));
  Bytes packed(libdeflate_zlib_compress_bound(&compressor, bytes.size()));
  packed.resize(libdeflate_zlib_compress(&compressor, bytes.data(), bytes.size(), packed.data(), packed.size()));
  return packed;
}

Bytes gunzipped(ByteView bytes, std::size_t most_bytes) {
  if (bytes.size() < kShortestGzip) throw std::runtime_error{"gzip data is too short"};
  const auto length = length_in_trailer(bytes);
  if (length > most_bytes) throw std::runtime_error{"gzip data holds more than " + std::to_string(most_bytes) + " bytes"};
  if (length > bytes.size() * kBestRatio) throw std::runtime_error{"gzip data is corrupt: its length can't be true"};

  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor{libdeflate_alloc_decompressor()};
  if (!decompressor) throw std::runtime_error{"no memory for a gzip decompressor"};
  Bytes plain(length + 1);  // one more than promised, so that data() is never null
  std::size_t read = 0;
  std::size_t written = 0;
  const auto result = libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(), plain.data(), length, &read,
                                                    &written);
  if (result != LIBDEFLATE_SUCCESS || read != bytes.size() || written != length) {
    throw std::runtime_error{"gzip data is corrupt"};
  }
  plain.resize(length);
  return plain;
}

}  // namespace cairn::tiler
