// Largest remainder (Hamilton): everybody gets the whole part of pool × weight / total; the units that are left, fewer than
// there are claims with weight, go one each to the largest remainders.
#include "rewards/split.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace cairn::rewards {
namespace {

Keccak256 tie_breaker(std::string_view epoch, const Address& account) {
  std::string text{epoch};
  text.append(reinterpret_cast<const char*>(account.bytes.data()), account.bytes.size());
  return keccak256_of(bytes_of(text));
}

/// The claims with the `count` largest remainders. Hashes are made only for those that tie at the edge.
std::vector<std::size_t> largest(const std::vector<Wide>& remainders, std::size_t count, const std::vector<Claim>& claims,
                                 std::string_view epoch) {
  std::vector<std::size_t> order(claims.size());
  std::iota(order.begin(), order.end(), 0);
  const auto edge = order.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(order.begin(), edge - 1, order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  const Wide lowest = remainders[*(edge - 1)];

  std::vector<std::size_t> chosen;
  std::vector<std::pair<Keccak256, std::size_t>> tied;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (remainders[i] > lowest) chosen.push_back(i);
    if (remainders[i] == lowest) tied.emplace_back(tie_breaker(epoch, claims[i].account), i);
  }
  std::ranges::sort(tied);
  for (std::size_t i = 0; chosen.size() < count; ++i) chosen.push_back(tied[i].second);
  return chosen;
}

}  // namespace

std::vector<Amount> split(Amount pool, const std::vector<Claim>& claims, std::string_view epoch) {
  Wide total = 0;
  for (const auto& claim : claims) total += claim.weight;
  std::vector<Amount> amounts(claims.size(), 0);
  if (total == 0) return amounts;

  std::vector<Wide> remainders(claims.size());
  Amount left = pool;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Wide product = static_cast<Wide>(pool) * claims[i].weight;
    amounts[i] = static_cast<Amount>(product / total);
    remainders[i] = product % total;
    left -= amounts[i];
  }
  if (left == 0) return amounts;
  for (const auto i : largest(remainders, static_cast<std::size_t>(left), claims, epoch)) ++amounts[i];
  return amounts;
}

}  // namespace cairn::rewards
