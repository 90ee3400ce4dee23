#include "services/store/private_areas.hpp"

#include "services/store/conditions.hpp"
#include "services/store/rows.hpp"

#include <cmath>

namespace cairn::store {
namespace {

using soci::use;

PrivateAreaRow area_from(const soci::row& row) {
  const auto degrees = [&](const char* column) { return static_cast<double>(int_of(row, column)) / 1e7; };
  return {text_of_row(row, "id"), maybe_id<AccountId>(row, "account_id"), text_of_row(row, "name"), text_of_row(row, "shape"),
          {degrees("west_e7"), degrees("south_e7"), degrees("east_e7"), degrees("north_e7")}, time_of(row, "created_at")};
}

std::vector<PrivateAreaRow> areas_where(Session& session, const std::string& condition) {
  return all_from((session.sql().prepare << "select * from private_areas where " + condition + " order by created_at, id"), area_from);
}

std::string owned_by(const std::optional<AccountId>& account) { return account ? "account_id = '" + account->text() + "'" : "account_id is null"; }

}  // namespace

void insert_private_area(Session& session, const PrivateAreaRow& area) {
  const auto account = bound(area.account);
  const long long at = micros_of(area.created_at);
  const long long south = std::llround(std::floor(area.bounds.south_deg * 1e7)), north = std::llround(std::ceil(area.bounds.north_deg * 1e7));
  const long long west = std::llround(std::floor(area.bounds.west_deg * 1e7)), east = std::llround(std::ceil(area.bounds.east_deg * 1e7));
  session.sql() << "insert into private_areas(id, account_id, name, shape, created_at, south_e7, west_e7, north_e7, east_e7) "
                   "values (:id, :account, :name, :shape, :at, :south, :west, :north, :east)",
      use(area.id, "id"), use(account.value, account.indicator, "account"), use(area.name, "name"), use(area.shape, "shape"), use(at, "at"),
      use(south, "south"), use(west, "west"), use(north, "north"), use(east, "east");
}

bool delete_private_area(Session& session, const std::string& id, const std::optional<AccountId>& account) {
  soci::statement statement = (session.sql().prepare << "delete from private_areas where id = :id and " + owned_by(account), use(id, "id"));
  statement.execute(true);
  return statement.get_affected_rows() > 0;
}

std::vector<PrivateAreaRow> private_areas_of(Session& session, const std::optional<AccountId>& account) { return areas_where(session, owned_by(account)); }

std::vector<PrivateAreaRow> private_areas_near(Session& session, AccountId account, const GeoBounds& bounds) {
  return areas_where(session, "(" + owned_by(account) + " or account_id is null) and " + overlaps(bounds));
}

}  // namespace cairn::store
