#pragma once

#include "core/id.hpp"
#include "core/time.hpp"
#include "services/store/database.hpp"

namespace cairn::changes {

/// Takes away everything of a contributor, for good (docs/privacy.md): first, in one transaction, the name, the password and every
/// way in; then each upload in a transaction of its own, so that nobody else waits long. What is erased is gone from every answer
/// with its commit; its bytes go with the next sweep; cells and tiles that held something of it are built again. There stay the
/// account's id, so that nobody else gets it, ids of what mirrors have to delete, and closed epochs. Erasing twice changes nothing.
/// The account of a machine that asks for no tokens loses all that it holds, and stays.
void erase_account(store::Session&, AccountId account, UtcTime now);

/// Goes on with what a crash, or an upload that came at the same time, left of erased accounts.
void finish_erasures(store::Session&, UtcTime now);

}  // namespace cairn::changes
