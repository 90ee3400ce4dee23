#pragma once
// What a worker's stages work with: the doors to the world that pure rooms don't have.

#include "ingest/ublox_sign.hpp"
#include "services/store/blobs.hpp"
#include "services/store/database.hpp"
#include "vision/inspect.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::worker {

/// For tests: names of files at which a decoder dies or hangs.
struct BadFiles {
  std::string abort_on, stall_on;
};

/// One set per worker thread; nothing in it is shared.
class Tools {
 public:
  Tools(store::BlobStore blobs, store::DatabaseUrl database, std::filesystem::path models, BadFiles bad_files = {});

  const store::BlobStore& blobs() const { return blobs_; }
  /// A blob that a task names. Throws when it is not there: the job is tried again later.
  Bytes blob(store::Namespace space, const std::string& hex) const;
  /// What the receiver's signatures in a log say. Remembered: every picture of a set asks for the same logs.
  const ingest::UbloxSignatures& signatures_of(const std::string& content, ByteView log, const std::vector<Bytes>& keys);
  /// The catalogue, for reading; opened when first asked for.
  store::Session& catalogue();
  /// Models are loaded when the first picture comes: workers of other stages never need them.
  vision::Inspector& inspector();
  const BadFiles& bad_files() const { return bad_files_; }
  /// Stages say at each frame that they move; who watches them hears it.
  void when_moving(std::function<void()> tell) { tell_ = std::move(tell); }
  void moves() const {
    if (tell_) tell_();
  }

 private:
  store::BlobStore blobs_;
  store::DatabaseUrl database_;
  std::filesystem::path models_;
  BadFiles bad_files_;
  std::function<void()> tell_;
  std::map<std::pair<std::string, std::vector<Bytes>>, ingest::UbloxSignatures> checked_logs_;
  std::optional<store::Session> session_;
  std::unique_ptr<vision::Inspector> inspector_;
};

}  // namespace cairn::worker
