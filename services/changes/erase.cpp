#include "services/changes/erase.hpp"

#include "fusion/merge.hpp"
#include "services/changes/dirty_tiles.hpp"
#include "services/changes/withdraw.hpp"
#include "services/store/accounts.hpp"
#include "services/store/jobs.hpp"
#include "services/store/map.hpp"
#include "services/store/rows.hpp"
#include "services/store/sequences.hpp"

#include <set>
#include <string>

namespace cairn::changes {
namespace {

using soci::use;

/// What the account can do no more, and what nobody needs to know of it.
constexpr const char* kOfAccount[] = {
    "delete from sessions where account_id = :account",
    "delete from tile_use where token in (select id from tokens where account_id = :account)",
    "delete from tokens where account_id = :account",
    "delete from signed_files where account_id = :account",
    "delete from manifests where device_id in (select id from devices where account_id = :account)",
    "delete from devices where account_id = :account",
    "delete from private_areas where account_id = :account",
    "update partial_uploads set expires_at = 0, metadata = '', receipt = null where account_id = :account",  // their bytes go with them
    "delete from account_days where account_id = :account",
    "delete from jobs where tenant = :account",  // a result that is still under way finds no lease
    "delete from turns where tenant = :account",
    "update reports set reporter_id = null, reporter_email = null, reporter_comments = null where reporter_id = :account",
    "update reports set resolver_id = null, resolver_comments = null where resolver_id = :account",
};

/// Of one upload. Mirrors learn from its sequences' ids that they are gone.
constexpr const char* kOfSet[] = {
    // As if dropped long ago: its owner wants the bytes gone now, and a reader who has them open keeps them anyway.
    "update dropped_blobs set dropped_at = 0 where content in (select content from frames where upload_set_id = :set) or name in "
    "(select content from files where upload_set_id = :set)",
    "delete from reports where frame_id in (select id from frames where upload_set_id = :set)",
    "delete from reports where sequence_id in (select id from sequences where upload_set_id = :set)",
    "delete from frames where upload_set_id = :set",
    "delete from files where upload_set_id = :set",
    "update sequences set title = '', frames = 0, accepted = 0, first_taken_at = 0, last_taken_at = 0, length_m = 0, west_e7 = 0, south_e7 = 0, east_e7 = 0, "
    "north_e7 = 0, fusion_values = '{}' where upload_set_id = :set",
    "update upload_sets set title = '', metadata = 'null', user_agent = '', rules = '{}' where id = :set",
};

void close_account(store::Session& session, AccountId account, UtcTime now) {
  const auto id = account.text();
  for (const char* statement : kOfAccount) session.sql() << statement, use(id, "account");
  const auto no_name = "erased " + Uuid::random().text();
  const std::string local{store::kLocalAccount};
  const long long at = micros_of(now);
  session.sql() << "update accounts set name = :name, created_at = :at, role = 'user', password = null, failed_logins = 0, login_after = 0, erased_at = :at "
                   "where id = :id and erased_at is null and name <> :local",
      use(no_name, "name"), use(at, "at"), use(id, "id"), use(local, "local");
}

/// What a sequence told the map is taken back; the cells around are merged again.
void forget_sequence(store::Session& session, SequenceId id, UtcTime now) {
  std::set<TileId> cells;
  for (const auto& sighting : store::replace_sightings(session, id, {})) {
    for (const auto cell : fusion::merge_cells_around(sighting.place)) cells.insert(cell);
  }
  for (const auto cell : cells) store::enqueue(session, {.stage = store::Stage::merge, .key = cell.text(), .tenant = "", .now = now});
  mark_tiles_dirty(session, kSetsOfCoverage, store::replace_coverage(session, id, {}), now);
}

/// An upload that is not erased yet.
std::optional<UploadSetId> next_set(store::Session& session, AccountId account) {
  const auto id = account.text();
  return store::first_from((session.sql().prepare << "select id from upload_sets where account_id = :account and (deleted_at is null or title <> '' or exists "
                                                     "(select 1 from files where files.upload_set_id = upload_sets.id)) order by id limit 1",
                            use(id, "account")),
                           store::id_from<UploadSetId>);
}

void erase_set(store::Session& session, AccountId account, UploadSetId set, UtcTime now) {
  withdraw_set(session, set, now);
  for (const auto& sequence : store::sequences_of_set(session, set)) forget_sequence(session, sequence.id, now);
  const auto id = set.text();
  for (const char* statement : kOfSet) session.sql() << statement, use(id, "set");
  const auto tenant = account.text();
  session.sql() << "delete from jobs where tenant = :tenant", use(tenant, "tenant");  // of fusing what is no more
}

}  // namespace

void erase_account(store::Session& session, AccountId account, UtcTime now) {
  session.write([&](store::Session& writer) { close_account(writer, account, now); });
  for (bool more = true; more;) {
    session.write([&](store::Session& writer) {
      const auto set = next_set(writer, account);
      more = set.has_value();
      if (set) erase_set(writer, account, *set, now);
    });
  }
}

void finish_erasures(store::Session& session, UtcTime now) {
  for (const auto& account : store::all_accounts(session)) {
    if (account.erased_at && next_set(session, account.id)) erase_account(session, account.id, now);
  }
}

}  // namespace cairn::changes
