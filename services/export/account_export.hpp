#pragma once

#include "core/id.hpp"
#include "services/export/tar_stream.hpp"
#include "services/store/blobs.hpp"
#include "services/store/database.hpp"
#include "services/store/export.hpp"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>

namespace cairn::services {

/// A tar archive with all that is held about a contributor: rows/*.jsonl (store/export.hpp), originals/* that are still kept and
/// statements/*.json of closed epochs. It is made piece by piece and holds no transaction open: what changes meanwhile is in it as it
/// was before or after.
class AccountExport {
 public:
  AccountExport(AccountId account, store::BlobStore blobs, std::filesystem::path bundles);

  /// The next bytes, some 2 MB at most; nothing after the end. Throws with what failed; then it can't go on.
  std::string next(store::Session&);

 private:
  bool add_some(store::Session&);
  bool add_rows(store::Session&);
  bool add_original(store::Session&);
  bool add_statement();

  AccountId account_;
  store::BlobStore blobs_;
  TarStream tar_;
  store::ExportedRows rows_;
  std::deque<store::Original> originals_;   ///< a page of them
  std::string after_;                       ///< the newest original that was looked up
  std::ifstream original_;                  ///< that is being written
  std::uint64_t left_ = 0;                  ///< bytes of it
  std::deque<std::filesystem::path> bundles_;
  bool at_end_ = false;
};

}  // namespace cairn::services
