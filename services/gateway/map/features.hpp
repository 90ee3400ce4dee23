#pragma once
// Features for readers: one query, one shape, in whichever list it is asked for.

#include "services/gateway/context.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace cairn::gateway {

/// The page that the query asks for (bbox, datetime, class, limit, page) as a GeoJSON FeatureCollection. `list` is the address of
/// the list; `links` come before the page's own. 400 with a sentence when the query makes no sense.
Response features_answer(const Request& request, Context& context, const std::string& list, nlohmann::json links);

/// The feature that the path's {feature} names, with the pictures that show it; 404 when there is none.
Response feature_answer(const Request& request, Context& context, const std::string& list, const nlohmann::json& links);

}  // namespace cairn::gateway
