#pragma once

#include <string>
#include <vector>

namespace cairn::store {

/// One numbered step of the catalogue's shape: migrations/NNNN_name.sql, statements apart by ";" at a line's end.
struct Migration {
  std::string name;
  std::string sql;
};
const std::vector<Migration>& all_migrations();

}  // namespace cairn::store
