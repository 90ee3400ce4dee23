#pragma once
// Prepared statements that are kept for the next time. Included by database.cpp only.

#include <soci/soci-backend.h>

namespace cairn::store {

/// SOCI's SQLite, with statements that live as long as their connection: SOCI prepares each query anew, and SQLite spends more
/// time on reading a query's text than on answering most of ours. Kept by their text; the longest unused go first.
const soci::backend_factory& sqlite_with_kept_statements();

}  // namespace cairn::store
