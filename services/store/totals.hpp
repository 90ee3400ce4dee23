#pragma once
// How much there is, and how much was refused.

#include "services/store/database.hpp"

#include <string>
#include <vector>

namespace cairn::store {

/// Refusal codes and how many frames and files have them.
struct RefusalCount {
  std::string code;
  int count = 0;
};
std::vector<RefusalCount> refusal_counts(Session&);

struct Totals {
  int files = 0, frames = 0, published = 0, sequences = 0, features = 0, tiles = 0, accounts = 0;
};
Totals totals(Session&);

}  // namespace cairn::store
