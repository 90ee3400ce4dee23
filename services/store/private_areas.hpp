#pragma once
// Areas that nobody may see: contributors' privacy zones and what the operator excludes.

#include "core/id.hpp"
#include "core/tile_id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

struct PrivateAreaRow {
  std::string id;                        ///< UUID
  std::optional<AccountId> account;      ///< none: the operator's
  std::string name;
  std::string shape;                     ///< JSON: services/area/private_area.hpp reads it
  GeoBounds bounds;
  UtcTime created_at{};
};

void insert_private_area(Session&, const PrivateAreaRow&);
/// False when the account (none: the operator) has no area of that id.
bool delete_private_area(Session&, const std::string& id, const std::optional<AccountId>& account);
/// Of an account, or the operator's; oldest first.
std::vector<PrivateAreaRow> private_areas_of(Session&, const std::optional<AccountId>& account);
/// The account's and the operator's whose box has something in common with this one.
std::vector<PrivateAreaRow> private_areas_near(Session&, AccountId account, const GeoBounds& bounds);

}  // namespace cairn::store
