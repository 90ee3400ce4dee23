#pragma once
// Bytes that nobody wants any more. They go after a grace, so that whoever reads them just then can finish.

#include "core/sha256.hpp"
#include "core/time.hpp"
#include "services/store/blobs.hpp"
#include "services/store/database.hpp"

#include <chrono>
#include <cstddef>

namespace cairn::changes {

inline constexpr std::chrono::hours kBlobGrace{24};  ///< far longer than any job or download takes

// Inside the caller's transaction:

/// The blob may go. `content` is the picture it was made from: itself for an original, none when no picture can make it wanted.
void drop_blob(store::Session&, store::Namespace space, const Sha256& name, const Sha256& content, UtcTime now);

/// Removes at most `most` blobs that were dropped before `now - grace`, whose picture no live frame or file has and that no tile
/// shows, unless they were put again within the grace (by the clock of the disk): those wait for another one. Gives how many files
/// went. Safe to run from several processes.
std::size_t remove_dropped_blobs(store::Session&, const store::BlobStore&, UtcTime now, std::chrono::seconds grace = kBlobGrace, int most = 1000);

}  // namespace cairn::changes
