#include "rewards/amount.hpp"

#include <algorithm>
#include <cmath>

namespace cairn::rewards {

Ppm ppm_of(double fraction) {
  if (std::isnan(fraction)) return 0;
  return static_cast<Ppm>(std::floor(std::clamp(fraction, 0.0, 1.0) * kWhole + 0.5));
}

}  // namespace cairn::rewards
