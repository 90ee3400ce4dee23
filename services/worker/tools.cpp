#include "services/worker/tools.hpp"

#include "services/worker/models.hpp"

#include <stdexcept>

namespace cairn::worker {

Tools::Tools(store::BlobStore blobs, store::DatabaseUrl database, std::filesystem::path models, BadFiles bad_files)
    : blobs_{std::move(blobs)}, database_{std::move(database)}, models_{std::move(models)}, bad_files_{std::move(bad_files)} {}

Bytes Tools::blob(store::Namespace space, const std::string& hex) const {
  const auto name = Sha256::from_hex(hex);
  if (!name) throw std::runtime_error{"a task names '" + hex + "', which is no blob"};
  auto bytes = blobs_.get(space, *name);
  if (!bytes) throw std::runtime_error{"the blob " + hex + " is not there: do coordinator and worker use the same data.blobs?"};
  return std::move(*bytes);
}

const ingest::UbloxSignatures& Tools::signatures_of(const std::string& content, ByteView log, const std::vector<Bytes>& keys) {
  constexpr std::size_t kMostLogs = 16;  // of a megabyte each at most
  const std::pair asked{content, keys};
  if (const auto known = checked_logs_.find(asked); known != checked_logs_.end()) return known->second;
  if (checked_logs_.size() >= kMostLogs) checked_logs_.clear();
  return checked_logs_.emplace(asked, ingest::check_ublox_signatures(log, keys)).first->second;
}

store::Session& Tools::catalogue() {
  if (!session_) session_.emplace(database_);
  return *session_;
}

vision::Inspector& Tools::inspector() {
  if (!inspector_) inspector_ = load_inspector(models_);
  return *inspector_;
}

}  // namespace cairn::worker
