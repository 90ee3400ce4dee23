#include "services/store/usage.hpp"

#include "services/store/rows.hpp"

namespace cairn::store {

using soci::use;

std::int64_t day_of(UtcTime time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

void add_use(Session& session, AccountId account, std::int64_t day, const Use& more) {
  const auto id = account.text();
  const long long at = day, files = more.files, bytes = more.bytes;
  session.sql() << "insert into account_days(account_id, day, files, bytes) values (:id, :day, :files, :bytes) "
                   "on conflict (account_id, day) do update set files = account_days.files + excluded.files, "
                   "bytes = account_days.bytes + excluded.bytes",
      use(id, "id"), use(at, "day"), use(files, "files"), use(bytes, "bytes");
}

Use use_of(Session& session, AccountId account, std::int64_t day) {
  const auto id = account.text();
  const long long at = day;
  long long files = 0, bytes = 0;
  session.sql() << "select files, bytes from account_days where account_id = :id and day = :day", use(id, "id"), use(at, "day"),
      soci::into(files), soci::into(bytes);
  return {files, bytes};
}

void add_tile_use(Session& session, const std::string& token, std::int64_t day, const TileUse& more) {
  const long long at = day, tiles = more.tiles, bytes = more.bytes;
  session.sql() << "insert into tile_use(token, day, tiles, bytes) values (:token, :day, :tiles, :bytes) "
                   "on conflict (token, day) do update set tiles = tile_use.tiles + excluded.tiles, bytes = tile_use.bytes + excluded.bytes",
      use(token, "token"), use(at, "day"), use(tiles, "tiles"), use(bytes, "bytes");
}

TileUse tile_use_of(Session& session, const std::string& token, std::int64_t day) {
  const long long at = day;
  long long tiles = 0, bytes = 0;
  session.sql() << "select tiles, bytes from tile_use where token = :token and day = :day", use(token, "token"), use(at, "day"), soci::into(tiles), soci::into(bytes);
  return {tiles, bytes};
}

}  // namespace cairn::store
