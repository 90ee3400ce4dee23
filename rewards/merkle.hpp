#pragma once
// A Merkle tree as OpenZeppelin's StandardMerkleTree ("standard-v1") makes it, so that a distributor contract can check it.

#include "rewards/amount.hpp"
#include "rewards/keccak.hpp"

#include <optional>
#include <span>
#include <vector>

namespace cairn::rewards {

/// Everything an address was ever owed: cumulative, so a missed epoch costs nobody anything.
struct Total {
  Address address;
  Amount amount = 0;
  friend auto operator<=>(const Total&, const Total&) = default;
};

/// keccak256(keccak256(abi.encode(address, uint256))). The amount must not be negative.
Keccak256 leaf_hash(const Total& total);

/// The leaves, sorted by hash, end an array of 2n - 1 in reverse; each node before them is keccak256 of its two children,
/// the smaller first.
class MerkleTree {
 public:
  /// Leaves keep their order in the dump; the root does not depend on it.
  explicit MerkleTree(std::vector<Total> leaves);

  /// Nothing when there are no leaves.
  std::optional<Keccak256> root() const;
  std::size_t size() const { return leaves_.size(); }
  const std::vector<Total>& leaves() const { return leaves_; }
  const std::vector<Keccak256>& nodes() const { return nodes_; }
  /// Where leaf i (in the order given) stands among the nodes.
  std::size_t node_of_leaf(std::size_t leaf) const { return node_of_leaf_[leaf]; }
  /// The siblings from leaf i up to below the root.
  std::vector<Keccak256> proof_of(std::size_t leaf) const;

 private:
  std::vector<Total> leaves_;
  std::vector<Keccak256> nodes_;
  std::vector<std::size_t> node_of_leaf_;
};

/// Whether a proof leads from a leaf to the root.
bool proves(std::span<const Keccak256> proof, const Total& leaf, const Keccak256& root);

}  // namespace cairn::rewards
