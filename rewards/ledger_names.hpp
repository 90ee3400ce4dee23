#pragma once
// How the ledger's accounts are named.

#include "rewards/keccak.hpp"

#include <string>
#include <string_view>

namespace cairn::rewards {

std::string pool_account(std::string_view pool);      ///< "pool:coverage"
std::string issuance_account(std::string_view pool);  ///< "issuance:coverage"
std::string payable_account(const Address& account);  ///< "payable:0x2b5a…"

}  // namespace cairn::rewards
