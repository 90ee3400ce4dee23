#pragma once
// The published record of an epoch: a folder from which anyone can recompute every share. The one file of this room that
// reads and writes folders. docs/rewards.md lists the files.

#include "core/sha256.hpp"
#include "rewards/epoch.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::rewards {

/// Writes the bundle into a folder, which is made and must be empty or hold an earlier write of the same bundle. The manifest
/// comes last, so a folder without one is unfinished. Gives the SHA-256 of the manifest, which names the bundle. The same
/// result gives the same bytes, and they are on the disk when it returns. Throws std::runtime_error when the disk fails.
Sha256 write_bundle(const EpochResult& result, const std::filesystem::path& folder);

struct BundleCheck {
  std::vector<std::string> problems;  ///< empty: the bundle is what it says
  std::optional<Sha256> bundle;       ///< SHA-256 of the manifest as found
  std::optional<Keccak256> root;      ///< as recomputed from the inputs; nothing when no address was ever owed anything
  std::string epoch;
  std::size_t frames = 0;
  std::size_t accounts = 0;           ///< with a share in this epoch
  Amount paid = 0;                    ///< sum of the shares
};

/// Recomputes everything in a bundle from its inputs, offline. Never throws for what a bundle contains.
BundleCheck verify_bundle(const std::filesystem::path& folder);

/// Closes the epoch of a bundle again from its inputs, for statements and explanations of old epochs.
EpochOutcome result_from_bundle(const std::filesystem::path& folder);

}  // namespace cairn::rewards
