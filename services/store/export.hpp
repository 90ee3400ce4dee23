#pragma once

#include "core/id.hpp"
#include "core/sha256.hpp"
#include "services/store/database.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace cairn::store {

inline constexpr std::size_t kExportPiece = 8 << 20;   ///< bytes of text held at once

/// Everything that the catalogue holds about an account, as it is stored, without passwords and hashes of tokens: pieces of JSON
/// lines, one line per row, named "frames-0001.jsonl". Memory is bounded by a piece and a row.
void export_rows(Session&, AccountId account, const std::function<void(const std::string& name, const std::string& lines)>& piece);

/// The originals that are still kept: the blob, and a name for it ("<file id>-<name as sent>", without slashes).
void export_originals(Session&, AccountId account, const std::function<void(const std::string& name, const Sha256& content)>& original);

}  // namespace cairn::store
