#pragma once

#include "core/picture_grid.hpp"
#include "services/gateway/blob_cache.hpp"

#include <mutex>

namespace cairn::gateway {

/// Tiles of public 360 pictures, cut when the first one is asked for. One picture at a time: a viewer asks for a dozen tiles of
/// the same picture at once, and whoever asks for many pictures gets no more than one core.
class PictureTiles {
 public:
  /// One tile; nothing when the picture is gone or can't be cut into that grid.
  SharedBytes get(const store::BlobStore& blobs, const Sha256& picture, const PictureGrid& grid, int column, int row);

 private:
  static constexpr std::size_t kMostBytes = 32 << 20;  ///< some ten pictures: what is looked at now
  BlobCache kept_{kMostBytes};
  std::mutex cutting_;
};

}  // namespace cairn::gateway
