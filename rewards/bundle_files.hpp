#pragma once
// What stands in a bundle's files, without a folder: each file is written to a sink, so that a large one is never held whole.

#include "core/sha256.hpp"
#include "rewards/epoch.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::rewards {

using Sink = std::function<void(std::string_view)>;

struct BundleFile {
  std::string name;
  std::function<void(const Sink&)> write;
};

/// Every file but the manifest, by name. They refer to the result and the tree, which must outlive them.
std::vector<BundleFile> bundle_files(const EpochResult& result, const MerkleTree& tree);

struct FileDigest {
  Sha256 hash;
  std::uint64_t size = 0;
  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};
/// By name.
using FileDigests = std::map<std::string, FileDigest>;

std::string manifest_json(const EpochResult& result, const MerkleTree& tree, const FileDigests& files);

/// Reads a manifest's list of files; nothing when it is none of ours.
std::optional<FileDigests> files_of_manifest(std::string_view manifest);

/// The input that the texts of epoch.json, policy.json, versions.json and inputs.bin.gz describe, or why they don't.
struct InputTexts {
  std::string epoch, policy, versions, inputs;
};
std::variant<CanonicalInput, EpochRefusal> input_from(const InputTexts& texts);

}  // namespace cairn::rewards
