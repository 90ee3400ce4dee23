#pragma once
// What a worker's stages work with: the doors to the world that pure rooms don't have.

#include "services/store/blobs.hpp"
#include "services/store/database.hpp"
#include "vision/inspect.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace cairn::worker {

/// One set per worker thread; nothing in it is shared.
class Tools {
 public:
  Tools(store::BlobStore blobs, store::DatabaseUrl database, std::filesystem::path models, std::string abort_on_file);

  const store::BlobStore& blobs() const { return blobs_; }
  /// A blob that a task names. Throws when it is not there: the job is tried again later.
  Bytes blob(store::Namespace space, const std::string& hex) const;
  /// The catalogue, for reading; opened when first asked for.
  store::Session& catalogue();
  /// Models are loaded when the first picture comes: workers of other stages never need them.
  vision::Inspector& inspector();
  const std::string& abort_on_file() const { return abort_on_file_; }

 private:
  store::BlobStore blobs_;
  store::DatabaseUrl database_;
  std::filesystem::path models_;
  std::string abort_on_file_;
  std::optional<store::Session> session_;
  std::unique_ptr<vision::Inspector> inspector_;
};

}  // namespace cairn::worker
