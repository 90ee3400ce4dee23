#pragma once
// Features to build tiles of.

#include "core/feature.hpp"
#include "core/tile_id.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace cairn::bench {

inline constexpr std::size_t kFeaturesPerTown = 3333;

/// Points in towns of some kilometres, the same on every run: a larger map covers more land, with towns like those of a smaller one.
inline std::vector<Feature> towns(std::size_t count) {
  std::mt19937_64 engine{1};
  std::uniform_real_distribution<double> share{0, 1};
  std::normal_distribution<double> around{0, 4000};
  const double side = std::sqrt(std::clamp(static_cast<double>(count) / 1e6, 1.0, 16.0));
  std::vector<LatLon> centres;
  for (std::size_t i = 0; i <= count / kFeaturesPerTown; ++i) {
    centres.push_back(*LatLon::from_degrees(60 - 24 * side * share(engine), -9 + 30 * side * share(engine)));
  }
  std::vector<Feature> features(count);
  for (auto& feature : features) {
    Uuid uuid;
    for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(engine());
    feature.id = FeatureId{uuid};
    feature.object = kObjectClasses[engine() % kObjectClasses.size()];
    feature.place = moved(centres[engine() % centres.size()], {around(engine), around(engine)});
    feature.accuracy_m = 5 * share(engine);
    feature.existence = share(engine);
    feature.first_seen = time_from_micros(1'700'000'000'000'000 + static_cast<std::int64_t>(3e13 * share(engine)));
    feature.last_seen = feature.first_seen + std::chrono::hours{24 * (engine() % 300)};
    feature.views = static_cast<int>(engine() % 40) + 1;
    feature.contributors = static_cast<int>(engine() % 5) + 1;
  }
  std::ranges::sort(features, {}, [](const Feature& feature) { return morton_of(feature.place); });
  return features;
}

}  // namespace cairn::bench
