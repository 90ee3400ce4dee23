#pragma once
// The records of a bundle's inputs: each a 32-bit length and as many bytes, all numbers big-endian, in ascending order of
// their bytes, none twice.
//
//   'A' account[20] address[20]                          the payout address an account has registered
//   'F' cell[8] octant[1] taken_at[8] frame[16] account[20] quality[4] trust[4]      an accepted frame
//   'T' address[20] amount[8]                            the cumulative amount before the epoch
//   'V' cell[8] octant[1] at[8]                          the last visit before the epoch
//
// Times are microseconds since 1970, quality and trust parts per million.

#include "rewards/epoch.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::rewards {

/// Rows, visits, payouts and totals of an input that has no problems.
std::string records_of(const CanonicalInput& input);

/// Fills rows, visits, payouts and totals; gives what is wrong when the records are not in their one canonical form.
std::optional<std::string> read_records(std::string_view records, CanonicalInput& input);

}  // namespace cairn::rewards
