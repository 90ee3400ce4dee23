#pragma once

#include <string>
#include <vector>

namespace cairn::store {

class Session;

/// One numbered step of the catalogue's shape: migrations/NNNN_name.sql, statements apart by ";" at a line's end.
struct Migration {
  std::string name;
  std::string sql;
};
const std::vector<Migration>& all_migrations();

/// Number of the newest migration that was run on the catalogue, 0 when it has no tables. Changes nothing.
int version_of(Session& session);

}  // namespace cairn::store
