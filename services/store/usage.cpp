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

}  // namespace cairn::store
