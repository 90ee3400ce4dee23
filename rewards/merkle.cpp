#include "rewards/merkle.hpp"

#include <algorithm>
#include <numeric>

namespace cairn::rewards {
namespace {

Keccak256 parent_of(const Keccak256& a, const Keccak256& b) {
  std::array<std::uint8_t, 64> pair;
  const auto& [first, second] = std::minmax(a, b);
  std::ranges::copy(first.bytes, pair.begin());
  std::ranges::copy(second.bytes, pair.begin() + 32);
  return keccak256_of(std::as_bytes(std::span{pair}));
}

}  // namespace

Keccak256 leaf_hash(const Total& total) {
  // abi.encode: two words of 32 bytes, big-endian, each value right-aligned.
  std::array<std::uint8_t, 64> words{};
  std::ranges::copy(total.address.bytes, words.begin() + 12);
  auto amount = static_cast<std::uint64_t>(total.amount);
  for (std::size_t i = 63; amount != 0; --i, amount >>= 8) words[i] = static_cast<std::uint8_t>(amount & 255);
  const auto inner = keccak256_of(std::as_bytes(std::span{words}));
  return keccak256_of(std::as_bytes(std::span{inner.bytes}));
}

MerkleTree::MerkleTree(std::vector<Total> leaves) : leaves_{std::move(leaves)}, node_of_leaf_(leaves_.size()) {
  if (leaves_.empty()) return;
  std::vector<std::pair<Keccak256, std::size_t>> sorted;
  sorted.reserve(leaves_.size());
  for (std::size_t i = 0; i < leaves_.size(); ++i) sorted.emplace_back(leaf_hash(leaves_[i]), i);
  std::ranges::sort(sorted);

  nodes_.resize(2 * leaves_.size() - 1);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const std::size_t node = nodes_.size() - 1 - i;
    nodes_[node] = sorted[i].first;
    node_of_leaf_[sorted[i].second] = node;
  }
  for (std::size_t node = leaves_.size() - 1; node-- > 0;) {
    nodes_[node] = parent_of(nodes_[2 * node + 1], nodes_[2 * node + 2]);
  }
}

std::optional<Keccak256> MerkleTree::root() const {
  return nodes_.empty() ? std::nullopt : std::optional{nodes_.front()};
}

std::vector<Keccak256> MerkleTree::proof_of(std::size_t leaf) const {
  std::vector<Keccak256> proof;
  for (std::size_t node = node_of_leaf_[leaf]; node > 0; node = (node - 1) / 2) {
    proof.push_back(nodes_[node % 2 == 1 ? node + 1 : node - 1]);
  }
  return proof;
}

bool proves(std::span<const Keccak256> proof, const Total& leaf, const Keccak256& root) {
  auto node = leaf_hash(leaf);
  for (const auto& sibling : proof) node = parent_of(node, sibling);
  return node == root;
}

}  // namespace cairn::rewards
