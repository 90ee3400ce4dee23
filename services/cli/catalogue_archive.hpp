#pragma once
// Tiles of the catalogue as they stand in an archive.

#include "services/settings/settings.hpp"
#include "services/store/blobs.hpp"
#include "services/store/database.hpp"
#include "services/store/tiles.hpp"
#include "tiler/archive/archive.hpp"
#include "tiler/tile_set.hpp"

#include <cstdint>
#include <string>

namespace cairn::cli {

class CatalogueArchive {
 public:
  /// Throws when there is no set of that name.
  CatalogueArchive(const services::Settings& settings, const std::string& set);

  store::Session& session() { return session_; }
  /// Of an archive that holds every change up to this number.
  tiler::ArchiveInfo info(std::int64_t sequence) const;
  /// A vector tile packed for size, as in the catalogue it is packed for speed; a picture as it is. Throws when its blob is lost.
  Bytes packed(const store::TileRow& row) const;

 private:
  tiler::TileSet set_;
  Terms terms_;
  store::Session session_;
  store::BlobStore blobs_;
};

}  // namespace cairn::cli
