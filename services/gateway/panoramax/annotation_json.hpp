#pragma once

#include "services/store/annotations.hpp"
#include "services/store/tags.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace cairn::gateway {

nlohmann::json annotation_json(const store::Annotation& annotation, const std::vector<store::Tag>& tags);

}  // namespace cairn::gateway
