#pragma once
// What each account sent on each day, and what each token was served.

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <cstdint>
#include <string>

namespace cairn::store {

struct Use {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

/// Days since 1970-01-01 in UTC.
std::int64_t day_of(UtcTime time);
/// Inside the caller's transaction.
void add_use(Session&, AccountId account, std::int64_t day, const Use& more);
Use use_of(Session&, AccountId account, std::int64_t day);

struct TileUse {
  std::int64_t tiles = 0;
  std::int64_t bytes = 0;
};
/// `token` is a token's id, or empty for everybody without one. Inside the caller's transaction.
void add_tile_use(Session&, const std::string& token, std::int64_t day, const TileUse& more);
TileUse tile_use_of(Session&, const std::string& token, std::int64_t day);

}  // namespace cairn::store
