#pragma once

#include <nlohmann/json_fwd.hpp>

namespace cairn::gateway {

/// The schemas that operations name, in JSON Schema 2020-12; each body has an example that works.
const nlohmann::json& api_schemas();

}  // namespace cairn::gateway
