#pragma once

#include "services/export/point_file.hpp"
#include "services/store/map.hpp"

#include <filesystem>
#include <functional>

namespace cairn::services {

struct FeatureExport {
  std::size_t features = 0;
  std::uint64_t bytes = 0;
};

/// Writes the features of one instant that `wanted` asks for (its limits and its beginning don't count) into a file, along the Morton
/// curve; `tell` hears how many are done. Throws as PointFile does.
FeatureExport export_features(store::Session&, store::FeaturePage wanted, const std::filesystem::path& target, const Terms&, const std::function<void(std::size_t)>& tell);

}  // namespace cairn::services
