#include "services/gateway/extent.hpp"

#include "services/gateway/links.hpp"
#include "services/store/sequences.hpp"

namespace cairn::gateway {

nlohmann::json extent_json(Context& context) {
  const auto extent = store::data_extent(context.catalogue);
  const auto box = extent ? extent->bounds : GeoBounds{-180, -90, 180, 90};
  const nlohmann::json from = extent ? nlohmann::json(stac_time(extent->first_taken_at)) : nlohmann::json(nullptr);
  const nlohmann::json to = extent ? nlohmann::json(stac_time(extent->last_taken_at)) : nlohmann::json(nullptr);
  return {{"spatial", {{"bbox", nlohmann::json::array({nlohmann::json::array({box.west_deg, box.south_deg, box.east_deg, box.north_deg})})}}},
          {"temporal", {{"interval", nlohmann::json::array({nlohmann::json::array({from, to})})}}}};
}

}  // namespace cairn::gateway
