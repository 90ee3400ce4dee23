#include "services/gateway/picture_tiles.hpp"

#include "vision/picture_tiles.hpp"

namespace cairn::gateway {
namespace {

Sha256 name_of(const Sha256& picture, std::size_t number) { return sha256_of(picture.hex() + "/" + std::to_string(number)); }

}  // namespace

SharedBytes PictureTiles::get(const store::BlobStore& blobs, const Sha256& picture, const PictureGrid& grid, int column, int row) {
  const auto number = static_cast<std::size_t>(row * grid.columns + column);
  if (auto tile = kept_.known(name_of(picture, number))) return tile;
  const std::lock_guard lock{cutting_};
  if (auto tile = kept_.known(name_of(picture, number))) return tile;
  const auto jpeg = blobs.get(store::Namespace::public_, picture);
  if (!jpeg) return nullptr;
  auto cut = vision::picture_tiles(*jpeg);
  auto* const tiles = std::get_if<std::vector<Bytes>>(&cut);
  if (!tiles || tiles->size() != static_cast<std::size_t>(grid.columns * grid.rows)) return nullptr;
  SharedBytes wanted;
  for (std::size_t i = 0; i < tiles->size(); ++i) {
    auto tile = std::make_shared<const Bytes>(std::move((*tiles)[i]));
    if (i == number) wanted = tile;
    kept_.keep(name_of(picture, i), tile);
  }
  return wanted;
}

}  // namespace cairn::gateway
