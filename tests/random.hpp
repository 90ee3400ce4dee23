#pragma once
// Random values for property tests: every test prints its seed, and CAIRN_TEST_SEED repeats it.

#include "core/lat_lon.hpp"

#include <cstdint>
#include <cstdlib>
#include <random>

namespace cairn::testing {

/// The seed of this run: CAIRN_TEST_SEED, or a fixed default so that a plain run is reproducible.
inline std::uint64_t seed_of_run() {
  const char* text = std::getenv("CAIRN_TEST_SEED");
  return text ? std::strtoull(text, nullptr, 10) : 20260501;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_{seed} {}
  double between(double low, double high) { return std::uniform_real_distribution<double>{low, high}(engine_); }
  std::int64_t whole(std::int64_t low, std::int64_t high) { return std::uniform_int_distribution<std::int64_t>{low, high}(engine_); }
  LatLon place() { return *LatLon::from_degrees(between(-85, 85), between(-180, 180)); }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace cairn::testing
