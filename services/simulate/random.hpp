#pragma once
// Numbers that look random and are the same everywhere: the standard library's distributions differ between makers.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::simulate {

/// SplitMix64 (Steele, Lea, Flood 2014): a counter, mixed. Forks are independent streams, so that one more car moves no
/// tree.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() { return mixed(state_ += kStep); }
  /// In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  /// A whole number, both ends included.
  int whole(int low, int high) { return low + static_cast<int>(unit() * (high - low + 1)); }
  bool chance(double share) { return unit() < share; }
  /// Mean 0, variance 1, never beyond 6: the sum of twelve uniform numbers, which needs no logarithm.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += unit();
    return sum;
  }
  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(whole(0, static_cast<int>(choices.size()) - 1))];
  }
  /// A stream of its own for a purpose, independent of how much was drawn here.
  Random fork(std::uint64_t purpose) const { return Random{mixed(seed_ + mixed(purpose + kStep))}; }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }
  std::uint64_t state_;
  std::uint64_t seed_ = state_;
};

}  // namespace cairn::simulate
