#pragma once
// Closing an epoch: from the catalogue's accepted frames to a bundle on the disk, ledger rows and paid frames.

#include "core/time.hpp"
#include "rewards/policy.hpp"
#include "services/store/database.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace cairn::rewarder {

struct Closed {
  std::string name;
  std::filesystem::path bundle;
  std::string root;            ///< hex; empty when nobody was ever owed anything
  std::int64_t paid = 0;
  int frames = 0;
  int accounts = 0;
};

/// Reads the policy; throws with what is wrong in it.
rewards::Policy load_policy(const std::filesystem::path& file);

/// The name of the epoch that ends then: "until-2026-05-04T00.00.00Z".
std::string epoch_name(UtcTime end);

/// Everything taken before `end` that no epoch has paid for. Throws when work from before `end` is still on its way, when an
/// epoch with that end or a later one is closed already, or when the ledger no longer proves itself. The bundle is written first and
/// named after its epoch; rows follow in one transaction; a crash between leaves a folder that the next try writes again, alike.
Closed close_epoch(store::Session&, const rewards::Policy&, UtcTime end, UtcTime now, const std::filesystem::path& bundles);

/// Proves the whole ledger; a sentence per problem.
std::vector<std::string> problems_of_ledger(store::Session&);

}  // namespace cairn::rewarder
