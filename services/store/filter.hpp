#pragma once

#include <string>
#include <vector>

namespace cairn::store {

/// A condition that came from outside: SQL made by ourselves with places :f0, :f1, … for what a user wrote.
struct Filter {
  std::string condition;             ///< empty: everything
  std::vector<std::string> texts;    ///< bound to the places; never part of the SQL
};

}  // namespace cairn::store
