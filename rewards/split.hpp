#pragma once

#include "rewards/amount.hpp"
#include "rewards/keccak.hpp"

#include <string_view>
#include <vector>

namespace cairn::rewards {

struct Claim {
  Address account;
  Weight weight = 0;
};

/// Divides a pool in proportion to the weights by largest remainder (Hamilton), in whole units with 128-bit products.
/// Gives one amount per claim, in the claims' order. Equal remainders are served in the order of keccak256(epoch ‖ account),
/// so the result does not depend on the claims' order. The amounts add up to the pool; all are 0 when no claim has weight.
/// Accounts must be distinct and the pool not negative.
std::vector<Amount> split(Amount pool, const std::vector<Claim>& claims, std::string_view epoch);

}  // namespace cairn::rewards
