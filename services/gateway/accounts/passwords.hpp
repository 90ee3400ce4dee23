#pragma once

#include "services/gateway/context.hpp"
#include "services/store/accounts.hpp"

#include <optional>
#include <string_view>

namespace cairn::gateway {

enum class PasswordCheck { right, wrong, too_many_tries };
/// Compares what somebody typed with the account's password (no account: always wrong, after the same time), and counts: after five
/// wrong ones in a row a minute must pass before the next is looked at.
PasswordCheck check_password(Context& context, const std::optional<store::Account>& account, std::string_view typed);

}  // namespace cairn::gateway
