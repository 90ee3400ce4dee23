#pragma once

#include "services/gateway/context.hpp"

#include <nlohmann/json.hpp>

namespace cairn::gateway {

/// Where and when everything that anyone may see was taken, as STAC and OGC APIs write an extent; the whole world while there is nothing.
nlohmann::json extent_json(Context& context);

}  // namespace cairn::gateway
