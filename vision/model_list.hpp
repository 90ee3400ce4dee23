#pragma once
// configs/models.yaml -> the models that a worker may load.

#include "vision/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::vision {

/// Reads the text of configs/models.yaml: a list `models` of entries with the keys name, path, sha256 and, if wanted,
/// precision (float32, the default, or bfloat16), classes (codes of core/observation.hpp in the order of the net's channels;
/// without them that file's order) and hide (scores within 0 and 1 by class: plate, head, person, vehicle). A relative path
/// starts at `folder`, that of the YAML file. Throws std::runtime_error with the line for a missing or unknown key, a digest
/// that is not one, a class or score that can't be, or a name given twice.
std::vector<ModelSpec> models_from_yaml(std::string_view yaml, const std::string& folder);

/// The entry of that name; "mapnet-s" without a version means the last of the list. Throws, naming those that there are.
const ModelSpec& model_named(const std::vector<ModelSpec>& models, std::string_view name);

}  // namespace cairn::vision
