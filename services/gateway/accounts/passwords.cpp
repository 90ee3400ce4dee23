#include "services/gateway/accounts/passwords.hpp"

#include "services/identity/password.hpp"

namespace cairn::gateway {
namespace {

constexpr int kFreeTries = 5;                        // in a row; then one a minute, so that guessing takes years
constexpr std::chrono::minutes kWaitAfterFailures{1};

void note_try(Context& context, AccountId id, bool was_right) {
  context.catalogue.write([&](store::Session& session) {
    auto account = store::find_account(session, id);
    if (!account || (was_right && account->failed_logins == 0)) return;
    account->failed_logins = was_right ? 0 : account->failed_logins + 1;
    if (account->failed_logins >= kFreeTries) account->login_after = context.now + kWaitAfterFailures;
    store::update_account(session, *account);
  });
}

}  // namespace

PasswordCheck check_password(Context& context, const std::optional<store::Account>& account, std::string_view typed) {
  if (account && account->login_after > context.now) return PasswordCheck::too_many_tries;
  const bool is_right = identity::is_password(typed, account ? account->password.value_or("") : "") && !account->erased_at;
  if (account) note_try(context, account->id, is_right);
  return is_right ? PasswordCheck::right : PasswordCheck::wrong;
}

}  // namespace cairn::gateway
