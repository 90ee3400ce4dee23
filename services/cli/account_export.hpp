#pragma once

#include "core/id.hpp"
#include "services/store/blobs.hpp"
#include "services/store/database.hpp"

#include <filesystem>

namespace cairn::cli {

/// Writes a tar archive with all that is held about a contributor: rows/*.jsonl (store/export.hpp), originals/* that are still kept
/// and statements/*.json of closed epochs. Throws with what failed; the file is there whole or not at all.
void export_account(store::Session&, AccountId account, const store::BlobStore&, const std::filesystem::path& bundles, const std::filesystem::path& file);

}  // namespace cairn::cli
