#pragma once

#include "vision/inspect.hpp"

#include <filesystem>
#include <memory>

namespace cairn::worker {

/// Builds the inspector: the net that configs/models.yaml describes first, then OpenCV's face cascade. Throws when a model is
/// missing or is not the one whose digest is written there; a worker without its models publishes nothing (law 2).
std::unique_ptr<vision::Inspector> load_inspector(const std::filesystem::path& models_yaml);

}  // namespace cairn::worker
